// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <string_view>

namespace pysup::reference {

/// Reads BYTES of a `.private` file into REFERENCE, whose name and kind are set: files and
/// directories, all for the version that `pyversion` pins, if any. What cannot be used is a
/// Problem. Errors: the pinned version cannot be read.
Result<void> read_private(os::Stats& stats, std::string_view bytes, Reference& reference,
                          ProblemLog& problems);

} // namespace pysup::reference
