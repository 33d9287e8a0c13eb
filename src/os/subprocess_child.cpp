// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/subprocess_child.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

// Nothing here but async-signal-safe calls: the parent may have had threads, and one of them may
// have held the allocator's lock.
namespace pysup::os {

namespace {

using Step = StartError::Step;

[[noreturn]] void give_up(int fd, Step step, std::uint32_t prepared) {
  const ChildReport report{step, errno, prepared};
  static_cast<void>(::write(fd, &report, sizeof report) == 0);
  ::_exit(127);
}

/// Handlers are not inherited by a program, but ignored signals and the mask are.
void forget_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    ::sigaction(signal, &action, nullptr);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool place_descriptors(const ChildPlan& plan) {
  return ::dup2(plan.input, STDIN_FILENO) >= 0 && ::dup2(plan.output, STDOUT_FILENO) >= 0 &&
         ::dup2(plan.errors, STDERR_FILENO) >= 0 &&
         ::dup3(plan.report, child_report_fd, O_CLOEXEC) >= 0;
}

/// Closes what our parents left open, dpkg's status pipe for instance. Ours are closed by exec.
/// Kernels before 5.9 and emulators have no close_range(2); there we look at as many as programs
/// really use, for the limit may be a billion.
void close_foreign_descriptors() {
  if (::close_range(first_free_fd, ~0U, 0) == 0) {
    return;
  }
  constexpr rlim_t enough = 4096;
  struct rlimit limit {};
  const bool known = ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
  const int end = static_cast<int>(known ? std::min(limit.rlim_cur, enough) : enough);
  for (int fd = first_free_fd; fd < end; ++fd) {
    ::close(fd);
  }
}

} // namespace

void run_child(const ChildPlan& plan) {
  const Command& command = plan.command;
  forget_signals();
  ::setsid();
  if (!place_descriptors(plan)) {
    give_up(plan.report, Step::descriptors, 0);
  }
  close_foreign_descriptors();
  if (command.root != "/" && ::chroot(command.root.c_str()) != 0) {
    give_up(child_report_fd, Step::chroot, 0);
  }
  if (::chdir("/") != 0) {
    give_up(child_report_fd, Step::chdir, 0);
  }
  const std::uint32_t prepared = command.prepare != nullptr ? command.prepare(command.context) : 0;
  const ChildReport ready{Step::exec, 0, prepared};
  static_cast<void>(::write(child_report_fd, &ready, sizeof ready) == 0);
  ::execve(command.executable.c_str(), plan.arguments.data(), plan.environment.data());
  give_up(child_report_fd, Step::exec, prepared);
}

} // namespace pysup::os
