// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/digest.hpp"

#include <xxhash.h>

namespace pysup::state {

Digest digest_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

} // namespace pysup::state
