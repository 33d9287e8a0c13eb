// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "state/records.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pysup::state {

inline constexpr const char* directory = "/var/lib/python-support";
inline constexpr const char* file_name = "state.sqlite";

class Connection;
struct Failure;

/// Everything the last passes recorded.
struct Snapshot {
  std::vector<Interpreter> interpreters; ///< sorted by version
  std::vector<Reference> references;     ///< sorted by name
  std::vector<File> files;               ///< as the database has them
};

/// What one pass changes. Rows not named stay as they are. A file both gone and new is new.
struct Changes {
  std::vector<Interpreter> interpreters; ///< the whole new table
  std::vector<Reference> references;     ///< new or changed
  std::vector<std::string> gone_references;
  std::vector<File> files; ///< new or changed
  std::vector<os::Text> gone_files;
};

/// The state database, a SQLite file in the root's /var/lib/python-support. SCHEMA.md beside this
/// file describes the tables.
///
/// open(), load(), commit() and the destructor enter the state's directory for as long as they run
/// (WorkingDirectory): meanwhile no other thread may use relative paths.
class Store {
 public:
  enum class Access : std::uint8_t { read_only, read_write };

  /// Opens the database; read_write makes the directory and the file where they are missing.
  /// read_only where there is none gives a store whose snapshot is empty, and works on a read-only
  /// file system. A file that cannot be read as what commit() writes is, with read_write, moved
  /// aside (".damaged") and begun anew, and damaged() says so: losing the state loses nothing but
  /// time. Everything is read here already, so that damage shows before anything is decided.
  /// Errors: a schema newer than this program; the directory or the file is a symbolic link or of
  /// another type; damage, with read_only; what the system says.
  static Result<Store> open(const os::Root& root, Access access);

  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  /// Whether nothing was ever recorded: then what lies on disk is all there is to go by.
  [[nodiscard]] bool is_new() const { return new_; }
  [[nodiscard]] bool damaged() const { return damaged_; }

  /// What the database holds now. The first call gives what open() has read.
  [[nodiscard]] Result<Snapshot> load();

  /// Applies CHANGES in one transaction; it is on disk when this returns. On error the old state
  /// stands; where the error is damage, the file is moved aside and the next open() begins anew.
  Result<void> commit(const Changes& changes);

 private:
  Store();
  std::optional<Failure> attempt(int dir, Access access);

  std::unique_ptr<Connection> connection_;
  std::optional<Snapshot> first_; ///< what open() read, until it is asked for
  bool new_ = true;
  bool damaged_ = false;
};

} // namespace pysup::state
