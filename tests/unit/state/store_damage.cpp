// SPDX-License-Identifier: GPL-2.0-or-later
//
// Files that no commit of ours left behind.
#include "scratch.hpp"

#include <sqlite3.h>

using namespace pysup::state;
using namespace scratch;
namespace fs = std::filesystem;

namespace {

/// Changes a database behind the back of the store.
void run_sql(const fs::path& path, const std::string& sql) {
  sqlite3* db = nullptr;
  BOOST_REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const int result = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  BOOST_REQUIRE_MESSAGE(result == SQLITE_OK, sqlite3_errmsg(db));
  sqlite3_close(db);
}

fs::path aside(const ScratchRoot& scratch) {
  return scratch.database().string() + ".damaged";
}

/// A reader refuses what is there; a writer moves it aside as it is, and begins anew.
void check_damaged(const ScratchRoot& scratch) {
  const std::string before = read_file(scratch.database());
  const auto reader = Store::open(scratch.open(), Store::Access::read_only);
  BOOST_REQUIRE(!reader.has_value());
  BOOST_TEST(reader.error().message.starts_with("/var/lib/python-support/state.sqlite: "));
  BOOST_TEST(read_file(scratch.database()) == before);

  auto store = open_to_write(scratch);
  BOOST_TEST(store.damaged());
  BOOST_TEST(store.is_new());
  BOOST_TEST(load(store).files.empty());
  BOOST_TEST((read_file(aside(scratch)) == before));
  BOOST_TEST(store.commit(many_modules(1, 2)).has_value());
  auto again = open_to_write(scratch);
  BOOST_TEST(!again.damaged());
  BOOST_TEST(load(again).files.size() == 4);
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_damage)

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database) {
  for (const std::string& bytes :
       {std::string("xy"), std::string("not a database\n"), std::string(100'000, '\0'),
        std::string(5'000, '\xff'), std::string("SQLite format 3\0", 16)}) {
    BOOST_TEST_CONTEXT(bytes.size() << " bytes") {
      const ScratchRoot scratch;
      write_file(scratch.database(), bytes);
      check_damaged(scratch);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_file) {
  const ScratchRoot model;
  commit(model, many_modules(2, 50));
  const std::string whole = read_file(model.database());
  for (const std::size_t size : {std::size_t{50}, std::size_t{100}, std::size_t{2048},
                                 whole.size() / 2, whole.size() - 2048, whole.size() - 1}) {
    BOOST_TEST_CONTEXT(size << " bytes of " << whole.size()) {
      const ScratchRoot scratch;
      write_file(scratch.database(), whole.substr(0, size));
      check_damaged(scratch);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_new_and_not_damaged) {
  const ScratchRoot scratch;
  write_file(scratch.database(), "");
  const auto store = open_to_write(scratch);
  BOOST_TEST(store.is_new());
  BOOST_TEST(!store.damaged());
}

BOOST_AUTO_TEST_CASE(any_overwritten_page_is_noticed_or_does_not_matter) {
  const ScratchRoot model;
  commit(model, many_modules(4, 60));
  auto reader = open_to_read(model);
  const Snapshot expected = load(reader);
  const std::string whole = read_file(model.database());
  constexpr std::size_t page = 2048;
  BOOST_REQUIRE(whole.size() > 20 * page);
  int noticed = 0;
  for (std::size_t at = 0; at < whole.size(); at += page) {
    for (const char filler : {'\0', '\xaa', '\x05'}) {
      const ScratchRoot scratch;
      std::string bytes = whole;
      bytes.replace(at, page, page, filler);
      write_file(scratch.database(), bytes);
      auto store = open_to_write(scratch);
      noticed += store.damaged() ? 1 : 0;
      const Snapshot snapshot = load(store);
      if (!store.damaged()) {
        BOOST_TEST((snapshot.files == expected.files));
        BOOST_TEST((snapshot.references == expected.references));
      }
    }
  }
  BOOST_TEST(noticed > static_cast<int>(whole.size() / page)); // most pages hold something
}

BOOST_AUTO_TEST_CASE(a_database_of_something_else) {
  const ScratchRoot scratch;
  fs::create_directories(scratch.state_dir());
  run_sql(scratch.database(), "CREATE TABLE file (x);");
  check_damaged(scratch);
}

BOOST_AUTO_TEST_CASE(a_table_of_another_form) {
  for (const char* sql :
       {"DROP TABLE reference;", "ALTER TABLE file DROP COLUMN error;",
        "DROP TABLE place; CREATE VIEW place AS SELECT 1 AS id, '' AS folder, '' AS ending;"}) {
    const ScratchRoot scratch;
    commit(scratch, many_modules(1, 2));
    run_sql(scratch.database(), sql);
    check_damaged(scratch);
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_is_never_written) {
  for (const char* sql :
       {"UPDATE trait SET kind = 9;", "UPDATE trait SET kind = 0;", "UPDATE trait SET major = 256;",
        "UPDATE trait SET level = -1;", "UPDATE trait SET magic = 4294967296;",
        "UPDATE trait SET error_stays = 2;", "UPDATE interpreter SET is_default = 2;",
        "UPDATE file SET digest = x'00' WHERE digest IS NOT NULL;",
        "UPDATE file SET source_digest = x'0011';", "UPDATE file SET trait = 77;",
        "UPDATE reference SET asked = x'00';", "UPDATE file SET source_place = 77;",
        "DELETE FROM place;"}) {
    BOOST_TEST_CONTEXT(sql) {
      const ScratchRoot scratch;
      commit(scratch, many_modules(1, 2));
      run_sql(scratch.database(), sql);
      check_damaged(scratch);
    }
  }
}

BOOST_AUTO_TEST_CASE(triggers_that_somebody_planted_do_not_run) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 2));
  run_sql(scratch.database(), "CREATE TRIGGER bad AFTER DELETE ON interpreter "
                              "BEGIN DELETE FROM file; END;");
  commit(scratch, many_modules(1, 1));
  auto store = open_to_read(scratch);
  BOOST_TEST(load(store).files.size() == 4);
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_an_error_and_left_alone) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 2));
  run_sql(scratch.database(), "PRAGMA user_version = 2;");
  const std::string before = read_file(scratch.database());
  for (const auto access : {Store::Access::read_only, Store::Access::read_write}) {
    const auto store = Store::open(scratch.open(), access);
    BOOST_REQUIRE(!store.has_value());
    BOOST_TEST(store.error().message.find("newer python-support") != std::string::npos);
  }
  BOOST_TEST((read_file(scratch.database()) == before));
  BOOST_TEST(!fs::exists(aside(scratch)));
}

BOOST_AUTO_TEST_CASE(damage_that_only_a_commit_meets_is_moved_aside_by_it) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(2, 300));
  Changes removal;
  {
    auto store = open_to_read(scratch);
    for (const File& file : load(store).files) {
      removal.gone_files.push_back(file.path);
    }
  }
  commit(scratch, removal); // now most pages are free
  std::string bytes = read_file(scratch.database());
  // Bytes 32 to 35 of the header: the number of the first page in the list of free ones
  // (SQLite file format, 1.3.10).
  std::size_t trunk = 0;
  for (std::size_t i = 32; i < 36; ++i) {
    trunk = trunk << 8U | static_cast<unsigned char>(bytes[i]);
  }
  BOOST_REQUIRE(trunk > 0);
  constexpr std::size_t page = 2048;
  bytes.replace((trunk - 1) * page, page, page, '\xee');
  write_file(scratch.database(), bytes);

  auto store = open_to_write(scratch);
  BOOST_TEST(!store.damaged());
  const auto done = store.commit(many_modules(2, 300));
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST(done.error().message.find("moved aside") != std::string::npos);
  BOOST_TEST(fs::exists(aside(scratch)));
  BOOST_TEST(open_to_write(scratch).is_new());
}

BOOST_AUTO_TEST_SUITE_END()
