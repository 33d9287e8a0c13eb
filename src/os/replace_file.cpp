// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/replace_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pysup::os {

namespace {

/// Calls MAKE, which gives -1 with EEXIST where a crash left the temporary name behind; then
/// removes that and calls once more.
template <typename Make>
int make_temporary(int dir, Make make) {
  const int made = make();
  if (made != -1 || errno != EEXIST) {
    return made;
  }
  remove_temporary(dir);
  return make();
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool set_time(int fd, std::optional<std::int64_t> mtime) {
  if (!mtime) {
    return true;
  }
  const timespec when{static_cast<time_t>(*mtime), 0};
  const timespec times[] = {when, when};
  return ::futimens(fd, times) == 0;
}

tl::unexpected<Error> give_up(int dir, const std::string& name,
                              const char* temporary = temporary_name) {
  auto error = fail_errno(name); // before the cleanup changes errno
  ::unlinkat(dir, temporary, 0);
  return error;
}

/// A temporary name of this writer's own.
std::string own_temporary_name() {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) {
    random = static_cast<std::uint64_t>(::getpid()); // early at boot; O_EXCL sees to the rest
  }
  return fmt::format("{}.{:016x}", temporary_name, random);
}

/// Calls MAKE with names of our own until it does not say that there is such a file. Gives the name
/// and what MAKE gave last.
template <typename Make>
std::pair<std::string, int> make_own_temporary(Make make) {
  constexpr int most_tries = 100; // without random numbers all names are one
  for (int tries = 1;; ++tries) {
    std::string name = own_temporary_name();
    const int made = make(name.c_str());
    if (made != -1 || errno != EEXIST || tries == most_tries) {
      return {std::move(name), made};
    }
  }
}

} // namespace

void remove_temporary(int dir) {
  ::unlinkat(dir, temporary_name, 0);
}

Result<FileInfo> replace_file_unlocked(int dir, const std::string& name, std::string_view bytes,
                                       unsigned mode, Sync sync) {
  const auto [temporary, made] = make_own_temporary([dir, mode](const char* temporary_file) {
    return ::openat(dir, temporary_file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    mode);
  });
  const Fd fd(made);
  if (!fd) {
    return fail_errno(name);
  }
  struct stat st {};
  if (!write_all(fd.get(), bytes) || (sync == Sync::yes && ::fdatasync(fd.get()) != 0) ||
      ::fstat(fd.get(), &st) != 0 || ::renameat(dir, temporary.c_str(), dir, name.c_str()) != 0) {
    return give_up(dir, name, temporary.c_str());
  }
  return to_file_info(st);
}

Result<void> replace_by_hard_link(int dir, const std::string& existing, const std::string& name) {
  const auto [temporary, made] = make_own_temporary([dir, &existing](const char* temporary_link) {
    return ::linkat(dir, existing.c_str(), dir, temporary_link, 0);
  });
  if (made != 0) {
    return fail_errno(name);
  }
  if (::renameat(dir, temporary.c_str(), dir, name.c_str()) != 0) {
    return give_up(dir, name, temporary.c_str());
  }
  ::unlinkat(dir, temporary.c_str(), 0); // still there if both are one file: rename(2) did nothing
  return {};
}

Result<FileInfo> replace_file(int dir, const std::string& name, std::string_view bytes,
                              unsigned mode, std::optional<std::int64_t> mtime) {
  const Fd fd(make_temporary(dir, [dir] {
    return ::openat(dir, temporary_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    0600);
  }));
  if (!fd) {
    return fail_errno(name);
  }
  struct stat st {};
  if (!write_all(fd.get(), bytes) || ::fchmod(fd.get(), mode) != 0 || !set_time(fd.get(), mtime) ||
      ::fstat(fd.get(), &st) != 0 || ::renameat(dir, temporary_name, dir, name.c_str()) != 0) {
    return give_up(dir, name);
  }
  return to_file_info(st);
}

Result<FileInfo> replace_link(int dir, const std::string& name, const std::string& target) {
  if (make_temporary(
          dir, [dir, &target] { return ::symlinkat(target.c_str(), dir, temporary_name); }) != 0) {
    return fail_errno(name);
  }
  struct stat st {};
  if (::fstatat(dir, temporary_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
      ::renameat(dir, temporary_name, dir, name.c_str()) != 0) {
    return give_up(dir, name);
  }
  return to_file_info(st);
}

} // namespace pysup::os
