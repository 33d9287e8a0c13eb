// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/lock.hpp"

#include "os/directories.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace pysup::os {

namespace {

/// What the holder wrote about itself; a terminal may show it, so only printable characters count.
std::string holder(int fd) {
  char text[256];
  const ssize_t length = ::pread(fd, text, sizeof text, 0);
  std::string words(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  std::erase_if(words, [](char c) { return c < ' ' || c > '~'; });
  return words.empty() ? "another process" : words;
}

} // namespace

Result<Lock> Lock::take(const Root& root, const std::string& dir, const std::string& name,
                        const std::string& me,
                        const std::function<void(const std::string&)>& waiting) {
  const std::string path = dir + '/' + name;
  Directories directories(root);
  const auto parent = directories.make(dir);
  if (!parent) {
    return tl::unexpected(parent.error());
  }
  Fd fd(::openat(*parent, name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) {
    return fail_errno(path);
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return fail_errno(path);
    }
    waiting(holder(fd.get()));
    if (::flock(fd.get(), LOCK_EX) != 0) { // a signal ends the wait: the caller was told to stop
      return fail_errno(path);
    }
  }
  // Only for the one who waits to read, so a full disk does not matter here.
  if (::ftruncate(fd.get(), 0) == 0) {
    static_cast<void>(::pwrite(fd.get(), me.data(), me.size(), 0) == 0);
  }
  return Lock(std::move(fd));
}

} // namespace pysup::os
