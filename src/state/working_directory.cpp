// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/working_directory.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace pysup::state {

Result<WorkingDirectory> WorkingDirectory::enter(int dir, const std::string& name) {
  // O_PATH: whoever may be in a directory need not have the right to read it.
  os::Fd before(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (::fchdir(dir) != 0) {
    return fail_errno(name);
  }
  return WorkingDirectory(std::move(before));
}

WorkingDirectory::WorkingDirectory(WorkingDirectory&& other) noexcept
    : before_(std::move(other.before_)), entered_(std::exchange(other.entered_, false)) {}

WorkingDirectory::~WorkingDirectory() {
  if (entered_ && (!before_ || ::fchdir(before_.get()) != 0)) {
    static_cast<void>(::chdir("/") == 0); // cannot fail: whoever has a root may enter it
  }
}

} // namespace pysup::state
