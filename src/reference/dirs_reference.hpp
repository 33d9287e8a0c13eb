// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <string_view>

namespace pysup::reference {

/// Reads BYTES of a `.dirs` file into REFERENCE, whose name and kind are set: directories of
/// private modules. A `.pyversion` file in a listed directory pins the version of what lies below
/// it; of listed directories that lie in each other the innermost decides. What cannot be used is a
/// Problem, and so is a directory whose `.pyversion` cannot be read: nobody knows for whom it is.
void read_dirs(os::Stats& stats, std::string_view bytes, Reference& reference,
               ProblemLog& problems);

} // namespace pysup::reference
