// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/directories.hpp"
#include "os/root.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pysup::apply {

/// Makes and removes files below a root. Every path is canonical, as Root::canonical() gives it: a
/// link that has taken a directory's place since is never followed, and no reader ever sees half a
/// file. Nothing is durable before sync(). Knows nothing of packages, versions or plans.
class Writer {
 public:
  explicit Writer(const os::Root& root) : directories_(root) {}

  /// Puts a symbolic link with the text TARGET at PATH, over what is there (not over a directory).
  Result<os::FileInfo> link(const std::string& path, const std::string& target);

  /// Puts a file at PATH, in the same way. MODE: the exact permission bits. MTIME: the time it says
  /// it was modified, in seconds since the epoch, where not now.
  Result<os::FileInfo> file(const std::string& path, std::string_view bytes, unsigned mode,
                            std::optional<std::int64_t> mtime = std::nullopt);

  /// Replaces the first bytes of the regular file PATH by HEAD. Whoever reads meanwhile sees the
  /// old or the new ones: both are headers of the same code. A file with more than one name is
  /// written anew, so that its other names keep what they have.
  Result<os::FileInfo> replace_head(const std::string& path, std::string_view head);

  /// Removes PATH, which may be gone already, and then its directories from below as long as they
  /// are empty, but never KEEP or what is above it.
  Result<void> remove(const std::string& path, const std::string& keep);

  /// The two halves of that: who removes all files of a directory tries to remove it once.
  Result<void> remove_file(const std::string& path);
  void prune(std::string_view directory, std::string_view keep) {
    directories_.prune(directory, keep);
  }

  /// Removes what an interrupted write left in the directory PATH.
  void clear_temporary(const std::string& path);

  /// Returns when everything written so far is on disk (syncfs(2), once a file system).
  Result<void> sync() { return directories_.sync(); }

 private:
  os::Directories directories_;
};

/// Whether an error means that no further file can be written either: no space, a read-only file
/// system.
bool is_out_of_room(const Error& error);

} // namespace pysup::apply
