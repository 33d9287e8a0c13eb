// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <functional>
#include <string>

namespace pysup::os {

/// The one lock that keeps two passes from running at once. Held until the object goes, and gone
/// with the process however it ends.
class Lock {
 public:
  /// Takes the lock file NAME in directory DIR of ROOT (made where missing). While another process
  /// holds it, calls WAITING once with that process's own words about itself
  /// ("update-python-modules, process 123") and waits. ME is what the next one will be told of us.
  /// Errors: the file cannot be made or locked; EINTR when a signal ended the wait.
  static Result<Lock> take(const Root& root, const std::string& dir, const std::string& name,
                           const std::string& me,
                           const std::function<void(const std::string&)>& waiting);

 private:
  explicit Lock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

} // namespace pysup::os
