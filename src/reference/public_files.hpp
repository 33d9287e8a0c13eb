// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <cstdint>

namespace pysup::reference {

/// What a link that a package ships as a public file may lead to.
enum class LinksTo : std::uint8_t {
  files,             ///< a listed path stands for a file
  files_or_anything, ///< legacy trees: links to directories are linked as they are
};

/// Adds FILE to REFERENCE where it can be used: its source exists inside the root and is a file.
/// Bytecode (`.pyc`, `.pyo`) is left out without a word, because it is made here; a `.noinit` only
/// marks its directory. Anything else that cannot be used is a Problem of LINE.
void add_public_file(os::Stats& stats, const PublicFile& file, LinksTo links, std::size_t line,
                     Reference& reference, ProblemLog& problems);

/// Sorts what was added and removes doubles. Of two sources for one place the one that was added
/// first stays, the other is a Problem. Then reads the `.pth` files.
void settle_public_files(const os::Root& root, Reference& reference, ProblemLog& problems);

} // namespace pysup::reference
