// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/confinement.hpp"

#include <cstdint>
#include <linux/filter.h>
#include <sys/types.h>
#include <vector>

namespace pysup::bytecode {

/// What a worker's process does to itself before it executes the interpreter, so that a parser
/// with a hole gives a hostile source nothing: it becomes an unprivileged user, gives up new
/// privileges, and limits the files, system calls and resources within its reach. A layer that the
/// system lacks is left out and reported so; the others hold without it.
class Confiner {
 public:
  /// To be made before the fork, in the process that will be the worker's parent.
  Confiner();

  /// From now on workers keep their parent's user: nobody cannot enter a root directory of mode
  /// 0700.
  void keep_user() { change_user_ = false; }
  [[nodiscard]] bool changes_user() const { return change_user_; }

  /// From now on workers may start threads and processes, as far as seccomp lets them.
  void allow_processes() { limit_processes_ = false; }

  /// Confines the calling process and gives back what held. Async-signal-safe.
  [[nodiscard]] std::uint32_t confine() const;
  /// The layers that confine() spoke of.
  static Confinement held(std::uint32_t result);

 private:
  std::vector<sock_filter> filter_;
  pid_t parent_;
  bool change_user_;
  bool limit_processes_ = true;
};

} // namespace pysup::bytecode
