// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/py3compile_options.hpp"

#include "cli/exit_status.hpp"
#include "cli/option_words.hpp"

#include <array>
#include <fmt/format.h>
#include <iostream>

namespace pysup::cli {

namespace {

constexpr int py3compile_version_code = 256;

constexpr std::array py3compile_forms{
    OptionForm{py3compile_version_code, "version", false},
    OptionForm{'h', "help", false},
    OptionForm{'v', "verbose", false},
    OptionForm{'q', "quiet", false},
    OptionForm{'f', "force", false},
    OptionForm{'O', nullptr, false},
    OptionForm{'p', "package", true},
    OptionForm{'V', nullptr, true},
    OptionForm{'X', "exclude", true},
};

constexpr const char* py3compile_usage =
    "Usage: py3compile [-V [X.Y][-][A.B]] DIR_OR_FILE [-X REGEXPR]\n"
    "       py3compile -p PACKAGE\n";

constexpr const char* py3compile_help = R"(
Options:
  --version             show program's version number and exit
  -h, --help            show this help message and exit
  -v, --verbose         tell what is done
  -q, --quiet           tell problems only (the default)
  -f, --force           compile even if bytecode is fresh
  -O                    compile without assert statements (level 1)
  -p PACKAGE, --package=PACKAGE
                        compile the modules of this Debian package: those in
                        public directories, or else those below DIR_OR_FILE
  -V VERSION_RANGE      compile for these versions: '3.13' (3.13 only), '3.11-'
                        (3.11 or newer), '3.11-3.13' (3.11 or 3.12), '-4.0'
  -X REGEXPR, --exclude=REGEXPR
                        pass over files below DIR_OR_FILE that match; may be
                        given several times

In a maintainer script the work is left to python-support's trigger; see
python-support-py3compile(7).
)";

/// What no single option can tell, and the status that it makes.
tl::expected<void, int> look_at_whole(const call::Call& call) {
  if (!call.excludes.empty() && call.places.empty()) {
    return tl::unexpected(
        refuse_py3compile_usage("--exclude option works with private directories only, please use "
                                "/usr/share/python3/bcep to specify public modules to skip"));
  }
  return {};
}

tl::expected<void, int> take_py3compile_option(const GivenOption& option,
                                               Py3compileOptions& options) {
  switch (option.code) {
  case py3compile_version_code:
    std::cout << "py3compile (python-support) " PYSUP_VERSION "\n";
    return tl::unexpected(exit_done);
  case 'h':
    std::cout << py3compile_usage << py3compile_help;
    return tl::unexpected(exit_done);
  case 'v':
  case 'q':
    options.verbose = option.code == 'v';
    return {};
  case 'f':
    options.call.force = true;
    return {};
  case 'O':
    options.call.optimize = true;
    return {};
  case 'p': // all architectures of a package have the same modules in the same places
    options.call.package = option.value.substr(0, option.value.find(':'));
    return {};
  case 'X':
    options.call.excludes.push_back(option.value);
    return {};
  default:
    break;
  }
  const auto versions = reference::parse_version_range(option.value);
  if (!versions) {
    return tl::unexpected(
        refuse_py3compile_usage(fmt::format("version range is invalid: {}", option.value)));
  }
  options.call.versions = *versions;
  return {};
}

} // namespace

int refuse_py3compile_usage(std::string_view message) {
  return refuse_usage(py3compile_usage, "py3compile", message);
}

int show_py3compile_usage() {
  std::cout << py3compile_usage << '\n';
  return exit_failures;
}

tl::expected<Py3compileOptions, int> parse_py3compile_options(int argc, const char* const* argv) {
  auto words = split_options(argc, argv, py3compile_forms);
  if (!words) {
    return tl::unexpected(refuse_py3compile_usage(words.error()));
  }
  Py3compileOptions options;
  for (const GivenOption& option : words->options) {
    if (const auto taken = take_py3compile_option(option, options); !taken) {
      return tl::unexpected(taken.error());
    }
  }
  options.call.places = std::move(words->arguments);
  if (const auto whole = look_at_whole(options.call); !whole) {
    return tl::unexpected(whole.error());
  }
  return options;
}

} // namespace pysup::cli
