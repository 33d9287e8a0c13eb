// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

/// The command lines of programs that stand in for Python programs: what optparse accepts. CLI11
/// would take the value in "-V -4.0" for an option.
namespace pysup::cli {

struct OptionForm {
  int code = 0;               ///< its letter; above 255: it has none
  const char* name = nullptr; ///< of the long form, without dashes; may be missing
  bool takes_value = false;
};

struct GivenOption {
  int code = 0;
  std::string value{};
};

struct OptionWords {
  std::vector<GivenOption> options;   ///< in their order
  std::vector<std::string> arguments; ///< all that is no option, before, between and behind them
};

/// Parts a command line. Letters may stand together ("-fO"), values be joined ("-V3.13",
/// "--package=foo") or follow, whatever they begin with; long names may be cut short where one is
/// meant; all behind "--" are arguments. Errors: in the words of optparse.
tl::expected<OptionWords, std::string> split_options(int argc, const char* const* argv,
                                                     std::span<const OptionForm> forms);

/// Tells on standard error what is wrong with the command line, as optparse does. Gives the status
/// to exit with.
int refuse_usage(std::string_view usage, std::string_view program, std::string_view message);

} // namespace pysup::cli
