// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace pysup::cli {

/// The command line of py3clean, as it was given.
struct Py3cleanOptions {
  std::string package;             ///< "PKG" or "PKG:ARCHITECTURE"; "" where not given
  std::optional<Version> version;  ///< -V; not given: the bytecode of all versions
  std::vector<std::string> places; ///< files and directories
  bool verbose = false;
};

/// Reads the command line as Debian's py3clean does. Prints help, the version, or what is wrong
/// with it, and then gives the status to exit with.
tl::expected<Py3cleanOptions, int> parse_py3clean_options(int argc, const char* const* argv);

} // namespace pysup::cli
