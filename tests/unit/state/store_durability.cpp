// SPDX-License-Identifier: GPL-2.0-or-later
//
// Full disks, crashes in the middle of a commit, and others who read meanwhile.
#include "scratch.hpp"

#include <csignal>
#include <sqlite3.h>
#include <sys/resource.h>

using namespace pysup::state;
using namespace scratch;
namespace fs = std::filesystem;

namespace {

fs::path rollback_journal(const ScratchRoot& scratch) {
  return scratch.database().string() + "-journal";
}

std::size_t count_files(const ScratchRoot& scratch) {
  auto store = open_to_read(scratch);
  return load(store).files.size();
}

/// Whether a commit into the full ROOT is refused with a message that names file and CAUSE.
bool refused_for(const pysup::os::Root& root, std::string_view cause) {
  auto store = Store::open(root, Store::Access::read_write);
  const auto done = store ? store->commit(many_modules(20, 100)) : pysup::Result<void>();
  if (!store || done) {
    return false;
  }
  const std::string& message = done.error().message;
  const auto snapshot = store->load();
  return message.starts_with("/var/lib/python-support/state.sqlite: ") &&
         message.find(cause) != std::string::npos &&
         message.find("nothing was recorded") != std::string::npos && !store->damaged() &&
         snapshot && snapshot->files.size() == 10;
}

/// Leaves a database as a crash in the middle of a commit does: partly written, and a journal.
void crash_in_commit(const ScratchRoot& scratch) {
  BOOST_REQUIRE(in_child([&] {
    sqlite3* db = nullptr;
    // The cache holds so little that changed pages reach the file before the end.
    return sqlite3_open(scratch.database().c_str(), &db) == SQLITE_OK &&
           sqlite3_exec(db,
                        "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN;"
                        "UPDATE file SET mtime_ns = 1, error = zeroblob(500);",
                        nullptr, nullptr, nullptr) == SQLITE_OK;
  }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_durability)

BOOST_AUTO_TEST_CASE(where_a_file_may_not_grow_the_old_state_stands) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 5));
  const std::string before = read_file(scratch.database());
  BOOST_TEST(in_child([&] {
    const rlimit limit{65'536, 65'536};
    ::signal(SIGXFSZ, SIG_IGN);
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 && refused_for(scratch.open(), "File too large");
  }));
  BOOST_TEST(count_files(scratch) == 10);
  BOOST_TEST((read_file(scratch.database()) == before));
}

BOOST_AUTO_TEST_CASE(on_a_full_disk_the_old_state_stands, *with_mounts()) {
  const ScratchRoot scratch;
  BOOST_TEST(in_child([&] {
    const std::string dir = scratch.at("/").string();
    if (!own_mounts() || ::mount("none", dir.c_str(), "tmpfs", 0, "size=128k") != 0) {
      return false;
    }
    commit(scratch, many_modules(1, 5));
    return refused_for(scratch.open(), "No space left on device") && count_files(scratch) == 10;
  }));
}

BOOST_AUTO_TEST_CASE(a_commit_that_a_crash_interrupted_is_taken_back) {
  for (const auto access : {Store::Access::read_write, Store::Access::read_only}) {
    const ScratchRoot scratch;
    const Changes changes = many_modules(4, 50);
    commit(scratch, changes);
    const std::string before = read_file(scratch.database());
    crash_in_commit(scratch);
    BOOST_REQUIRE(fs::exists(rollback_journal(scratch)));
    BOOST_REQUIRE((read_file(scratch.database()) != before));

    auto store = open_store(scratch, access);
    BOOST_TEST(!store.damaged());
    const Snapshot snapshot = load(store);
    BOOST_TEST(snapshot.files.size() == changes.files.size());
    BOOST_TEST(snapshot.files[0].mtime_ns != 1);
    BOOST_TEST(!fs::exists(rollback_journal(scratch)));
    BOOST_TEST((read_file(scratch.database()) == before));
  }
}

BOOST_AUTO_TEST_CASE(who_may_not_write_is_told_of_an_interrupted_commit, *able_to_become_nobody()) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(4, 50));
  crash_in_commit(scratch);
  BOOST_TEST(in_child([&] {
    if (!become_nobody()) {
      return false;
    }
    const auto store = Store::open(scratch.open(), Store::Access::read_only);
    return !store && store.error().message.find("interrupted") != std::string::npos;
  }));
  BOOST_TEST(fs::exists(rollback_journal(scratch)));
}

BOOST_AUTO_TEST_CASE(the_journal_of_a_damaged_database_is_not_applied_to_the_new_one) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(4, 50));
  crash_in_commit(scratch);
  const std::string left = read_file(rollback_journal(scratch));
  write_file(rollback_journal(scratch), left.substr(0, 300)); // nothing to take back from
  write_file(scratch.database(), std::string(50'000, 'x'));
  auto store = open_to_write(scratch);
  BOOST_TEST(store.damaged());
  BOOST_TEST(!fs::exists(rollback_journal(scratch)));
  BOOST_TEST(store.commit(many_modules(1, 5)).has_value());
  BOOST_TEST(count_files(scratch) == 10);
}

BOOST_AUTO_TEST_CASE(a_commit_waits_for_who_reads) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 5));
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t reader = ::fork();
  BOOST_REQUIRE(reader >= 0);
  if (reader == 0) {
    sqlite3* db = nullptr;
    const bool reading = sqlite3_open(scratch.database().c_str(), &db) == SQLITE_OK &&
                         sqlite3_exec(db, "BEGIN; SELECT count(*) FROM file;", nullptr, nullptr,
                                      nullptr) == SQLITE_OK &&
                         ::write(ready[1], "r", 1) == 1;
    ::usleep(300'000);
    ::_exit(reading ? 0 : 1);
  }
  ::close(ready[1]);
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::close(ready[0]);
  commit(scratch, many_modules(2, 5));
  int status = 0;
  BOOST_REQUIRE(::waitpid(reader, &status, 0) == reader);
  BOOST_TEST(status == 0);
  BOOST_TEST(count_files(scratch) == 20);
}

BOOST_AUTO_TEST_SUITE_END()
