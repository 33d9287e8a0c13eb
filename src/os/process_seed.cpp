// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/process_seed.hpp"

#include <cstring>
#include <sys/auxv.h>

namespace pysup::os {

std::uint64_t process_seed() {
  // The auxiliary vector holds addresses as numbers.
  const auto* const random =
      reinterpret_cast<const void*>(::getauxval(AT_RANDOM)); // NOLINT(performance-no-int-to-ptr)
  std::uint64_t seed = 0;
  if (random != nullptr) {
    std::memcpy(&seed, random, sizeof seed);
  }
  return seed;
}

} // namespace pysup::os
