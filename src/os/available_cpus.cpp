// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/available_cpus.hpp"

#include <algorithm>
#include <sched.h>

namespace pysup::os {

unsigned available_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) {
    return 1;
  }
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

} // namespace pysup::os
