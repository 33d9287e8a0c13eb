// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/standard_streams.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace pysup::os {

namespace {

/// A descriptor from which nothing can be read: a bare root may lack /dev, but not "/", and reading
/// a directory is an error (EISDIR).
int open_nothing() {
  const int null = ::open("/dev/null", O_RDWR);
  return null >= 0 ? null : ::open("/", O_RDONLY | O_DIRECTORY);
}

} // namespace

void guard_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
      open_nothing(); // takes the lowest number, which is this one
    }
  }
}

void drop_standard_input() {
  const int nothing = open_nothing();
  if (nothing > STDERR_FILENO) {
    ::dup2(nothing, STDIN_FILENO);
    ::close(nothing);
  }
}

} // namespace pysup::os
