// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/connection.hpp"

#include "state/relative_vfs.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::state {

namespace {

/// SQLite's own name for the file that a commit can be taken back from.
std::string journal_of(const std::string& name) {
  return name + "-journal";
}

std::string path_of(const std::string& name) {
  return fmt::format("{}/{}", directory, name);
}

Failure failure_errno(const std::string& name) {
  return {system_error(path_of(name), errno)};
}

/// Only regular files are opened: SQLite would wait for a pipe, and follow a link to who knows
/// where. A missing file is none of these.
Outcome<void> check_regular(int dir, const std::string& name) {
  struct stat st {};
  if (::fstatat(dir, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? Outcome<void>() : tl::unexpected(failure_errno(name));
  }
  if (S_ISLNK(st.st_mode)) {
    return tl::unexpected(Failure{{path_of(name) + ": a symbolic link, not followed", ELOOP}});
  }
  if (!S_ISREG(st.st_mode)) {
    return tl::unexpected(Failure{{path_of(name) + ": not a regular file", EINVAL}});
  }
  return {};
}

/// An empty file is a database without tables. Made here, so that its mode does not depend on the
/// umask; SQLite gives its journal the same.
Outcome<void> make_where_missing(int dir) {
  constexpr mode_t mode = 0644;
  const os::Fd made(
      ::openat(dir, file_name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (made ? ::fchmod(made.get(), mode) != 0 : errno != EEXIST) {
    return tl::unexpected(failure_errno(file_name));
  }
  return {};
}

/// Of everything that SQLite can do, little is needed; the rest is closed to whoever made the file.
constexpr const char* settings = "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA cell_size_check = ON;"
                                 "PRAGMA temp_store = MEMORY;"
                                 // Of a new file: half of SQLite's own, as references of some
                                 // kilobytes leave the rest of a page empty.
                                 "PRAGMA page_size = 2048;"
                                 "PRAGMA cache_size = -1024;" // KiB
                                 // The journal's removal is what commits: synced as well.
                                 "PRAGMA synchronous = EXTRA;";

/// The errno behind RESULT; 0 where no system call failed. SQLite tells it of most calls, but not
/// of a failed commit, of which LAST, cleared before each call, is all there is.
int system_code(sqlite3* db, int result, int last) {
  if (result == SQLITE_FULL) {
    return ENOSPC;
  }
  if (result != SQLITE_IOERR && result != SQLITE_CANTOPEN) {
    return 0;
  }
  const int told = db != nullptr ? sqlite3_system_errno(db) : 0;
  return told != 0 ? told : last;
}

/// How long to wait for who reads during a commit, or commits while this reads.
constexpr int busy_timeout_ms = 5000;

} // namespace

tl::unexpected<Failure> damaged(const std::string& what) {
  return tl::unexpected(Failure{{fmt::format("{}: {}", path_of(file_name), what), 0}, true});
}

Outcome<Connection> Connection::open(os::Fd dir, Store::Access access) {
  Connection connection(std::move(dir));
  for (const std::string& name : {std::string(file_name), journal_of(file_name)}) {
    if (auto regular = check_regular(connection.dir(), name); !regular) {
      return tl::unexpected(std::move(regular.error()));
    }
  }
  const bool write = access == Store::Access::read_write;
  if (write) {
    if (auto made = make_where_missing(connection.dir()); !made) {
      return tl::unexpected(std::move(made.error()));
    }
  } else if (::faccessat(connection.dir(), file_name, F_OK, 0) != 0) {
    return tl::unexpected(failure_errno(file_name));
  }
  auto inside = connection.enter();
  if (!inside) {
    return tl::unexpected(std::move(inside.error()));
  }
  const char* const vfs = relative_vfs();
  if (vfs == nullptr) { // SQLite would take the default one
    return tl::unexpected(Failure{system_error(path_of(file_name), ENOMEM)});
  }
  errno = 0;
  const int result = sqlite3_open_v2(
      file_name, &connection.db_,
      (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX, vfs);
  if (result != SQLITE_OK) {
    return connection.failed(result);
  }
  if (write && sqlite3_db_readonly(connection.db_, "main") != 0) { // SQLite makes do with that
    return tl::unexpected(Failure{system_error(path_of(file_name), EROFS)});
  }
  sqlite3_extended_result_codes(connection.db_, 1);
  sqlite3_busy_timeout(connection.db_, busy_timeout_ms);
  sqlite3_db_config(connection.db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection.db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection.db_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return connection;
}

Connection::Connection(Connection&& other) noexcept
    : dir_(std::move(other.dir_)), db_(std::exchange(other.db_, nullptr)) {}

Connection::~Connection() {
  if (db_ != nullptr) {
    const auto inside = enter(); // to take back a transaction that was not ended
    sqlite3_close(db_);
  }
}

Outcome<WorkingDirectory> Connection::enter() const {
  auto inside = WorkingDirectory::enter(dir_.get(), directory);
  if (!inside) {
    return tl::unexpected(Failure{std::move(inside.error())});
  }
  return std::move(*inside);
}

Outcome<void> Connection::configure() const {
  return run(settings);
}

Outcome<void> Connection::run(const char* sql) const {
  errno = 0;
  const int result = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) {
    return failed(result);
  }
  return {};
}

tl::unexpected<Failure> Connection::failed(int result) const {
  const int last_errno = errno;
  const int primary = result & 0xff;
  Failure failure;
  // SQLITE_ERROR is what a statement of ours gives when a table is not as we make it.
  failure.damaged =
      primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
  failure.unfinished = result == SQLITE_READONLY_ROLLBACK;
  failure.error.code = system_code(db_, primary, last_errno);
  failure.error.message = fmt::format(
      "{}: {}", path_of(file_name), db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(result));
  if (failure.unfinished) {
    failure.error.message = path_of(file_name) + ": a commit was interrupted, and taking it back "
                                                 "needs the right to write; run as root";
  } else if (failure.error.code != 0) {
    failure.error.message += fmt::format(" ({})", std::strerror(failure.error.code));
  }
  return tl::unexpected(std::move(failure));
}

Result<void> Connection::set_aside(Connection connection) {
  const os::Fd dir(::fcntl(connection.dir(), F_DUPFD_CLOEXEC, 0));
  { const Connection closed(std::move(connection)); }
  const std::string aside = std::string(file_name) + ".damaged";
  // The database first: a journal without one is dropped by SQLite, while a database without its
  // journal would be taken for whole.
  if (!dir || ::renameat(dir.get(), file_name, dir.get(), aside.c_str()) != 0) {
    return fail_errno(path_of(file_name));
  }
  if (::renameat(dir.get(), journal_of(file_name).c_str(), dir.get(), journal_of(aside).c_str()) !=
          0 &&
      errno != ENOENT) {
    return fail_errno(path_of(journal_of(file_name)));
  }
  return {};
}

} // namespace pysup::state
