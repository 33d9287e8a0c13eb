// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "interpreter/version.hpp"
#include "reference/pattern.hpp"

#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace pysup::cli {

/// The command line of pysupport-compile, as it was given.
struct CompileOptions {
  std::vector<std::string> arguments; ///< files and directories, or "-" alone
  std::optional<Version> python;
  std::optional<std::string> cfile;
  std::optional<std::string> dfile;
  std::set<int> levels = {-1}; ///< at least one
  std::optional<bytecode::InvalidationMode> mode;
  bool quiet = false;
  unsigned jobs = 0; ///< 0: as many as CPUs
  bool print_path = false;
  std::optional<unsigned> depth; ///< of directories; not set: no limit
  std::optional<reference::Pattern> exclude;
  std::optional<std::string> strip;
  std::optional<std::string> prepend;
  bool hardlink_dupes = false;
  bool force = false;
};

/// Reads the command line. Prints help, the version, or what is wrong with it, and then gives the
/// status to exit with.
tl::expected<CompileOptions, int> parse_compile_options(int argc, const char* const* argv);

} // namespace pysup::cli
