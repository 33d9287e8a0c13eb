// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/subprocess.hpp"

#include "os/subprocess_child.hpp"

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace pysup::os {

namespace {

using Step = StartError::Step;

/// A pipe whose ends are closed in whatever program is executed.
struct Pipe {
  Fd read;
  Fd write;

  static std::optional<Pipe> make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return std::nullopt;
    }
    Pipe pipe{Fd(ends[0]), Fd(ends[1])};
    return lift(pipe.read) && lift(pipe.write) ? std::optional(std::move(pipe)) : std::nullopt;
  }

 private:
  /// Our own standard descriptors may be closed, and then a pipe gets their numbers.
  static bool lift(Fd& fd) {
    if (fd.get() < first_free_fd) {
      fd = Fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, first_free_fd));
    }
    return static_cast<bool>(fd);
  }
};

struct Pipes {
  Pipe input;
  Pipe output;
  Pipe errors;
  Pipe report;

  static std::optional<Pipes> make() {
    auto input = Pipe::make();
    auto output = Pipe::make();
    auto errors = Pipe::make();
    auto report = Pipe::make();
    if (!input || !output || !errors || !report) {
      return std::nullopt;
    }
    return Pipes{std::move(*input), std::move(*output), std::move(*errors), std::move(*report)};
  }
};

/// execve(2) takes pointers to texts that it does not change but are not const either.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    result.push_back(const_cast<char*>(text.c_str())); // NOLINT: see above
  }
  result.push_back(nullptr);
  return result;
}

std::string_view name(Step step) {
  switch (step) {
  case Step::pipes:
    return "pipe2";
  case Step::fork:
    return "fork";
  case Step::chroot:
    return "chroot";
  case Step::chdir:
    return "chdir";
  case Step::descriptors:
    return "dup2";
  case Step::exec:
    return "execve";
  }
  return "";
}

tl::unexpected<StartError> failed(const Command& command, Step step, int code) {
  const std::string where = command.root == "/" ? "" : fmt::format(" in {}", command.root);
  return tl::unexpected(StartError{
      step, system_error(fmt::format("{}{}: {}", command.executable, where, name(step)), code)});
}

/// fork(2) with all signals blocked, so that no handler of ours runs in the child.
pid_t fork_quietly() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid != 0) {
    const int code = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = code;
  }
  return pid;
}

/// The child's last word. A child that says nothing at all was killed before it came that far.
std::optional<ChildReport> read_report(int fd) {
  std::optional<ChildReport> last;
  for (;;) {
    ChildReport report;
    const ssize_t got = ::read(fd, &report, sizeof report);
    if (got == static_cast<ssize_t>(sizeof report)) {
      last = report;
    } else if (got >= 0 || errno != EINTR) {
      return last;
    }
  }
}

} // namespace

tl::expected<Subprocess, StartError> Subprocess::start(const Command& command) {
  assert(!command.arguments.empty());
  auto pipes = Pipes::make();
  if (!pipes) {
    return failed(command, Step::pipes, errno);
  }
  const ChildPlan plan{.command = command,
                       .input = pipes->input.read.get(),
                       .output = pipes->output.write.get(),
                       .errors = pipes->errors.write.get(),
                       .report = pipes->report.write.get(),
                       .arguments = pointers(command.arguments),
                       .environment = pointers(command.environment)};
  const pid_t pid = fork_quietly();
  if (pid < 0) {
    return failed(command, Step::fork, errno);
  }
  if (pid == 0) {
    run_child(plan);
  }
  Subprocess process(pid);
  pipes->report.write.reset();
  const auto report = read_report(pipes->report.read.get());
  if (!report) {
    const std::string how = describe_wait_status(process.wait());
    return tl::unexpected(StartError{
        Step::exec, Error{fmt::format("{}: {} before it was executed", command.executable, how)}});
  }
  if (report->code != 0) {
    process.wait();
    return failed(command, report->failed, report->code);
  }
  process.prepared_ = report->prepared;
  process.input = std::move(pipes->input.write);
  process.output = std::move(pipes->output.read);
  process.errors = std::move(pipes->errors.read);
  return process;
}

Subprocess::Subprocess(Subprocess&& other) noexcept
    : input(std::move(other.input)), output(std::move(other.output)),
      errors(std::move(other.errors)), pid_(std::exchange(other.pid_, -1)), status_(other.status_),
      prepared_(other.prepared_) {}

Subprocess& Subprocess::operator=(Subprocess&& other) noexcept {
  if (this != &other) {
    end();
    input = std::move(other.input);
    output = std::move(other.output);
    errors = std::move(other.errors);
    pid_ = std::exchange(other.pid_, -1);
    status_ = other.status_;
    prepared_ = other.prepared_;
  }
  return *this;
}

Subprocess::~Subprocess() {
  end();
}

void Subprocess::end() {
  if (pid_ > 0) {
    kill();
    wait();
  }
}

void Subprocess::kill() const {
  if (pid_ > 0) {
    // It leads a session since before it was executed; its group is its own even after it ended.
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
  }
}

int Subprocess::wait() {
  if (pid_ > 0) {
    int status = -1;
    pid_t got = -1;
    do {
      got = ::waitpid(pid_, &status, 0);
    } while (got < 0 && errno == EINTR);
    status_ = got == pid_ ? status : -1;
    pid_ = -1;
  }
  return status_;
}

std::string describe_wait_status(int status) {
  if (status == -1) {
    return "ended";
  }
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* const abbreviation = ::sigabbrev_np(signal);
    const char* const description = ::sigdescr_np(signal);
    if (abbreviation == nullptr || description == nullptr) {
      return fmt::format("killed by signal {}", signal);
    }
    return fmt::format("killed by SIG{} ({})", abbreviation, description);
  }
  return fmt::format("exited with status {}", WEXITSTATUS(status));
}

} // namespace pysup::os
