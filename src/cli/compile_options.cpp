// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/compile_options.hpp"

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "pass/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

namespace pysup::cli {

namespace {

constexpr const char* compile_description =
    "Byte-compiles Python sources as py_compile and compileall do, for any installed pythonX.Y\n"
    "and on several workers at once.";

/// In the order of their numbers, from -1 on.
constexpr std::array<std::string_view, 4> level_texts = {"-1", "0", "1", "2"};

/// One level of --optimize or a comma list of them.
void read_levels(const std::vector<std::string>& texts, std::set<int>& levels) {
  levels.clear();
  for (const std::string& text : texts) {
    const auto* const known = std::find(level_texts.begin(), level_texts.end(), text);
    if (known == level_texts.end()) {
      throw CLI::ValidationError("--optimize", "-1, 0, 1, 2 or a comma list of them");
    }
    levels.insert(static_cast<int>(known - level_texts.begin()) - 1);
  }
}

void add_what(CLI::App& app, CompileOptions& options) {
  app.add_option("file", options.arguments,
                 "sources, or directories of them; \"-\" alone: a list on standard input")
      ->required();
  app.add_option("-r,--depth", options.depth, "how deep to go into directories (default: no limit)")
      ->type_name("N");
  app.add_option_function<std::string>(
         "-x,--exclude",
         [&options](const std::string& text) {
           auto pattern = reference::Pattern::compile(text, reference::Pattern::Where::anywhere);
           if (!pattern) {
             throw CLI::ValidationError("--exclude", pattern.error().message);
           }
           options.exclude = std::move(*pattern);
         },
         "pass over files in whose path this expression of Python's re is found")
      ->type_name("REGEX");
  app.add_flag("-f,--force", options.force,
               "compile what is found in directories even if its bytecode is fresh");
}

void add_result(CLI::App& app, CompileOptions& options) {
  app.add_option("--cfile", options.cfile, "where the bytecode goes (one source)")
      ->type_name("PATH");
  app.add_option("--dfile", options.dfile, "the recorded name (one source)")->type_name("NAME");
  app.add_option("-s,--strip", options.strip, "strip this directory from recorded names")
      ->type_name("DIR");
  app.add_option("-p,--prepend", options.prepend, "put this directory before recorded names")
      ->type_name("DIR");
  app.add_option_function<std::vector<std::string>>(
         "--optimize",
         [&options](const std::vector<std::string>& texts) { read_levels(texts, options.levels); },
         "optimization levels: -1 (the interpreter's own, the default), 0, 1, 2")
      ->type_name("LEVELS")
      ->delimiter(',')
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_mode_option(app, options.mode);
  app.add_flag("--hardlink-dupes", options.hardlink_dupes,
               "levels with equal bytecode share one file");
}

void add_how(CLI::App& app, CompileOptions& options) {
  app.add_option_function<std::string>(
         "--python",
         [&options](const std::string& text) {
           options.python = parse_version(text);
           if (!options.python) {
             throw CLI::ValidationError("--python", "a version such as 3.13");
           }
         },
         "the interpreter to compile for (default: the default version)")
      ->type_name("X.Y");
  app.add_option("-j,--jobs", options.jobs, "worker processes (default: CPUs it may use)")
      ->check(CLI::Range(1U, pass::most_jobs));
  app.add_flag("-q,--quiet", options.quiet, "no messages about sources");
  app.add_flag("--print-path", options.print_path, "print the path of each file written");
}

/// What no single option can tell.
const char* contradiction(const CompileOptions& options) {
  const bool one_source = options.arguments.size() == 1 && options.arguments.front() != "-";
  if (options.cfile && (!one_source || options.levels.size() > 1)) {
    return "--cfile takes one source and one level";
  }
  if (options.dfile && !one_source) {
    return "--dfile takes one source";
  }
  if (options.dfile && (options.strip || options.prepend)) {
    return "--dfile cannot go with --strip or --prepend";
  }
  if (options.hardlink_dupes && options.levels.size() < 2) {
    return "--hardlink-dupes makes sense for more than one level only";
  }
  return nullptr;
}

} // namespace

tl::expected<CompileOptions, int> parse_compile_options(int argc, const char* const* argv) {
  CompileOptions options;
  CLI::App app(compile_description, "pysupport-compile");
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", "pysupport-compile " PYSUP_VERSION);
  add_what(app, options);
  add_result(app, options);
  add_how(app, options);
  if (const auto read = read_command_line(app, argc, argv); !read) {
    return tl::unexpected(read.error());
  }
  if (options.dfile && options.dfile->empty()) { // as py_compile has it
    options.dfile.reset();
  }
  if (const char* const wrong = contradiction(options)) {
    std::cerr << "pysupport-compile: " << wrong << '\n';
    return tl::unexpected(exit_usage);
  }
  return options;
}

} // namespace pysup::cli
