// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/subprocess.hpp"

#include <cstdint>
#include <vector>

namespace pysup::os {

/// Where the child has the pipe on which it tells its parent how far it came.
constexpr int child_report_fd = 3;
/// The child puts descriptors in the places 0 to child_report_fd, so none of ours may lie there
/// before.
constexpr int first_free_fd = child_report_fd + 1;

/// What the child writes to its parent: once before it executes the program, and once more should
/// that fail. Smaller than PIPE_BUF, so it arrives whole.
struct ChildReport {
  StartError::Step failed = StartError::Step::exec;
  int code = 0; ///< errno of the failed step; 0: about to execute
  std::uint32_t prepared = 0;
};

/// All that the child needs, made before the fork.
struct ChildPlan {
  const Command& command;
  int input; ///< the child's ends of the pipes, none below first_free_fd
  int output;
  int errors;
  int report;
  std::vector<char*> arguments; ///< as execve(2) takes them
  std::vector<char*> environment;
};

/// What the child does between fork(2) and execve(2).
[[noreturn]] void run_child(const ChildPlan& plan);

} // namespace pysup::os
