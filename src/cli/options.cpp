// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.hpp"

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"
#include "pass/config.hpp"

#include <CLI/CLI.hpp>

namespace pysup::cli {

namespace {

constexpr const char* description =
    "Makes the Python modules that packages ask for importable and byte-compiled, for every\n"
    "installed pythonX.Y, and removes what nobody asks for any more.";

void add_pass_options(CLI::App& app, Options& options) {
  app.add_option("reference", options.references,
                 "references in /usr/share/python-support, by name or absolute path");
  app.add_flag("-v,--verbose", options.verbose, "show every action as it is done");
  app.add_flag("-q,--quiet", options.quiet, "show errors only");
  auto* bytecompile =
      app.add_flag("-b,--bytecompile", options.bytecompile, "accept private references only");
  app.add_flag("-i,--install", options.install, "accept public references only")
      ->excludes(bytecompile);
  auto* clean =
      app.add_flag("-c,--clean", options.clean, "remove what the given references had installed");
  auto* clean_all = app.add_flag("--clean-all", options.clean_all,
                                 "remove everything that was ever made, for all versions")
                        ->excludes(clean);
  app.add_flag("-a,--rebuild-all", options.rebuild_all, "rebuild all private modules");
  app.add_flag("-f,--force-rebuild-all", options.force_rebuild_all,
               "clean public and private modules, and rebuild all")
      ->excludes(clean)
      ->excludes(clean_all);
  app.add_flag("-p,--post-install", options.post_install,
               "the full pass for everything that changed: what the dpkg trigger runs")
      ->excludes(clean)
      ->excludes(clean_all);
  app.add_flag("-n,--dry-run", options.dry_run, "print the plan, change nothing");
  app.add_flag("--now", options.now,
               "in a maintainer script: compile too, instead of leaving it to the trigger");
}

void add_settings(CLI::App& app, Options& options) {
  app.add_option("-j,--jobs", options.jobs, "worker processes (default: CPUs it may use)")
      ->check(CLI::Range(1U, pass::most_jobs));
  app.add_option("--root", options.root, "act on another root (default: DPKG_ROOT, else /)")
      ->type_name("DIR");
  app.add_option_function<std::string>(
         "--optimize",
         [&options](const std::string& text) {
           auto levels = pass::parse_levels(text);
           if (!levels) {
             throw CLI::ValidationError("--optimize", levels.error().message);
           }
           options.levels = std::move(*levels);
         },
         "optimization levels to compile for: a comma list of 0, 1, 2")
      ->type_name("LEVELS");
  add_mode_option(app, options.mode);
}

void add_questions(CLI::App& app, Options& options) {
  auto* status = app.add_flag("--status", options.status, "a table of interpreters and modules");
  auto* explain = app.add_option("--explain", options.explain, "why this module is or is not there")
                      ->type_name("PATH")
                      ->excludes(status);
  auto* check =
      app.add_flag("--check", options.check, "verify every file made, and standard libraries")
          ->excludes(status)
          ->excludes(explain);
  app.add_flag("--repair", options.repair, "with --check: make again what is damaged")
      ->needs(check);
  app.add_flag("--json", options.json, "machine-readable output");
}

tl::unexpected<int> usage(const std::string& message) {
  std::cerr << "update-python-modules: " << message << '\n';
  return tl::unexpected(exit_usage);
}

} // namespace

tl::expected<Options, int> parse_options(int argc, const char* const* argv) {
  Options options;
  CLI::App app(description, "update-python-modules");
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", "update-python-modules " PYSUP_VERSION);
  add_pass_options(app, options);
  add_settings(app, options);
  add_questions(app, options);
  if (const auto read = read_command_line(app, argc, argv); !read) {
    return tl::unexpected(read.error());
  }
  const bool asks = options.status || options.check || options.explain;
  if (options.clean && options.references.empty()) {
    return usage("--clean needs the references to be cleaned");
  }
  if (options.clean_all && (asks || !options.references.empty())) {
    return usage("--clean-all takes no references, and asks nothing");
  }
  if (asks && !options.references.empty()) {
    return usage("--status, --explain and --check take no references");
  }
  return options;
}

} // namespace pysup::cli
