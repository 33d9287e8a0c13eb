// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/schema.hpp"

#include "state/statement.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace pysup::state {

namespace {

/// "pysu", in the field where SQLite files say whose they are.
constexpr std::int64_t application_id = 0x70797375;
constexpr std::int64_t version = 1;

/// No table has a second index: load() reads every page that holds data, so what it accepted
/// commit() can work with.
constexpr const char* tables = R"sql(
CREATE TABLE interpreter (
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  path BLOB NOT NULL,
  file_size INTEGER NOT NULL,
  file_mtime_ns INTEGER NOT NULL,
  magic INTEGER NOT NULL,
  cache_tag BLOB NOT NULL,
  is_default INTEGER NOT NULL,
  confinement BLOB NOT NULL,
  last_pass INTEGER NOT NULL,
  last_pass_msec INTEGER NOT NULL,
  PRIMARY KEY (major, minor)
) WITHOUT ROWID;
CREATE TABLE reference (
  name BLOB NOT NULL PRIMARY KEY,
  kind BLOB NOT NULL,
  package BLOB NOT NULL,
  package_version BLOB NOT NULL,
  asked BLOB NOT NULL,
  asked_digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE place (
  id INTEGER PRIMARY KEY,
  folder BLOB NOT NULL,
  ending BLOB NOT NULL
);
CREATE TABLE trait (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  major INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  reference BLOB NOT NULL,
  level INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  magic INTEGER NOT NULL,
  error_stays INTEGER NOT NULL
);
CREATE TABLE file (
  place INTEGER NOT NULL,
  stem BLOB NOT NULL,
  trait INTEGER NOT NULL,
  source_place INTEGER NOT NULL,
  source_stem BLOB,
  size INTEGER,
  mtime_ns INTEGER NOT NULL,
  digest BLOB,
  source_size INTEGER NOT NULL,
  source_mtime_ns INTEGER NOT NULL,
  source_digest BLOB NOT NULL,
  error BLOB NOT NULL,
  PRIMARY KEY (place, stem)
) WITHOUT ROWID;
)sql";

Outcome<std::int64_t> number(const Connection& connection, std::string_view sql) {
  auto statement = Statement::prepare(connection, sql);
  if (!statement) {
    return tl::unexpected(std::move(statement.error()));
  }
  const auto row = statement->step();
  if (!row) {
    return tl::unexpected(row.error());
  }
  return *row ? statement->integer(0) : 0;
}

/// A file cut off inside its last page: SQLite takes what is missing for zeros.
Outcome<void> check_whole(const Connection& connection) {
  const auto page_size = number(connection, "PRAGMA page_size");
  if (!page_size) {
    return tl::unexpected(page_size.error());
  }
  struct stat st {};
  if (::fstatat(connection.dir(), file_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
    return tl::unexpected(Failure{system_error(fmt::format("{}/{}", directory, file_name), errno)});
  }
  if (st.st_size % *page_size != 0) {
    return damaged("cut off");
  }
  return {};
}

} // namespace

Outcome<Schema> schema_of(const Connection& connection) {
  // The first statement that reads the file, so it also finds what is no database at all.
  const auto objects = number(connection, "SELECT count(*) FROM sqlite_schema");
  if (!objects) {
    return tl::unexpected(objects.error());
  }
  if (auto whole = check_whole(connection); !whole) {
    return tl::unexpected(std::move(whole.error()));
  }
  const auto owner = number(connection, "PRAGMA application_id");
  const auto found = number(connection, "PRAGMA user_version");
  if (!owner || !found) {
    return tl::unexpected(owner ? found.error() : owner.error());
  }
  if (*objects == 0 && *owner == 0 && *found == 0) {
    return Schema::none;
  }
  if (*owner != application_id || *found < 1) {
    return damaged("not a database of python-support");
  }
  if (*found > version) {
    return tl::unexpected(Failure{
        {fmt::format("{}/{}: written by a newer python-support (schema {}, this one knows {})",
                     directory, file_name, *found, version),
         0},
        false});
  }
  return Schema::current;
}

Outcome<void> create_schema(const Connection& connection) {
  const std::string marks =
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", application_id, version);
  if (auto made = connection.run(tables); !made) {
    return made;
  }
  return connection.run(marks.c_str());
}

} // namespace pysup::state
