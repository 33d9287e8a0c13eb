// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

namespace pysup::reference {

/// Reads the legacy tree /usr/share/python-support/NAME into REFERENCE, whose name and kind are
/// set: every file and link below it is a public file; links to directories are linked as they are.
/// Extensions for X.Y lie in /usr/lib/python-support/NAME/pythonX.Y and
/// /usr/lib/python-support/pythonX.Y/NAME; where both have a file, the former counts. `.version` at
/// the top holds the SET; without it, a tree with extensions is for exactly their versions.
/// What cannot be used is a Problem. Errors: the tree cannot be listed, or its SET cannot be read.
Result<void> read_tree(os::Stats& stats, Reference& reference, ProblemLog& problems);

} // namespace pysup::reference
