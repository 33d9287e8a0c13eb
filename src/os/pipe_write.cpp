// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/pipe_write.hpp"

#include <cassert>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

namespace pysup::os {

ssize_t write_to_pipe(int fd, std::span<const struct iovec> pieces) {
  assert(pieces.size() <= IOV_MAX);
  // MSG_NOSIGNAL is for sockets only. With the signal blocked a failed write leaves it pending in
  // this thread, from where it is taken; one that was pending before is not ours to take.
  sigset_t pipe_signal;
  sigset_t before;
  sigset_t pending;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const ssize_t written = ::writev(fd, pieces.data(), static_cast<int>(pieces.size()));
  const int code = errno;
  if (written < 0 && code == EPIPE && ::sigismember(&pending, SIGPIPE) == 0) {
    constexpr struct timespec at_once {};
    while (::sigtimedwait(&pipe_signal, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = code;
  return written;
}

} // namespace pysup::os
