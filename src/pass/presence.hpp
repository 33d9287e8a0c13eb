// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/directories.hpp"
#include "os/root.hpp"
#include "os/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pysup::pass {

/// An entry of a directory, as lstat(2) tells.
struct Entry {
  bool exists = false;
  os::FileType type = os::FileType::other;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

/// The same with what readlink(2) tells.
struct Seen : Entry {
  std::string link_text; ///< of a symbolic link
};

/// Seconds and nanoseconds as one number. Good until the year 2262, which is the reach of the
/// database's integers; beyond that it sticks to the end, where "differs" still works once.
std::int64_t to_ns(const os::FileInfo& file);

/// Looks at the entry with canonical path PATH. A missing directory, or a link or file in a
/// directory's place, means that nothing is there. Errors: everything else, such as ESTALE.
Result<Seen> look(os::Directories& directories, os::Text path);

/// Asks dpkg whose a path is.
class Ownership {
 public:
  /// DATABASE may be null: without dpkg nothing belongs to a package.
  explicit Ownership(dpkg::Database* database) : database_(database) {}

  /// The name of the package that PATH belongs to, "" for none. What cannot be found out counts as
  /// somebody's, so that nothing of a package is ever touched.
  [[nodiscard]] std::string owner(std::string_view path) const;
  /// The package of a reference file with its version; both "" for none.
  [[nodiscard]] dpkg::Package package_of(std::string_view path) const;

  /// The nearest directory above PATH that must stay even when it is empty: it belongs to a
  /// package, or it is one of the system's own.
  [[nodiscard]] std::string kept_directory(std::string_view path) const;

 private:
  dpkg::Database* database_;
};

} // namespace pysup::pass
