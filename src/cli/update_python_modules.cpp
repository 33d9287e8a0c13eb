// SPDX-License-Identifier: GPL-2.0-or-later
//
// update-python-modules(8): turns a command line into a request for a pass, or into a question.
#include "cli/exit_status.hpp"
#include "cli/options.hpp"
#include "os/interruption.hpp"
#include "pass/check.hpp"
#include "pass/explain.hpp"
#include "pass/pass.hpp"
#include "pass/status.hpp"
#include "reference/store.hpp"
#include "report/json.hpp"
#include "report/log.hpp"
#include "report/message.hpp"
#include "report/progress.hpp"
#include "report/text.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::cli {

namespace {

/// This package's own maintainer scripts run the pass itself; it must not be left to later there.
constexpr std::string_view own_package = "python-support";

void say(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

class Command {
 public:
  explicit Command(Options options) : options_(std::move(options)) {
    const auto package = os::process_environment("DPKG_MAINTSCRIPT_PACKAGE");
    in_maintainer_script_ = package && *package != own_package;
    automatic_ = package.has_value();
  }

  int run() {
    const auto root = os::Root::open(root_directory());
    if (!root) {
      complain(root.error().message);
      return finish(exit_impossible);
    }
    auto request = make_request(*root);
    if (!request) {
      return finish(request.error());
    }
    if (options_.status) {
      return show_status(*root, *request);
    }
    if (options_.explain) {
      return show_explanation(*root, *request);
    }
    if (options_.check) {
      return show_check(*root, *request);
    }
    return show_pass(*root, *request);
  }

 private:
  std::string root_directory() const {
    return options_.root ? *options_.root : pass::root_directory(os::process_environment);
  }

  static void complain(std::string_view message) {
    report::warn_as("update-python-modules", message);
  }

  /// dpkg must never fail over what a module, a reference or a disk is like.
  [[nodiscard]] int finish(int status) const { return automatic_ ? exit_done : status; }

  tl::expected<pass::Request, int> make_request(const os::Root& root) {
    pass::Request request;
    std::vector<std::string> warnings;
    request.config = pass::load_config(root, os::process_environment, warnings);
    for (const std::string& warning : warnings) {
      complain(warning);
    }
    if (options_.jobs) {
      request.config.jobs = *options_.jobs;
    }
    if (options_.levels) {
      request.config.levels = options_.levels;
    }
    if (options_.mode) {
      request.config.mode = options_.mode;
    }
    request.new_mode = bytecode::default_mode(os::process_environment);
    request.clean = options_.clean || options_.clean_all;
    request.force_private = options_.rebuild_all;
    request.force_all = options_.force_rebuild_all;
    request.dry_run = options_.dry_run;
    request.in_maintainer_script = in_maintainer_script_ && !options_.now && !options_.post_install;
    request.automatic = automatic_ && !options_.now;
    request.who = fmt::format("update-python-modules, process {}", ::getpid());
    const bool question = options_.status || options_.check || options_.explain;
    request.deep = options_.check;
    if (options_.post_install || options_.force_rebuild_all || options_.clean_all || question) {
      request.scope = pass::Scope::everything;
    } else if (!options_.references.empty()) {
      request.scope = pass::Scope::named;
    }
    if (const int status = add_references(request); status != exit_done) {
      return tl::unexpected(status);
    }
    return request;
  }

  /// All arguments are looked at before anything is done. In a maintainer script a wrong one is
  /// named and passed over.
  int add_references(pass::Request& request) const {
    int status = exit_done;
    for (const std::string& argument : options_.references) {
      const auto name = reference::name_from_argument(argument);
      const std::string problem = name ? wrong_kind(*name) : name.error().message;
      if (problem.empty()) {
        request.references.insert(*name);
      } else {
        complain(automatic_ ? problem + "; passed over" : problem + "; nothing was done");
        status = automatic_ ? exit_done : exit_usage;
      }
    }
    return status;
  }

  [[nodiscard]] std::string wrong_kind(const std::string& name) const {
    const auto kind = reference::kind_of(name);
    const bool is_public = kind && reference::is_public(*kind);
    if (options_.bytecompile && is_public) {
      return name + ": --bytecompile takes private references only";
    }
    if (options_.install && !is_public) {
      return name + ": --install takes public references only";
    }
    return "";
  }

  int show_pass(const os::Root& root, const pass::Request& request) {
    report::Progress progress(options_.verbose && !options_.json,
                              !options_.quiet && !options_.json && ::isatty(STDERR_FILENO) == 1);
    const pass::Outcome outcome = pass::run(root, request, progress);
    progress.clear();
    if (!options_.dry_run) {
      log(root, request, outcome);
    }
    if (options_.json) {
      say(stdout, report::json(outcome));
    } else if (!options_.quiet) {
      print_lines(outcome);
    }
    std::fflush(stdout);
    say(stderr, report::problems(outcome, options_.quiet));
    if (outcome.fatal && !outcome.interrupted) {
      complain(outcome.fatal->message +
               "; the work was not done to its end, and what was there before is still there");
    }
    if (outcome.interrupted) {
      complain("interrupted; the next pass does the rest");
      os::die_of_interruption();
    }
    return finish(outcome.exit_status());
  }

  /// Whoever may not write the log was told already that the pass could not be run.
  void log(const os::Root& root, const pass::Request& request, const pass::Outcome& outcome) const {
    if (const auto logged = report::append_to_log(root, request.who, outcome);
        !logged && !outcome.fatal && !options_.quiet) {
      complain(logged.error().message);
    }
  }

  void print_lines(const pass::Outcome& outcome) const {
    if (options_.verbose) {
      for (const pass::ChangedReference& reference : outcome.changed) {
        say(stdout, report::line(reference) + '\n');
      }
    }
    for (const pass::PlannedAction& action : outcome.planned) {
      say(stdout, report::line(action) + '\n');
    }
    if (options_.dry_run || outcome.fatal) {
      return;
    }
    if (automatic_) { // forty packages in one transaction are not to print forty lines
      const std::string done = in_maintainer_script_ ? "" : report::summary(outcome);
      return say(stdout, done.empty() ? done : done + '\n');
    }
    for (const pass::VersionReport& version : outcome.versions) {
      say(stdout, report::line(version) + '\n');
    }
    if (outcome.versions.empty()) {
      say(stdout, "no interpreter is installed, so there is nothing to do\n");
    }
  }

  int show_status(const os::Root& root, const pass::Request& request) {
    const auto status = pass::read_status(root, request);
    if (!status) {
      complain(status.error().message);
      return finish(exit_impossible);
    }
    say(stdout, options_.json ? report::json(*status) : report::table(*status));
    if (!options_.json) {
      for (const std::string& warning : status->warnings) {
        complain(warning);
      }
    }
    return exit_done;
  }

  int show_explanation(const os::Root& root, const pass::Request& request) {
    const auto explanation = pass::explain(root, request, *options_.explain);
    if (!explanation) {
      complain(explanation.error().message);
      return finish(exit_impossible);
    }
    for (const std::string& line : explanation->lines) {
      say(stdout, report::printable(line, true) + '\n');
    }
    return finish(explanation->known ? exit_done : exit_failures);
  }

  int show_check(const os::Root& root, const pass::Request& request) {
    report::Progress progress(options_.verbose && !options_.json, false);
    const pass::CheckReport report = pass::check(root, request, options_.repair, progress);
    if (options_.json) {
      say(stdout, report::json(report));
    } else if (!options_.quiet || report.exit_status() != 0) {
      say(stdout, report::text(report));
    }
    if (report.fatal) {
      complain(report.fatal->message);
    }
    for (const std::string& warning : report.warnings) {
      complain(warning);
    }
    return finish(report.exit_status());
  }

  Options options_;
  bool in_maintainer_script_ = false; ///< another package's
  bool automatic_ = false;            ///< any maintainer script
};

} // namespace

} // namespace pysup::cli

int main(int argc, char** argv) {
  ::umask(022); // what is made here is for everybody to read, whoever calls
  const auto options = pysup::cli::parse_options(argc, argv);
  if (!options) {
    return options.error();
  }
  pysup::os::catch_interruptions();
  return pysup::cli::Command(*options).run();
}
