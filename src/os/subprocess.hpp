// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "os/fd.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <tl/expected.hpp>
#include <vector>

namespace pysup::os {

/// A program to start. Its standard descriptors are pipes, its working directory is "/", its
/// environment and its signals are what is said here and nothing inherited, and it is in a session
/// of its own, so that what a terminal sends to its foreground processes does not reach it.
struct Command {
  std::string executable;               ///< path inside `root`
  std::vector<std::string> arguments;   ///< the first is the name that the program sees
  std::vector<std::string> environment; ///< "NAME=value" each
  std::string root = "/";               ///< chroot(2) into this directory first, unless it is "/"

  /// Called in the child just before the program is executed, with `context`; what it gives back
  /// is handed to the parent (Subprocess::prepared()). The parent may have threads, so it must do
  /// nothing that is not async-signal-safe, allocation included.
  std::uint32_t (*prepare)(const void* context) = nullptr;
  const void* context = nullptr;
};

/// Why a program was not started.
struct StartError {
  enum class Step : std::uint8_t { pipes, fork, chroot, chdir, descriptors, exec };
  Step step = Step::pipes;
  Error error; ///< names the step and the program
};

/// A running program. It is killed and reaped when its owner goes.
class Subprocess {
 public:
  /// Starts COMMAND and waits until it is executed, so that a failure to execute it is known here.
  static tl::expected<Subprocess, StartError> start(const Command& command);

  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&& other) noexcept;
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;
  ~Subprocess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// What Command::prepare gave back in the child.
  [[nodiscard]] std::uint32_t prepared() const { return prepared_; }

  /// Our ends of the pipes: the program's standard input, output and error output.
  Fd input;
  Fd output;
  Fd errors;

  /// SIGKILL to the program and to what it started in its session.
  void kill() const;
  /// Waits until the program has ended. Gives the status as waitpid(2) does, -1 where nobody can
  /// tell because our parent made us ignore SIGCHLD.
  int wait();

 private:
  explicit Subprocess(pid_t pid) : pid_(pid) {}
  void end();

  pid_t pid_ = -1; ///< -1: reaped, or moved away
  int status_ = -1;
  std::uint32_t prepared_ = 0;
};

/// A wait status in words: "killed by SIGSEGV (Segmentation fault)", "exited with status 1".
std::string describe_wait_status(int status);

} // namespace pysup::os
