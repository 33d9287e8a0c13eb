// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "os/fd.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace pysup::os {

enum class FileType : std::uint8_t { regular, directory, symlink, other };

/// What stat(2) says, as far as anything here asks.
struct FileInfo {
  FileType type = FileType::other;
  std::uint32_t mode = 0;       ///< permission bits, with set-id and sticky
  std::uint64_t size = 0;       ///< bytes
  std::int64_t mtime_sec = 0;   ///< seconds since the epoch, may be negative
  std::uint32_t mtime_nsec = 0; ///< 0 to 999,999,999
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 1;

  bool operator==(const FileInfo&) const = default;
};

FileInfo to_file_info(const struct stat& st);

struct DirEntry {
  std::string name;
  FileType type = FileType::other; ///< of the entry itself, links not followed
};

/// A file's bytes together with what fstat(2) said of the very file that was read.
struct FileContent {
  std::string bytes;
  FileInfo info;
};

/// The directory that stands for "/".
///
/// All paths are absolute as seen inside the root ("/usr/share/..."), and no symbolic link, "..",
/// or absolute link target leads out of it, whoever owns the files. Does not depend on /proc or on
/// openat2(2), which emulators and old kernels lack.
class Root {
 public:
  /// Opens DIR as a root. Errors: it does not exist or is not a directory.
  static Result<Root> open(const std::string& dir);

  /// The directory's own absolute path on the host, "/" for the host's root.
  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] bool is_host() const { return dir_ == "/"; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// The host's path of PATH, for libraries that take only paths. Links are not resolved.
  [[nodiscard]] std::string host_path(std::string_view path) const;

  /// stat(2) of PATH, links followed inside the root.
  [[nodiscard]] Result<FileInfo> info(std::string_view path) const;
  /// lstat(2): links in the directory part are followed, the last component is not.
  [[nodiscard]] Result<FileInfo> link_info(std::string_view path) const;
  /// The text of the symbolic link PATH.
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const;
  /// The entries of directory PATH but "." and "..", sorted by name (bytes).
  [[nodiscard]] Result<std::vector<DirEntry>> list(std::string_view path) const;
  /// Opens a regular file to read it; anything else is an error and never blocks.
  [[nodiscard]] Result<Fd> open_file(std::string_view path) const;
  /// Reads a regular file whole. More than LIMIT bytes is an error (EFBIG).
  [[nodiscard]] Result<FileContent> read(std::string_view path, std::uint64_t limit) const;

  /// PATH without links, "." and "..": what it finally names. The last component may be missing.
  [[nodiscard]] Result<std::string> canonical(std::string_view path) const;
  /// Opens the directory PATH (O_PATH is not used: it can be listed and written through).
  /// No component may be a link: PATH comes from canonical(). A link that took a component's
  /// place meanwhile is an error (ELOOP or ENOTDIR), never followed.
  [[nodiscard]] Result<Fd> open_directory(std::string_view canonical_path) const;

 private:
  Root(std::string dir, Fd fd) : dir_(std::move(dir)), fd_(std::move(fd)) {}
  struct Place;
  [[nodiscard]] Result<Place> walk(std::string_view path, bool follow_last) const;
  [[nodiscard]] Result<Fd> open_at(std::string_view path, int flags, bool follow_last) const;

  std::string dir_;
  Fd fd_;
};

/// Reads FD from its start to its end. Errors: EFBIG over LIMIT bytes, or what read(2) says.
Result<FileContent> read_all(int fd, std::uint64_t limit, std::string_view name);

/// The directory part of PATH ("/a/b" for "/a/b/c", "/" for "/a").
std::string_view parent_of(std::string_view path);
/// The last component of PATH.
std::string_view name_of(std::string_view path);

} // namespace pysup::os
