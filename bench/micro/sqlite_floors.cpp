// SPDX-License-Identifier: GPL-2.0-or-later
#include "modules.hpp"
#include "parts.hpp"
#include "scratch.hpp"

#include <memory>
#include <sqlite3.h>

namespace pysup::bench {

namespace {

constexpr const char* folder = "/state";
constexpr const char* file_name = "/state/state.sqlite";

constexpr const char* settings = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                                 "PRAGMA temp_store = MEMORY; PRAGMA page_size = 2048;"
                                 "PRAGMA cache_size = -1024; PRAGMA synchronous = EXTRA;";

constexpr const char* tables = R"sql(
CREATE TABLE reference (name BLOB NOT NULL PRIMARY KEY, kind BLOB NOT NULL, package BLOB NOT NULL,
  package_version BLOB NOT NULL, asked BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE file (path BLOB NOT NULL PRIMARY KEY, kind INTEGER NOT NULL, major INTEGER NOT NULL,
  minor INTEGER NOT NULL, source BLOB NOT NULL, reference BLOB NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, digest BLOB NOT NULL, level INTEGER NOT NULL, mode INTEGER NOT NULL,
  magic INTEGER NOT NULL, source_size INTEGER NOT NULL, source_mtime_ns INTEGER NOT NULL,
  source_digest BLOB NOT NULL, error BLOB NOT NULL, error_stays INTEGER NOT NULL) WITHOUT ROWID;
)sql";

void check(int result) {
  if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE) {
    give_up(sqlite3_errstr(result));
  }
}

/// A prepared statement, without any of the care that a program has to take.
class BareStatement {
 public:
  BareStatement(sqlite3* db, const char* sql) {
    check(sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr));
  }
  BareStatement(const BareStatement&) = delete;
  BareStatement& operator=(const BareStatement&) = delete;
  ~BareStatement() { sqlite3_finalize(statement_); }

  BareStatement& bind(const std::string& bytes) {
    sqlite3_bind_blob(statement_, ++bound_, bytes.data(), static_cast<int>(bytes.size()),
                      SQLITE_STATIC);
    return *this;
  }
  BareStatement& bind(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
  }
  void execute() {
    sqlite3_step(statement_);
    check(sqlite3_reset(statement_));
    bound_ = 0;
  }
  bool step() {
    const int result = sqlite3_step(statement_);
    check(result);
    read_ = 0;
    return result == SQLITE_ROW;
  }
  std::string bytes() {
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, read_));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, read_++));
    return data == nullptr ? std::string() : std::string(data, size);
  }
  std::int64_t integer() { return sqlite3_column_int64(statement_, read_++); }
  std::uint64_t number() { return static_cast<std::uint64_t>(integer()); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  int read_ = 0;
};

class BareDatabase {
 public:
  BareDatabase(const std::string& file, int flags) {
    check(sqlite3_open_v2(file.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr));
    run(settings);
  }
  BareDatabase(const BareDatabase&) = delete;
  BareDatabase& operator=(const BareDatabase&) = delete;
  ~BareDatabase() { sqlite3_close(db_); }

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  [[nodiscard]] sqlite3* get() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

/// A digest as 16 bytes.
std::string packed(std::uint64_t high, std::uint64_t low) {
  std::string bytes(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(low >> (56 - 8 * i));
  }
  return bytes;
}

void insert_files(BareDatabase& database, const std::vector<FileRow>& rows) {
  BareStatement insert(database.get(), "INSERT OR REPLACE INTO file VALUES "
                                       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::string no_error;
  for (const FileRow& row : rows) {
    const std::string digest = packed(row.digest_high, row.digest_low);
    const std::string source_digest = packed(row.source_digest_high, row.source_digest_low);
    insert.bind(row.path).bind(4).bind(3).bind(11).bind(row.source).bind(row.reference);
    insert.bind(static_cast<std::int64_t>(row.size)).bind(row.mtime_ns).bind(digest);
    insert.bind(0).bind(0).bind(magic).bind(static_cast<std::int64_t>(row.source_size));
    insert.bind(row.source_mtime_ns).bind(source_digest).bind(no_error).bind(0);
    insert.execute();
  }
}

void insert_references(BareDatabase& database, const std::vector<ReferenceRow>& rows) {
  BareStatement insert(database.get(), "INSERT INTO reference VALUES (?, ?, ?, ?, ?)");
  const std::string kind = "private";
  const std::string package = "package";
  const std::string package_version = "1.0-1";
  for (const ReferenceRow& row : rows) {
    insert.bind(row.name).bind(kind).bind(package).bind(package_version).bind(row.asked);
    insert.execute();
  }
}

std::vector<FileRow> select_files(BareDatabase& database) {
  std::vector<FileRow> rows;
  BareStatement select(database.get(), "SELECT path, source, reference, size, mtime_ns, digest, "
                                       "source_size, source_mtime_ns, source_digest, kind, major, "
                                       "minor, level, mode, magic, error, error_stays FROM file "
                                       "ORDER BY path");
  while (select.step()) {
    FileRow& row = rows.emplace_back();
    row.path = select.bytes();
    row.source = select.bytes();
    row.reference = select.bytes();
    row.size = select.number();
    row.mtime_ns = select.integer();
    row.digest_high = select.bytes().size();
    row.source_size = select.number();
    row.source_mtime_ns = select.integer();
    row.source_digest_high = select.bytes().size();
    keep(select.integer() + select.integer() + select.integer() + select.integer() +
         select.integer() + select.integer());
    keep(select.bytes());
    keep(select.integer());
  }
  return rows;
}

std::vector<ReferenceRow> select_references(BareDatabase& database) {
  std::vector<ReferenceRow> rows;
  BareStatement select(database.get(), "SELECT name, asked FROM reference ORDER BY name");
  while (select.step()) {
    ReferenceRow& row = rows.emplace_back();
    row.name = select.bytes();
    row.asked = select.bytes();
  }
  return rows;
}

struct BareState {
  ScratchRoot scratch;
  std::string file = scratch.host(file_name);

  void commit_first(const StateRows& rows) const {
    BareDatabase database(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    database.run("BEGIN IMMEDIATE;");
    database.run(tables);
    insert_references(database, rows.references);
    insert_files(database, rows.files);
    database.run("COMMIT;");
  }
  void clear() const {
    scratch.remove(folder);
    scratch.directory(folder);
  }
};

} // namespace

Operation sqlite_first(std::size_t modules) {
  const auto disk = std::make_shared<const BareState>();
  const auto rows = std::make_shared<const StateRows>(state_rows(modules));
  return {[disk] { disk->clear(); },
          [disk, rows] {
            disk->commit_first(*rows);
            return rows->files.size();
          }};
}

Operation sqlite_load(std::size_t modules) {
  const auto disk = std::make_shared<const BareState>();
  disk->clear();
  disk->commit_first(state_rows(modules));
  return {{}, [disk] {
            BareDatabase database(disk->file, SQLITE_OPEN_READONLY);
            database.run("BEGIN;");
            keep(select_references(database));
            const std::size_t files = select_files(database).size();
            database.run("COMMIT;");
            return files;
          }};
}

Operation sqlite_change(std::size_t modules) {
  struct Input : BareState {
    std::unique_ptr<BareDatabase> database;
    std::vector<FileRow> rows;
    std::uint64_t times = 0;
  };
  const auto input = std::make_shared<Input>();
  input->clear();
  input->commit_first(state_rows(modules));
  input->database = std::make_unique<BareDatabase>(input->file, SQLITE_OPEN_READWRITE);
  return {[input, modules] { input->rows = {file_row(modules / 2, ++input->times)}; },
          [input, modules] {
            input->database->run("BEGIN IMMEDIATE;");
            insert_files(*input->database, input->rows);
            input->database->run("COMMIT;");
            return modules;
          }};
}

} // namespace pysup::bench
