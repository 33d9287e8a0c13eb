// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"

#include <string_view>
#include <tl/expected.hpp>

namespace pysup::cli {

/// The command line of py3compile.
struct Py3compileOptions {
  call::Call call; ///< nobody's so far (`caller` is empty), and with places as they were given
  bool verbose = false;

  /// Whether there is anything to compile.
  [[nodiscard]] bool asks_for_something() const {
    return !call.package.empty() || !call.places.empty();
  }
};

/// Reads the command line as Debian's py3compile does. Prints help, the version, or what is wrong
/// with it, and then gives the status to exit with. Expressions are not looked at.
tl::expected<Py3compileOptions, int> parse_py3compile_options(int argc, const char* const* argv);

/// Shows how py3compile is called to who gave neither package nor place; gives the status to exit
/// with.
int show_py3compile_usage();

/// Tells on standard error what is wrong with the command line; gives the status to exit with.
int refuse_py3compile_usage(std::string_view message);

} // namespace pysup::cli
