// SPDX-License-Identifier: GPL-2.0-or-later
//
// What dpkg runs at the end of a transaction, by way of python-support's postinst
// (deb-triggers(5)):
//
//     trigger triggered "NAME..."
//
// The names are those of the triggers that were activated, in no fixed order; dpkg does not tell
// which files changed, so the pass looks at everything. Whatever happens, the exit status is 0,
// because dpkg would leave this package, and what awaits it, half-configured.
#include "os/interruption.hpp"
#include "pass/pass.hpp"
#include "report/log.hpp"
#include "report/text.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::trigger {

namespace {

void complain(std::string_view message) {
  const std::string line = fmt::format("python-support: {}\n", report::printable(message, true));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

/// dpkg waits while another pass runs; who looks at it should know for what.
class Waiting : public pass::Observer {
 public:
  void waiting_for(const std::string& holder) override { complain("waiting for " + holder); }
};

/// Nothing is ever read from standard input: dpkg's may be a terminal, or somebody's script.
void close_input() {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing > STDIN_FILENO) {
    ::dup2(nothing, STDIN_FILENO);
    ::close(nothing);
  }
}

pass::Request make_request(const os::Root& root, const char* names) {
  pass::Request request;
  std::vector<std::string> warnings;
  request.scope = pass::Scope::everything;
  request.automatic = true;
  request.config = pass::load_config(root, pass::process_environment, warnings);
  request.new_mode = pass::default_mode(pass::process_environment);
  request.who = fmt::format("dpkg trigger, process {} ({})", ::getpid(), names);
  for (const std::string& warning : warnings) {
    complain(warning);
  }
  return request;
}

/// One line where something changed; dpkg has already said "Processing triggers for
/// python-support". Modules that failed before are in the log alone.
void tell(pass::Outcome outcome) {
  const std::string done = report::summary(outcome);
  if (!done.empty()) {
    fmt::print("{}\n", done);
    std::fflush(stdout);
  }
  if (outcome.fatal) {
    complain(outcome.fatal->message + "; the next pass does the rest");
  }
  if (outcome.interrupted) {
    complain("interrupted; the next pass does the rest");
  }
  std::erase_if(outcome.failures, [](const pass::Failure& failure) { return failure.before; });
  const std::string problems = report::problems(outcome, false);
  std::fwrite(problems.data(), 1, problems.size(), stderr);
}

void run(const char* names) {
  const auto root = os::Root::open(pass::root_directory(pass::process_environment));
  if (!root) {
    return complain(root.error().message);
  }
  const pass::Request request = make_request(*root, names);
  Waiting observer;
  pass::Outcome outcome = pass::run(*root, request, observer);
  if (const auto logged = report::append_to_log(*root, request.who, outcome); !logged) {
    complain(logged.error().message);
  }
  tell(std::move(outcome));
}

} // namespace

} // namespace pysup::trigger

int main(int argc, char** argv) {
  const std::string_view call = argc > 1 ? argv[1] : "";
  if (call != "triggered") {
    std::fputs("usage: trigger triggered NAMES\n"
               "python-support's postinst calls this for dpkg. By hand, activate the trigger:\n"
               "dpkg-trigger --no-await python-support && dpkg --triggers-only --pending\n",
               stderr);
    return 2;
  }
  ::umask(022);
  pysup::trigger::close_input();
  pysup::os::catch_interruptions();
  pysup::trigger::run(argc > 2 ? argv[2] : "");
  return 0;
}
