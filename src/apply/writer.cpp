// SPDX-License-Identifier: GPL-2.0-or-later
#include "apply/writer.hpp"

#include "os/replace_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::apply {

namespace {

/// Errors of calls that know only a name tell the whole path.
template <typename T>
Result<T> named(Result<T> result, const std::string& path) {
  if (!result) {
    result.error() = system_error(path, result.error().code);
  }
  return result;
}

/// An ordinary module's bytecode is far smaller; this bounds what a linked file may cost.
constexpr std::uint64_t most_copied = 1ULL << 30;

} // namespace

bool is_out_of_room(const Error& error) {
  return error.code == ENOSPC || error.code == EDQUOT || error.code == EROFS;
}

Result<os::FileInfo> Writer::link(const std::string& path, const std::string& target) {
  const auto dir = directories_.make(os::parent_of(path));
  if (!dir) {
    return tl::unexpected(dir.error());
  }
  directories_.forget(path);
  return named(os::replace_link(*dir, std::string(os::name_of(path)), target), path);
}

Result<os::FileInfo> Writer::file(const std::string& path, std::string_view bytes, unsigned mode,
                                  std::optional<std::int64_t> mtime) {
  const auto dir = directories_.make(os::parent_of(path));
  if (!dir) {
    return tl::unexpected(dir.error());
  }
  return named(os::replace_file(*dir, std::string(os::name_of(path)), bytes, mode, mtime), path);
}

Result<os::FileInfo> Writer::replace_head(const std::string& path, std::string_view head) {
  const auto dir = directories_.at(os::parent_of(path));
  if (!dir) {
    return tl::unexpected(dir.error());
  }
  const std::string name(os::name_of(path));
  const os::Fd fd(
      ::openat(*dir, name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat st {};
  if (!fd || ::fstat(fd.get(), &st) != 0) {
    return fail_errno(path);
  }
  if (!S_ISREG(st.st_mode)) {
    return fail(path + ": not a regular file");
  }
  directories_.note_change(*dir);
  if (st.st_nlink > 1) {
    auto content = os::read_all(fd.get(), most_copied, path);
    if (!content) {
      return tl::unexpected(content.error());
    }
    content->bytes.replace(0, head.size(), head);
    return named(os::replace_file(*dir, name, content->bytes, st.st_mode & 0777), path);
  }
  const ssize_t put = ::pwrite(fd.get(), head.data(), head.size(), 0);
  if (put != static_cast<ssize_t>(head.size()) || ::fstat(fd.get(), &st) != 0) {
    return fail_errno(path);
  }
  return os::to_file_info(st);
}

Result<void> Writer::remove(const std::string& path, const std::string& keep) {
  auto removed = remove_file(path);
  if (removed) {
    prune(os::parent_of(path), keep);
  }
  return removed;
}

Result<void> Writer::remove_file(const std::string& path) {
  const auto dir = directories_.at(os::parent_of(path));
  const auto gone = [](int code) {
    return code == ENOENT || code == ENOTDIR;
  };
  if (!dir && !gone(dir.error().code)) {
    return tl::unexpected(dir.error());
  }
  if (dir) {
    if (::unlinkat(*dir, std::string(os::name_of(path)).c_str(), 0) != 0 && !gone(errno)) {
      return fail_errno(path);
    }
    directories_.note_change(*dir);
  }
  return {};
}

void Writer::clear_temporary(const std::string& path) {
  if (const auto dir = directories_.at(path)) {
    os::remove_temporary(*dir);
  }
}

} // namespace pysup::apply
