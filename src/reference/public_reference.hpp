// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <string_view>

namespace pysup::reference {

/// Reads BYTES of a `.public` file into REFERENCE, whose name and kind are set.
/// `/usr/share/pyshared/REL` is REL for every version of the SET,
/// `/usr/lib/pyshared/pythonX.Y/REL` is REL for X.Y; a path elsewhere, or one that is no file
/// there, is a Problem. Errors: the SET cannot be read, so it is not known for whom the files are.
Result<void> read_public(os::Stats& stats, std::string_view bytes, Reference& reference,
                         ProblemLog& problems);

} // namespace pysup::reference
