// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/caller_path.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::os {

namespace {

tl::unexpected<Error> bad_path(const std::string& path, int code) {
  return tl::unexpected(system_error(path, code));
}

/// Makes the directory PATH; 0 or an errno. Something there already is no error.
int make_one(const std::string& path) {
  return ::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST ? 0 : errno;
}

} // namespace

Result<FileContent> read_caller_path(const std::string& path, std::uint64_t limit) {
  if (path.find('\0') != std::string::npos) {
    return bad_path(path, EINVAL);
  }
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  struct stat st {};
  if (!fd || ::fstat(fd.get(), &st) != 0) {
    return fail_errno(path);
  }
  if (S_ISREG(st.st_mode)) {
    return read_all(fd.get(), limit, path);
  }
  FileContent content{"", to_file_info(st)};
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0) {
      return fail_errno(path); // EINTR as well: somebody wants us to stop, and it may never end
    }
    if (got == 0) {
      return content;
    }
    content.bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.bytes.size() > limit) {
      return bad_path(path, EFBIG);
    }
  }
}

Result<std::string> read_caller_head(const std::string& path, std::size_t size) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  std::string bytes(size, '\0');
  const ssize_t got = fd ? ::pread(fd.get(), bytes.data(), size, 0) : -1;
  if (got < 0) {
    return fail_errno(path);
  }
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

Result<FileInfo> caller_path_info(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) {
    return fail_errno(path);
  }
  return to_file_info(st);
}

bool same_content(const std::string& path, const std::string& other) {
  const auto info = caller_path_info(path);
  const auto other_info = caller_path_info(other);
  if (!info || !other_info || info->type != FileType::regular ||
      other_info->type != FileType::regular || info->size != other_info->size) {
    return false;
  }
  const auto bytes = read_caller_path(path, info->size);
  const auto other_bytes = read_caller_path(other, info->size);
  return bytes && other_bytes && bytes->bytes == other_bytes->bytes;
}

std::string_view caller_parent(std::string_view path) {
  const std::string_view head = path.substr(0, path.rfind('/') + 1);
  const std::size_t last = head.find_last_not_of('/');
  return last == std::string_view::npos ? head : head.substr(0, last + 1);
}

tl::expected<void, PathError> make_caller_directories(const std::string& path) {
  const std::string parent(caller_parent(path));
  int code = make_one(path);
  if ((code == ENOENT || code == ENOTDIR) && !parent.empty() && parent != path) {
    if (auto made = make_caller_directories(parent); !made) {
      return made;
    }
    code = make_one(path);
  }
  if (code != 0) {
    return tl::unexpected(PathError{path, code});
  }
  return {};
}

Result<Fd> open_caller_parent(const std::string& path) {
  const std::string parent(caller_parent(path));
  // A directory that may be written but not listed is enough.
  Fd fd(::open(parent.empty() ? "." : parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(path);
  }
  return fd;
}

} // namespace pysup::os
