// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/unattended.hpp"

#include "pass/pass.hpp"
#include "report/log.hpp"
#include "report/message.hpp"
#include "report/text.hpp"

#include <cstdio>
#include <fmt/format.h>

namespace pysup::report {

namespace {

/// dpkg waits while another pass runs; who looks at it should know for what.
class Waiting : public pass::Observer {
 public:
  void waiting_for(const std::string& holder) override { complain("waiting for " + holder); }
};

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

} // namespace

void complain(std::string_view message) {
  warn_as("python-support", message);
}

pass::Request unattended_request(const os::Root& root, std::string who) {
  pass::Request request;
  std::vector<std::string> warnings;
  request.automatic = true;
  request.config = pass::load_config(root, os::process_environment, warnings);
  request.new_mode = bytecode::default_mode(os::process_environment);
  request.who = std::move(who);
  for (const std::string& warning : warnings) {
    complain(warning);
  }
  return request;
}

bool run_unattended(const os::Root& root, const pass::Request& request, const Telling& telling) {
  Waiting observer;
  pass::Outcome outcome = pass::run(root, request, observer);
  const std::string done = summary(outcome);
  const bool ended = !outcome.fatal && !outcome.interrupted;
  if (telling.log_idle || !done.empty() || !ended) {
    if (const auto logged = append_to_log(root, request.who, outcome); !logged) {
      complain(logged.error().message);
    }
  }
  if (!done.empty() && !telling.silent) {
    print(stdout, fmt::format("{}{}\n", telling.before_summary, done));
  }
  if (outcome.fatal && !outcome.interrupted) {
    complain(outcome.fatal->message + "; the next pass does the rest");
  }
  if (outcome.interrupted) {
    complain("interrupted; the next pass does the rest");
  }
  std::erase_if(outcome.failures, [](const pass::Failure& failure) { return failure.before; });
  print(stderr, problems(outcome, false));
  return ended;
}

} // namespace pysup::report
