// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// The directories that the bytes of a `.pth` file name, in their order, as the file writes them:
/// relative ones stay relative. Blank lines, comments and what Python's site module would execute
/// (`import` and a blank) are dropped. So are lines with control bytes or other characters that
/// some version's site module takes for the end of a line: what is written into a `.pth` of our own
/// must never turn into a second line there.
std::vector<std::string> parse_pth(std::string_view bytes);

/// Reads the `.pth` files among REFERENCE's public files that stand at the top, where alone they
/// count, into its path_lines. The public files are sorted. One that cannot be read is a Problem.
void read_path_lines(const os::Root& root, Reference& reference, ProblemLog& problems);

} // namespace pysup::reference
