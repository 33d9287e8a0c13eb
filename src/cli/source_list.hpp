// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "reference/pattern.hpp"

#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace pysup::cli {

/// Something to compile, or a directory that could not be listed.
struct Source {
  std::string path;
  bool named = false; ///< given by name, and not found in a directory
  int list_error = 0; ///< errno; not 0: PATH is a directory whose files are not known
};

struct SourceSelection {
  std::optional<unsigned> depth; ///< of directories to go into below one given; not set: no limit
  const reference::Pattern* exclude = nullptr; ///< paths in which it is found are left out
};

/// What ARGUMENTS stand for, in their order. A directory stands for the files named *.py below it,
/// sorted as compileall has it; links to files count, links to directories and __pycache__ do not.
/// All else, missing files included, stands for itself.
std::vector<Source> list_sources(const std::vector<std::string>& arguments,
                                 const SourceSelection& selection);

/// The lines of INPUT.
std::vector<std::string> read_lines(std::istream& input);

/// The name to record for SOURCE, as compileall's -s and -p have it: without the directory STRIP at
/// its begin, then joined to PREPEND. Errors: STRIP is not at its begin.
Result<std::string> recorded_name(const std::string& source,
                                  const std::optional<std::string>& strip,
                                  const std::optional<std::string>& prepend);

} // namespace pysup::cli
