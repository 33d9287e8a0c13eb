// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the database lies, who may read it, and what stands in its way.
#include "scratch.hpp"

#include <sys/stat.h>

using namespace pysup::state;
using namespace scratch;
namespace fs = std::filesystem;

namespace {

std::size_t file_count(const pysup::os::Root& root, Store::Access access) {
  auto store = Store::open(root, access);
  if (!store) {
    return 0;
  }
  const auto snapshot = store->load();
  return snapshot ? snapshot->files.size() : 0;
}

/// The message of the error that opening gives; "" where it gives none.
std::string error_of(const ScratchRoot& scratch, Store::Access access) {
  const auto store = Store::open(scratch.open(), access);
  return store ? "" : store.error().message;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_places)

BOOST_AUTO_TEST_CASE(without_a_database_a_reader_sees_an_empty_one_and_makes_nothing) {
  const ScratchRoot scratch;
  auto store = open_to_read(scratch);
  BOOST_TEST(store.is_new());
  BOOST_TEST(load(store).files.empty());
  BOOST_TEST(!store.commit({}).has_value());
  BOOST_TEST(fs::is_empty(scratch.at("/")));
  fs::create_directories(scratch.state_dir());
  BOOST_TEST(open_to_read(scratch).is_new());
  BOOST_TEST(fs::is_empty(scratch.state_dir()));
}

BOOST_AUTO_TEST_CASE(is_new_until_the_first_commit) {
  const ScratchRoot scratch;
  BOOST_TEST(open_to_write(scratch).is_new());
  {
    auto store = open_to_write(scratch);
    BOOST_TEST(store.is_new());
    BOOST_TEST(!store.damaged());
    BOOST_REQUIRE(store.commit({}).has_value());
    BOOST_TEST(!store.is_new());
  }
  BOOST_TEST(!open_to_write(scratch).is_new());
  BOOST_TEST(!open_to_read(scratch).is_new());
}

BOOST_AUTO_TEST_CASE(all_may_read_whatever_the_umask_is) {
  const ScratchRoot scratch;
  const mode_t before = ::umask(077);
  commit(scratch, many_modules(1, 1));
  ::umask(before);
  BOOST_TEST((fs::status(scratch.state_dir()).permissions() == fs::perms(0755)));
  BOOST_TEST((fs::status(scratch.database()).permissions() == fs::perms(0644)));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_but_the_database) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 100));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(scratch.state_dir())) {
    names.push_back(entry.path().filename());
  }
  BOOST_TEST(names == std::vector<std::string>{file_name}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(goes_back_to_the_working_directory) {
  const ScratchRoot scratch;
  const fs::path before = fs::current_path();
  commit(scratch, many_modules(1, 1));
  BOOST_TEST(fs::current_path() == before);
}

BOOST_AUTO_TEST_CASE(works_from_a_directory_that_is_gone) {
  const ScratchRoot scratch;
  BOOST_TEST(in_child([&] {
    const fs::path gone = scratch.at("/gone");
    fs::create_directory(gone);
    fs::current_path(gone);
    fs::remove(gone);
    auto store = Store::open(scratch.open(), Store::Access::read_write);
    return store && store->commit(many_modules(1, 1)).has_value();
  }));
  auto store = open_to_read(scratch);
  BOOST_TEST(load(store).files.size() == 2);
}

BOOST_AUTO_TEST_CASE(works_under_a_path_longer_than_sqlite_takes) {
  const ScratchRoot scratch;
  fs::path deep = scratch.at("/");
  while (deep.string().size() < 700) { // SQLite's own limit is 512 bytes
    deep /= std::string(100, 'd');
  }
  fs::create_directories(deep);
  const auto root = pysup::os::Root::open(deep.string());
  BOOST_REQUIRE(root.has_value());
  auto store = Store::open(*root, Store::Access::read_write);
  require_value(store);
  BOOST_TEST(store->commit(many_modules(1, 1)).has_value());
}

BOOST_AUTO_TEST_CASE(links_above_the_directory_do_not_lead_out_of_the_root) {
  const ScratchRoot scratch;
  const ScratchRoot outside;
  // As seen in the root, this is <root>/<outside>, which does not exist there.
  fs::create_symlink(outside.at("/"), scratch.at("/var"));
  fs::create_directories(fs::path(scratch.at("/").string() + outside.at("/").string()));
  commit(scratch, many_modules(1, 1));
  BOOST_TEST(fs::is_empty(outside.at("/")));
  auto store = open_to_read(scratch);
  BOOST_TEST(load(store).files.size() == 2);
}

BOOST_AUTO_TEST_CASE(the_directory_may_not_be_a_link) {
  const ScratchRoot scratch;
  const fs::path target = scratch.at("/elsewhere");
  fs::create_directories(target);
  fs::create_directories(scratch.state_dir().parent_path());
  fs::create_directory_symlink("/elsewhere", scratch.state_dir());
  for (const auto access : {Store::Access::read_only, Store::Access::read_write}) {
    const std::string error = error_of(scratch, access);
    BOOST_TEST(contains(error, directory));
    BOOST_TEST(contains(error, "symbolic link"));
  }
  BOOST_TEST(fs::is_symlink(scratch.state_dir()));
  BOOST_TEST(fs::is_empty(target));
}

BOOST_AUTO_TEST_CASE(the_link_that_1_0_had_gives_way_to_a_directory) {
  for (const char* text : {"/usr/lib/pymodules", "../../usr/lib/pymodules"}) {
    const ScratchRoot scratch;
    const fs::path target = scratch.at("/usr/lib/pymodules");
    fs::create_directories(target);
    fs::create_directories(scratch.state_dir().parent_path());
    fs::create_directory_symlink(text, scratch.state_dir());
    BOOST_TEST(open_to_read(scratch).is_new());
    BOOST_TEST(fs::is_symlink(scratch.state_dir())); // a reader changes nothing
    commit(scratch, many_modules(1, 1));
    BOOST_TEST(!fs::is_symlink(scratch.state_dir()));
    BOOST_TEST(fs::is_regular_file(scratch.database()));
    BOOST_TEST(fs::is_empty(target));
  }
}

BOOST_AUTO_TEST_CASE(neither_database_nor_journal_may_be_a_link_or_a_pipe) {
  for (const char* name : {"state.sqlite", "state.sqlite-journal"}) {
    for (const bool link : {true, false}) {
      const ScratchRoot scratch;
      const fs::path target = scratch.at("/target");
      write_file(target, "");
      commit(scratch, many_modules(1, 1));
      const fs::path path = scratch.state_dir() / name;
      fs::remove(path);
      if (link) {
        fs::create_symlink(target, path);
      } else {
        BOOST_REQUIRE(::mkfifo(path.c_str(), 0644) == 0);
      }
      for (const auto access : {Store::Access::read_only, Store::Access::read_write}) {
        const std::string error = error_of(scratch, access);
        BOOST_TEST(contains(error, name));
        BOOST_TEST(contains(error, link ? "symbolic link" : "not a regular file"));
      }
      BOOST_TEST(read_file(target).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(who_replaces_the_directory_meanwhile_does_not_lead_a_commit_elsewhere) {
  const ScratchRoot scratch;
  const ScratchRoot elsewhere;
  commit(scratch, {});
  auto store = open_to_write(scratch);
  const fs::path moved = scratch.at("/moved");
  fs::rename(scratch.state_dir(), moved);
  fs::create_directory_symlink(elsewhere.at("/"), scratch.state_dir());
  BOOST_TEST(store.commit(many_modules(1, 500)).has_value());
  BOOST_TEST(fs::is_empty(elsewhere.at("/")));
  BOOST_TEST(fs::file_size(moved / file_name) > 50'000U);
}

BOOST_AUTO_TEST_CASE(an_ordinary_user_can_read, *able_to_become_nobody()) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 3));
  BOOST_TEST(in_child([&] {
    return become_nobody() && file_count(scratch.open(), Store::Access::read_only) == 6;
  }));
}

BOOST_AUTO_TEST_CASE(a_read_only_file_system_can_be_read, *with_mounts()) {
  const ScratchRoot scratch;
  commit(scratch, many_modules(1, 3));
  BOOST_TEST(in_child([&] {
    const std::string dir = scratch.at("/").string();
    if (!own_mounts() || ::mount(dir.c_str(), dir.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(nullptr, dir.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      return false;
    }
    const auto write = Store::open(scratch.open(), Store::Access::read_write);
    return file_count(scratch.open(), Store::Access::read_only) == 6 && !write.has_value();
  }));
}

BOOST_AUTO_TEST_SUITE_END()
