// SPDX-License-Identifier: GPL-2.0-or-later
//
// py3compile: what packages of today's Debian call in their postinst. In a maintainer script it
// leaves a note of what it was asked for and activates the trigger of python-support, whose pass
// does the work of all packages at once. Where nobody would hear the trigger, and in other hands,
// it does the work itself.
//
// Other packages' scripts call this while anything may be half-installed, so there it always exits
// with 0: a module without bytecode is a module all the same.
#include "cli/exit_status.hpp"
#include "cli/maintainer_script.hpp"
#include "cli/package_sources.hpp"
#include "cli/places_compilation.hpp"
#include "cli/py3compile_options.hpp"
#include "cli/trigger_activation.hpp"
#include "interpreter/discover.hpp"
#include "os/interruption.hpp"
#include "os/standard_streams.hpp"
#include "pass/pass.hpp"
#include "report/log.hpp"
#include "report/message.hpp"
#include "report/progress.hpp"
#include "report/text.hpp"
#include "report/unattended.hpp"
#include "state/notes.hpp"

#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::cli {

namespace {

/// Debian's status where -V means no version that is installed.
constexpr int exit_no_interpreter = 3;

void tell_of_call(std::string_view message) {
  report::warn_as("py3compile", message);
}

std::string this_call() {
  return fmt::format("py3compile, process {}", ::getpid());
}

/// Sees to it that a later pass does what CALL asks for. Whether it will; if not, a message has
/// said why, but where the trigger is not there at all.
bool leave_to_trigger(const os::Root& root, const call::Call& call) {
  if (!has_interest_in_trigger(dpkg_directory(root, os::process_environment))) {
    return false;
  }
  if (const auto noted = state::write_note(root, call::encode(call)); !noted) {
    tell_of_call(noted.error().message + "; compiling at once");
    return false;
  }
  if (const auto activated = activate_trigger(); !activated) {
    tell_of_call(activated.error().message + "; compiling at once");
    return false;
  }
  return true;
}

/// In a maintainer script.
void serve_maintainer_script(call::Call call) {
  ::umask(022);
  const auto root = os::Root::open(pass::root_directory(os::process_environment));
  if (!root) {
    return tell_of_call(root.error().message);
  }
  const std::string directory = working_directory();
  for (std::string& place : call.places) {
    place = place_in_root(*root, os::process_environment, directory, place);
  }
  if (leave_to_trigger(*root, call)) {
    return;
  }
  os::drop_standard_input();
  os::catch_interruptions();
  auto request = report::unattended_request(*root, this_call());
  request.scope = pass::Scope::named;
  request.calls.push_back(std::move(call));
  report::run_unattended(*root, request, {.silent = true});
}

/// The interpreters that CALL is for.
std::vector<Version> requested_versions(const os::Root& root, const call::Call& call) {
  std::vector<Version> versions;
  const auto candidates = interpreter::candidates(root);
  if (!candidates) {
    tell_of_call(candidates.error().message);
    return versions;
  }
  for (const interpreter::Candidate& candidate : *candidates) {
    if (candidate.version.major == 3 && call.versions.contains(candidate.version)) {
      versions.push_back(candidate.version);
    }
  }
  return versions;
}

pass::Request make_request(const os::Root& root, call::Call call) {
  pass::Request request;
  std::vector<std::string> warnings;
  request.scope = pass::Scope::named;
  request.calls.push_back(std::move(call));
  request.config = pass::load_config(root, os::process_environment, warnings);
  request.new_mode = bytecode::default_mode(os::process_environment);
  request.who = this_call();
  for (const std::string& warning : warnings) {
    tell_of_call(warning);
  }
  return request;
}

/// Compiles a package's modules by a pass.
int compile_package(const os::Root& root, const Py3compileOptions& options) {
  ::umask(022); // a pass makes what everybody is to read
  call::Call call = options.call;
  const auto listed = package_sources(dpkg_directory(root, os::process_environment), call.package);
  if (!listed) {
    tell_of_call(listed.error().message);
    return exit_failures;
  }
  const std::string directory = working_directory();
  for (std::string& place : call.places) {
    place = place_in_root(root, os::process_environment, directory, place);
    if (!root.info(place)) {
      tell_of_call("No such file or directory: " + place);
    }
  }
  const pass::Request request = make_request(root, std::move(call));
  report::Progress progress(options.verbose, false);
  const pass::Outcome outcome = pass::run(root, request, progress);
  if (const auto logged = report::append_to_log(root, request.who, outcome);
      !logged && !outcome.fatal) {
    tell_of_call(logged.error().message);
  }
  const std::string problems = report::problems(outcome, false);
  std::fwrite(problems.data(), 1, problems.size(), stderr);
  if (outcome.fatal && !outcome.interrupted) {
    tell_of_call(outcome.fatal->message + "; not everything was compiled");
  }
  return outcome.exit_status() == exit_done ? exit_done : exit_failures;
}

int serve_person(const Py3compileOptions& options) {
  auto excludes = call::Excludes::compile(options.call);
  if (!excludes) {
    return refuse_py3compile_usage(excludes.error().message);
  }
  const bool is_package = !options.call.package.empty();
  const auto root =
      os::Root::open(is_package ? pass::root_directory(os::process_environment) : "/");
  if (!root) {
    tell_of_call(root.error().message);
    return exit_failures;
  }
  const std::vector<Version> versions = requested_versions(*root, options.call);
  if (versions.empty()) {
    tell_of_call("Requested versions are not installed");
    return exit_no_interpreter;
  }
  if (!options.asks_for_something()) {
    return show_py3compile_usage();
  }
  os::catch_interruptions();
  int status = exit_done;
  if (is_package) {
    status = compile_package(*root, options);
  } else if (!compile_places(options.call, std::move(*excludes), versions, options.verbose)) {
    status = exit_failures;
  }
  if (*os::interruption() != 0) {
    tell_of_call("interrupted; what was not compiled is as it was");
    os::die_of_interruption();
  }
  return status;
}

} // namespace

} // namespace pysup::cli

int main(int argc, char** argv) {
  namespace cli = pysup::cli;
  pysup::os::guard_standard_streams();
  const std::string caller = cli::calling_package(pysup::os::process_environment);
  auto options = cli::parse_py3compile_options(argc, argv);
  if (options && pysup::os::process_environment("PYCOMPILE_DEBUG") == "1") { // as Debian's has it
    options->verbose = true;
  }
  if (caller.empty()) {
    return options ? cli::serve_person(*options) : options.error();
  }
  if (options && !options->asks_for_something()) {
    static_cast<void>(cli::show_py3compile_usage());
  } else if (options) {
    options->call.caller = caller;
    cli::serve_maintainer_script(std::move(options->call));
  }
  return cli::exit_done;
}
