// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/confinement.hpp"
#include "bytecode/confiner.hpp"
#include "os/subprocess.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysup::bytecode {

/// An interpreter as a worker: the same program, nothing of the caller's surroundings.
struct WorkerCommand {
  std::string executable;   ///< path inside `root`
  std::string root = "/";   ///< directory to chroot(2) into
  std::string_view program; ///< Python source, passed by -c
  int optimize = 0;         ///< -O for 1, -OO for 2: needed by 2.7 only, 0 elsewhere
  /// An interpreter that ended before it said a word is started once more without what may have
  /// been in its way: the standard library's own bytecode, which may be damaged, and the limit of
  /// one thread, which qemu's user mode does not live with.
  bool second_try = false;
};

std::vector<std::string> worker_arguments(const WorkerCommand& command);

struct StartedWorker {
  os::Subprocess process;
  Confinement held;
};

/// Starts COMMAND confined by CONFINER. Where the unprivileged user may not execute it, it is
/// started as our own user, and CONFINER keeps to that. Our ends of the pipes do not block.
tl::expected<StartedWorker, os::StartError> start_worker(const WorkerCommand& command,
                                                         Confiner& confiner);

} // namespace pysup::bytecode
