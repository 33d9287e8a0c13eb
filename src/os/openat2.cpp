// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/openat2.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace pysup::os {

namespace {

std::atomic<bool> missing{false};

/// EPERM is how container runtimes that do not know the call answer; no resolve flag gives it.
bool says_missing(int code) {
  return code == ENOSYS || code == EPERM;
}

std::optional<Fd> call(int root, const char* relative, int flags, unsigned resolve) {
  if (missing) {
    return std::nullopt;
  }
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.resolve = resolve | RESOLVE_NO_MAGICLINKS;
  for (;;) {
    Fd fd(static_cast<int>(::syscall(SYS_openat2, root, relative, &how, sizeof how)));
    if (fd) {
      return fd;
    }
    if (errno == EAGAIN || errno == EINTR) { // a rename raced with the look-up of ".."
      continue;
    }
    if (says_missing(errno)) {
      missing = true;
      return std::nullopt;
    }
    return Fd();
  }
}

} // namespace

std::optional<Fd> openat2_in_root(int root, const char* relative, int flags) {
  return call(root, relative, flags, RESOLVE_IN_ROOT);
}

std::optional<Fd> openat2_without_links(int root, const char* relative, int flags) {
  return call(root, relative, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

void disable_openat2_for_tests(bool disabled) {
  missing = disabled;
}

} // namespace pysup::os
