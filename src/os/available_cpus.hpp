// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::os {

/// CPUs that this process may use, at least 1 (sched_getaffinity(2) knows of taskset and cpusets).
unsigned available_cpus();

} // namespace pysup::os
