// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::dpkg {

/// A package as dpkg's status has it.
struct Package {
  std::string name;         ///< without architecture
  std::string architecture; ///< "amd64", "all"
  std::string version;      ///< "1.2-1"; of the files on disk
  /// installed, triggers-pending or triggers-awaited: unpacked and configured, fit to be run.
  bool usable = false;

  bool operator==(const Package&) const = default;
};

/// dpkg's database, read with libdpkg: status, the updates/ journal, file lists, diversions.
/// Takes no lock and writes nothing, so it works while dpkg runs the maintainer script or trigger
/// that called us.
class Database {
 public:
  /// Reads the database in ADMINDIR (host path, "/var/lib/dpkg"; whoever owns a foreign root
  /// resolves its links first). Errors: there is no status file, the database does not parse, or a
  /// database was opened before: libdpkg keeps one a process, in static variables, and cannot
  /// forget all of it.
  static Result<Database> open(const std::string& admindir);

  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Every architecture instance of package NAME that is at least unpacked.
  [[nodiscard]] std::vector<Package> packages(std::string_view name) const;

  /// Whether package NAME (any architecture) lists PATH among its files. Reads that package's file
  /// list only, where owners() reads all of them. PATH is as for owners(); diversions do not count.
  /// Errors: the file list is damaged.
  [[nodiscard]] Result<bool> lists(std::string_view name, std::string_view path);

  /// The paths that package NAME (any architecture) lists, as they are on disk: what another
  /// package or the administrator diverts is under the name it is diverted to. Reads that package's
  /// file list and the diversions. Errors: one of them is damaged.
  [[nodiscard]] Result<std::vector<std::string>> files(std::string_view name);

  /// The packages whose files include PATH, diversions taken into account: of a diverted path the
  /// owner is the diverting package (none for a local diversion), and the path diverted to belongs
  /// to who shipped the original. PATH is absolute, in the root, without links; "/usr/lib/x" is
  /// also looked up as "/lib/x" (merged /usr). A package in state config-files owns nothing.
  /// Reads all file lists at the first call. Errors: one of them or the diversions are damaged;
  /// then nothing is known to be free, and every later call fails the same way.
  [[nodiscard]] Result<std::vector<Package>> owners(std::string_view path);

 private:
  Database() = default;
  [[nodiscard]] Result<void> read_all_files();

  bool open_ = false;
  bool all_files_read_ = false;
  std::optional<Error> files_error_;
};

} // namespace pysup::dpkg
