// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace pysup::os {

/// Open directories of one root, so that a pass, which goes through files directory by directory,
/// looks each path up once and then works by name. Never goes through a symbolic link.
class Directories {
 public:
  explicit Directories(const Root& root) : root_(root) {}

  /// A descriptor of the directory with canonical path PATH, valid until the next call.
  Result<int> at(std::string_view path);
  /// PATH, an absolute path without ".", ".." and empty components, of a directory, without links.
  Result<std::string> canonical(std::string_view path);

  /// The same as at(), for changes below it: remembered for sync(). Missing directories are made
  /// (0755).
  Result<int> make(std::string_view path);
  /// Removes PATH and then its parents for as long as they are empty, down to but not including
  /// STOP. Whatever keeps a directory from going (it is not empty, it is in use) ends it silently;
  /// one that is gone already does not.
  void prune(std::string_view path, std::string_view stop);
  /// Forgets open descriptors of PATH, which is about to go or has been replaced.
  void forget(std::string_view path);

  /// syncfs(2) of every file system that make() or note_change() was used on.
  Result<void> sync();
  /// Remembers that something below the directory FD changes.
  void note_change(int fd);

 private:
  struct Slot {
    std::string path;
    Fd fd;
    std::uint64_t used = 0;
  };
  Result<int> remember(std::string_view path, Fd fd);

  const Root& root_;
  std::array<Slot, 8> slots_;
  std::uint64_t clock_ = 0;
  std::map<std::uint64_t, Fd> changed_; ///< one directory of each changed file system, by device
};

} // namespace pysup::os
