// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "os/fd.hpp"

namespace pysup::state {

/// Makes a directory the working directory for as long as the object lives, then goes back (to "/"
/// where the one before cannot be opened or entered any more). For libraries that know files by
/// path only. The working directory is the process's: no other thread may use relative paths.
class WorkingDirectory {
 public:
  /// Enters the open directory DIR, called NAME in an error.
  static Result<WorkingDirectory> enter(int dir, const std::string& name);

  WorkingDirectory(WorkingDirectory&& other) noexcept;
  WorkingDirectory& operator=(WorkingDirectory&&) = delete;
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory();

 private:
  explicit WorkingDirectory(os::Fd before) : before_(std::move(before)) {}
  os::Fd before_; ///< invalid where it could not be opened
  bool entered_ = true;
};

} // namespace pysup::state
