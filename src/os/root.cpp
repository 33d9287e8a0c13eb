// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/root.hpp"

#include "os/openat2.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <utility>

namespace pysup::os {

namespace {

/// As many links as Linux follows in one path lookup (path_resolution(7)).
constexpr int max_links = 40;

/// Splits PATH into components and puts them in front of what is still to be walked. PENDING is
/// kept in reverse, so that the next component is its last.
void push_components(std::vector<std::string>& pending, std::string_view path) {
  std::size_t end = path.size();
  while (end > 0) {
    const std::size_t slash = path.rfind('/', end - 1);
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    if (begin < end) {
      pending.emplace_back(path.substr(begin, end - begin));
    }
    end = begin == 0 ? 0 : begin - 1;
  }
}

/// The text of link NAME in DIR; an errno where it is no link or cannot be read.
tl::expected<std::string, int> link_text(int dir, const char* name) {
  std::string text(PATH_MAX, '\0');
  const ssize_t length = ::readlinkat(dir, name, text.data(), text.size());
  if (length < 0) {
    return tl::unexpected(errno);
  }
  text.resize(static_cast<std::size_t>(length));
  return text;
}

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};

tl::unexpected<Error> failed(std::string_view path, int code) {
  return tl::unexpected<Error>(system_error(std::string(path), code));
}

FileType type_of(mode_t mode) {
  switch (mode & S_IFMT) {
  case S_IFREG:
    return FileType::regular;
  case S_IFDIR:
    return FileType::directory;
  case S_IFLNK:
    return FileType::symlink;
  default:
    return FileType::other;
  }
}

FileType type_of(const dirent& entry, int dir) {
  struct stat st {};
  switch (entry.d_type) {
  case DT_REG:
    return FileType::regular;
  case DT_DIR:
    return FileType::directory;
  case DT_LNK:
    return FileType::symlink;
  case DT_UNKNOWN: // some file systems do not say
    return ::fstatat(dir, entry.d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? type_of(st.st_mode)
                                                                       : FileType::other;
  default:
    return FileType::other;
  }
}

} // namespace

FileInfo to_file_info(const struct stat& st) {
  FileInfo info;
  info.type = type_of(st.st_mode);
  info.mode = st.st_mode & 07777;
  info.size = static_cast<std::uint64_t>(st.st_size);
  info.mtime_sec = st.st_mtim.tv_sec;
  info.mtime_nsec = static_cast<std::uint32_t>(st.st_mtim.tv_nsec);
  info.device = st.st_dev;
  info.inode = st.st_ino;
  info.links = st.st_nlink;
  return info;
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

Result<Root> Root::open(const std::string& dir) {
  Fd fd(::open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(dir);
  }
  const std::unique_ptr<char, Free> real(::realpath(dir.c_str(), nullptr));
  if (!real) {
    return fail_errno(dir);
  }
  return Root(real.get(), std::move(fd));
}

std::string Root::host_path(std::string_view path) const {
  return is_host() ? std::string(path) : dir_ + std::string(path);
}

/// Where a path leads: a directory inside the root, without links, and a name in it.
struct Root::Place {
  Fd parent;
  std::string parent_path; ///< "" for the root itself
  std::string name;        ///< "." when the path is the directory itself
};

Result<Root::Place> Root::walk(std::string_view path, bool follow_last) const {
  std::vector<std::string> pending;
  push_components(pending, path);
  std::vector<std::pair<Fd, std::string>> stack; // directories below the root, with their names
  const auto top = [&] {
    return stack.empty() ? fd_.get() : stack.back().first.get();
  };
  std::string last = ".";
  int links = 0;
  while (!pending.empty()) {
    std::string name = std::move(pending.back());
    pending.pop_back();
    if (name == ".") {
      continue;
    }
    if (name == "..") {
      if (!stack.empty()) { // the root's parent is the root
        stack.pop_back();
      }
      continue;
    }
    const bool is_last = pending.empty();
    if (!is_last || follow_last) {
      if (auto text = link_text(top(), name.c_str())) {
        if (++links > max_links) {
          return failed(path, ELOOP);
        }
        if (text->starts_with('/')) {
          stack.clear();
        }
        push_components(pending, *text);
        continue;
      } else if (text.error() != EINVAL && !(text.error() == ENOENT && is_last)) {
        return failed(path, text.error());
      }
    }
    if (is_last) {
      last = std::move(name);
      break;
    }
    Fd next(::openat(top(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) {
      return fail_errno(std::string(path));
    }
    stack.emplace_back(std::move(next), std::move(name));
  }
  Place place;
  for (const auto& [fd, name] : stack) {
    place.parent_path += '/' + name;
  }
  place.parent =
      stack.empty() ? Fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)) : std::move(stack.back().first);
  if (!place.parent) {
    return fail_errno(std::string(path));
  }
  place.name = std::move(last);
  return place;
}

Result<Fd> Root::open_at(std::string_view path, int flags, bool follow_last) const {
  const std::string text(path.substr(std::min(path.find_first_not_of('/'), path.size())));
  flags |= O_CLOEXEC | (follow_last ? 0 : O_NOFOLLOW);
  const char* const relative = text.empty() ? "." : text.c_str();
  if (auto fd = openat2_in_root(fd_.get(), relative, flags)) {
    if (*fd) {
      return std::move(*fd);
    }
    return fail_errno(std::string(path));
  }
  auto place = walk(path, follow_last);
  if (!place) {
    return tl::unexpected(std::move(place.error()));
  }
  // walk() has followed every link, so one that is here now was put here meanwhile. It is only
  // ever opened as itself (O_PATH), never followed.
  Fd fd(::openat(place->parent.get(), place->name.c_str(), flags | O_NOFOLLOW));
  if (!fd) {
    return fail_errno(std::string(path));
  }
  return fd;
}

Result<FileInfo> Root::info(std::string_view path) const {
  struct stat st {};
  if (is_host()) { // nothing leads out of "/", so the plain call does
    if (::stat(std::string(path).c_str(), &st) != 0) {
      return fail_errno(std::string(path));
    }
    return to_file_info(st);
  }
  auto fd = open_at(path, O_PATH, true);
  if (!fd) {
    return tl::unexpected(std::move(fd.error()));
  }
  if (::fstat(fd->get(), &st) != 0) {
    return fail_errno(std::string(path));
  }
  return to_file_info(st);
}

Result<FileInfo> Root::link_info(std::string_view path) const {
  struct stat st {};
  if (is_host()) {
    if (::lstat(std::string(path).c_str(), &st) != 0) {
      return fail_errno(std::string(path));
    }
    return to_file_info(st);
  }
  auto fd = open_at(path, O_PATH, false);
  if (!fd) {
    return tl::unexpected(std::move(fd.error()));
  }
  if (::fstat(fd->get(), &st) != 0) {
    return fail_errno(std::string(path));
  }
  return to_file_info(st);
}

Result<std::string> Root::read_link(std::string_view path) const {
  auto place = walk(path, false);
  if (!place) {
    return tl::unexpected(std::move(place.error()));
  }
  auto text = link_text(place->parent.get(), place->name.c_str());
  if (!text) {
    return failed(path, text.error());
  }
  return std::move(*text);
}

Result<std::vector<DirEntry>> Root::list(std::string_view path) const {
  auto fd = open_at(path, O_RDONLY | O_DIRECTORY, true);
  if (!fd) {
    return tl::unexpected(std::move(fd.error()));
  }
  const std::unique_ptr<DIR, CloseDir> dir(::fdopendir(fd->get()));
  if (!dir) {
    return fail_errno(std::string(path));
  }
  static_cast<void>(fd->release()); // closedir(3) closes it
  std::vector<DirEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), type_of(*entry, ::dirfd(dir.get()))});
    }
    errno = 0;
  }
  if (errno != 0) {
    return fail_errno(std::string(path));
  }
  std::sort(entries.begin(), entries.end(),
            [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  return entries;
}

Result<Fd> Root::open_file(std::string_view path) const {
  // A look first: to open some devices is already to use them.
  const auto before = info(path);
  if (!before) {
    return tl::unexpected(before.error());
  }
  if (before->type != FileType::regular) {
    return tl::unexpected(Error{std::string(path) + ": not a regular file", EINVAL});
  }
  auto fd = open_at(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, true);
  if (!fd) {
    return fd;
  }
  struct stat st {};
  if (::fstat(fd->get(), &st) != 0) {
    return fail_errno(std::string(path));
  }
  if (!S_ISREG(st.st_mode)) { // it changed meanwhile
    return tl::unexpected(Error{std::string(path) + ": not a regular file", EINVAL});
  }
  return fd;
}

Result<FileContent> Root::read(std::string_view path, std::uint64_t limit) const {
  const auto fd = open_file(path);
  if (!fd) {
    return tl::unexpected(fd.error());
  }
  return read_all(fd->get(), limit, path);
}

Result<FileContent> read_all(int fd, std::uint64_t limit, std::string_view name) {
  struct stat st {};
  if (::fstat(fd, &st) != 0) {
    return fail_errno(std::string(name));
  }
  FileContent content;
  content.info = to_file_info(st);
  if (content.info.size > limit) {
    return failed(name, EFBIG);
  }
  // One byte more than the file has, so that the end is seen without another call to grow.
  content.bytes.resize(content.info.size + 1);
  std::size_t have = 0;
  for (;;) {
    const ssize_t got = ::pread(fd, content.bytes.data() + have, content.bytes.size() - have,
                                static_cast<off_t>(have));
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail_errno(std::string(name));
    }
    if (got == 0) {
      break;
    }
    have += static_cast<std::size_t>(got);
    if (have > limit) {
      return failed(name, EFBIG);
    }
    if (have == content.bytes.size()) { // it grew while it was read
      content.bytes.resize(2 * have);
    }
  }
  content.bytes.resize(have);
  return content;
}

Result<std::string> Root::canonical(std::string_view path) const {
  auto place = walk(path, true);
  if (!place) {
    return tl::unexpected(std::move(place.error()));
  }
  if (place->name == ".") {
    return place->parent_path.empty() ? std::string("/") : place->parent_path;
  }
  return place->parent_path + '/' + place->name;
}

Result<Fd> Root::open_directory(std::string_view canonical_path) const {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const std::string text(canonical_path.substr(
      std::min(canonical_path.find_first_not_of('/'), canonical_path.size())));
  const char* const relative = text.empty() ? "." : text.c_str();
  if (auto fd = openat2_without_links(fd_.get(), relative, flags)) {
    if (*fd) {
      return std::move(*fd);
    }
    return fail_errno(std::string(canonical_path));
  }
  std::vector<std::string> pending;
  push_components(pending, canonical_path);
  if (std::find(pending.begin(), pending.end(), "..") != pending.end()) {
    return failed(canonical_path, EXDEV); // as RESOLVE_BENEATH has it where ".." leads out
  }
  Fd dir(::openat(fd_.get(), ".", flags));
  while (dir && !pending.empty()) {
    dir = Fd(::openat(dir.get(), pending.back().c_str(), flags | O_NOFOLLOW));
    pending.pop_back();
  }
  if (!dir) {
    return fail_errno(std::string(canonical_path));
  }
  return dir;
}

} // namespace pysup::os
