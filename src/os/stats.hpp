// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/directories.hpp"
#include "os/root.hpp"
#include "os/text.hpp"

#include <cstdint>
#include <vector>

namespace pysup::os {

/// What stat(2) says of files, asked once for each: whether a source is there is asked when a
/// reference is read, and how old it is when its bytecode is judged.
class Stats {
 public:
  explicit Stats(const Root& root) : root_(root), directories_(root) {}

  [[nodiscard]] const Root& root() const { return root_; }
  /// For what is looked at by directory.
  Directories& directories() { return directories_; }

  /// Type, size and time of PATH, links followed inside the root; the other fields are not set.
  /// Errors are not remembered.
  Result<FileInfo> of(Text path);

 private:
  struct Known {
    std::uint64_t size;
    std::int64_t mtime_sec;
    std::uint32_t mtime_nsec;
    FileType type;
  };
  Result<FileInfo> ask(Text path);

  const Root& root_;
  Directories directories_;
  std::vector<Known> known_;
  std::vector<std::uint32_t> places_; ///< by the number of the path: one more than where it is
};

} // namespace pysup::os
