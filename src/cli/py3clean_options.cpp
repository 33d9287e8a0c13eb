// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/py3clean_options.hpp"

#include "cli/exit_status.hpp"
#include "cli/option_words.hpp"

#include <array>
#include <fmt/format.h>
#include <iostream>

namespace pysup::cli {

namespace {

constexpr int py3clean_version_code = 256;

constexpr std::array py3clean_forms{
    OptionForm{py3clean_version_code, "version", false},
    OptionForm{'h', "help", false},
    OptionForm{'v', "verbose", false},
    OptionForm{'q', "quiet", false},
    OptionForm{'p', "package", true},
    OptionForm{'V', nullptr, true},
};

constexpr const char* py3clean_usage = "Usage: py3clean [-V VERSION] [-p PACKAGE] [DIR_OR_FILE]\n";

constexpr const char* py3clean_help = R"(
Options:
  --version             show program's version number and exit
  -h, --help            show this help message and exit
  -v, --verbose         tell what is removed
  -q, --quiet           tell problems only (the default)
  -p PACKAGE, --package=PACKAGE
                        remove the bytecode of this Debian package's modules
  -V VERSION            remove the bytecode of this version only
)";

/// X.Y of X.Y.Z too. "-3.1" is how maintainer scripts asked for what 3.1 had left.
std::optional<Version> version_to_clean(std::string_view text) {
  if (text == "-3.1") {
    return Version{3, 1};
  }
  const std::size_t dot = text.find('.');
  const std::size_t end = dot == text.npos ? dot : text.find('.', dot + 1);
  return parse_version(text.substr(0, end));
}

tl::expected<void, int> take_py3clean_option(const GivenOption& option, Py3cleanOptions& options) {
  switch (option.code) {
  case py3clean_version_code:
    std::cout << "py3clean (python-support) " PYSUP_VERSION "\n";
    return tl::unexpected(exit_done);
  case 'h':
    std::cout << py3clean_usage << py3clean_help;
    return tl::unexpected(exit_done);
  case 'v':
  case 'q':
    options.verbose = option.code == 'v';
    return {};
  case 'p':
    options.package = option.value;
    return {};
  default:
    break;
  }
  options.version = version_to_clean(option.value);
  if (!options.version && !option.value.empty()) {
    return tl::unexpected(refuse_usage(py3clean_usage, "py3clean",
                                       fmt::format("version is invalid: {}", option.value)));
  }
  return {};
}

} // namespace

tl::expected<Py3cleanOptions, int> parse_py3clean_options(int argc, const char* const* argv) {
  auto words = split_options(argc, argv, py3clean_forms);
  if (!words) {
    return tl::unexpected(refuse_usage(py3clean_usage, "py3clean", words.error()));
  }
  Py3cleanOptions options;
  for (const GivenOption& option : words->options) {
    if (const auto taken = take_py3clean_option(option, options); !taken) {
      return tl::unexpected(taken.error());
    }
  }
  options.places = std::move(words->arguments);
  if (options.package.empty() && options.places.empty()) {
    std::cout << py3clean_usage << '\n';
    return tl::unexpected(exit_failures);
  }
  return options;
}

} // namespace pysup::cli
