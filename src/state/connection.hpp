// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "os/fd.hpp"
#include "state/store.hpp"
#include "state/working_directory.hpp"

struct sqlite3;

namespace pysup::state {

/// Why the database did not do what was asked.
struct Failure {
  Error error;
  bool damaged = false;    ///< the file's content is at fault, so a new one would help
  bool unfinished = false; ///< a commit was interrupted, and taking it back needs a writer
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

/// An open database file, and the directory that it is reached through.
class Connection {
 public:
  /// Opens state.sqlite in DIR, an open directory. read_write makes an empty file where there is
  /// none. Nothing is read yet. Errors: ENOENT with read_only; it is no regular file.
  static Outcome<Connection> open(os::Fd dir, Store::Access access);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] sqlite3* get() const { return db_; }
  [[nodiscard]] int dir() const { return dir_.get(); }

  /// To be held while SQLite works: it looks its files up by name.
  [[nodiscard]] Outcome<WorkingDirectory> enter() const;

  /// Says how SQLite shall work. The first call that may read the file, and find it damaged.
  Outcome<void> configure() const;

  /// Runs statements that give no rows, ended by ";".
  Outcome<void> run(const char* sql) const;

  /// What SQLite says of its last call, which gave RESULT.
  [[nodiscard]] tl::unexpected<Failure> failed(int result) const;

  /// Moves the file and its journal aside, closing them.
  static Result<void> set_aside(Connection connection);

 private:
  explicit Connection(os::Fd dir) : dir_(std::move(dir)) {}
  os::Fd dir_;
  sqlite3* db_ = nullptr;
};

/// A row or a table that this program never writes.
tl::unexpected<Failure> damaged(const std::string& what);

} // namespace pysup::state
