// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_start.hpp"

#include <cerrno>
#include <fcntl.h>

namespace pysup::bytecode {

namespace {

/// A path below which nothing is (Debian policy 9.2.3 keeps /nonexistent missing).
constexpr const char* no_bytecode = "pycache_prefix=/nonexistent/python-support";

std::uint32_t confine(const void* confiner) {
  return static_cast<const Confiner*>(confiner)->confine();
}

void do_not_block(const os::Fd& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

/// Whether the change of uid may be what kept the program from being executed: a directory that
/// only root may enter, or a limit of processes that nobody's others have reached.
bool may_be_for_the_user(const os::StartError& error) {
  return error.step == os::StartError::Step::exec &&
         (error.error.code == EACCES || error.error.code == EPERM || error.error.code == EAGAIN);
}

} // namespace

std::vector<std::string> worker_arguments(const WorkerCommand& command) {
  // Not -I or -E: they ignore PYTHONHASHSEED too, and 2.7 has no -I.
  std::vector<std::string> arguments{command.executable, "-s", "-S", "-B", "-W", "ignore"};
  if (command.optimize > 0) {
    arguments.emplace_back(command.optimize == 1 ? "-O" : "-OO");
  }
  if (command.second_try) { // 3.8 and later; earlier ones know no such option and pass it over
    arguments.insert(arguments.end(), {"-X", no_bytecode});
  }
  arguments.insert(arguments.end(), {"-c", std::string(command.program)});
  return arguments;
}

tl::expected<StartedWorker, os::StartError> start_worker(const WorkerCommand& command,
                                                         Confiner& confiner) {
  os::Command line;
  line.executable = command.executable;
  line.arguments = worker_arguments(command);
  line.environment = {"PYTHONHASHSEED=0"};
  line.root = command.root;
  line.prepare = confine;
  Confiner for_this = confiner;
  if (command.second_try) {
    for_this.allow_processes();
  }
  line.context = &for_this;
  auto process = os::Subprocess::start(line);
  if (!process && confiner.changes_user() && may_be_for_the_user(process.error())) {
    for_this.keep_user();
    process = os::Subprocess::start(line);
    if (process) {
      confiner.keep_user();
    }
  }
  if (!process) {
    return tl::unexpected(std::move(process.error()));
  }
  do_not_block(process->input);
  do_not_block(process->output);
  do_not_block(process->errors);
  const Confinement held = Confiner::held(process->prepared());
  return StartedWorker{std::move(*process), held};
}

} // namespace pysup::bytecode
