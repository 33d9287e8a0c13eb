// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch.hpp"

#include <algorithm>
#include <limits>

using namespace pysup::state;
using namespace scratch;

namespace {

template <typename Row, typename Key>
std::vector<Row> sorted(std::vector<Row> rows, Key key) {
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return a.*key < b.*key; });
  return rows;
}

File failed_file() {
  File file;
  file.path = "/usr/lib/pymodules/python3.13/bad.py";
  file.kind = FileKind::bytecode;
  file.version = {3, 13};
  file.reference = "bad.public";
  file.error = "line 1: invalid syntax";
  file.error_stays = true;
  return file;
}

/// Every field at its ends, and paths that are no text.
std::vector<File> odd_files() {
  std::vector<File> files;
  for (const char* path : {"/a/.hidden", "/a/.hidden.py", "/a/no_ending", "/a/x.y.z.py",
                           "/\xff\xfe/\n", "/a/\xc3\x28.py", "relative", "", "/"}) {
    File file;
    file.path = path;
    file.source = std::string("../") + path;
    files.push_back(file);
  }
  files[0].kind = FileKind::init;
  files[1].kind = FileKind::path_file;
  files[2] = failed_file();
  File& most = files[3];
  most.kind = FileKind::bytecode;
  most.version = {255, 255};
  most.size = std::numeric_limits<std::uint64_t>::max();
  most.mtime_ns = std::numeric_limits<std::int64_t>::min();
  most.digest = {1, 0};
  most.level = 255;
  most.mode = 255;
  most.magic = std::numeric_limits<std::uint32_t>::max();
  most.source_size = most.size;
  most.source_mtime_ns = std::numeric_limits<std::int64_t>::max();
  most.source_digest = {most.size, most.size};
  // Fields that look as if they could be left out: the size of the source with another content,
  // and the other way round.
  files[4].size = files[4].source.size();
  files[5].digest = digest_of(files[5].source.str());
  files[6].size = files[6].source.size();
  files[6].digest = digest_of(files[6].source.str());
  return files;
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_rows)

BOOST_AUTO_TEST_CASE(gives_back_every_field_of_every_kind_of_row) {
  const ScratchRoot scratch;
  Changes changes;
  changes.files = odd_files();
  changes.interpreters = {
      {{3, 9}, "/usr/bin/python3.9", 1, -1, 0xffffffff, "cpython-39", false, "landlock", -5, 7},
      {{3, 10}, "", std::numeric_limits<std::uint64_t>::max(), 0, 0, "", true, "", 0, 0}};
  changes.references = {{"a.public", "public", "a", "1-1", std::string("1\0S\0", 4)},
                        {"\xff", "tree", "", "", ""}};
  commit(scratch, changes);

  auto store = open_to_read(scratch);
  const Snapshot snapshot = load(store);
  BOOST_TEST((snapshot.files == sorted(changes.files, &File::path)));
  BOOST_TEST((snapshot.references == sorted(changes.references, &Reference::name)));
  BOOST_TEST((snapshot.interpreters == changes.interpreters));
}

BOOST_AUTO_TEST_CASE(sorts_files_by_whole_path_across_directories) {
  const ScratchRoot scratch;
  Changes changes;
  for (const char* path : {"/a/b-x", "/a/b/c", "/a/b.py", "/a/z", "/a", "/a/b/__pycache__/c"}) {
    changes.files.emplace_back().path = path;
  }
  commit(scratch, changes);
  auto store = open_to_read(scratch);
  std::vector<std::string> paths;
  for (const File& file : load(store).files) {
    paths.push_back(file.path);
  }
  const std::vector<std::string> expected{"/a",     "/a/b-x", "/a/b.py", "/a/b/__pycache__/c",
                                          "/a/b/c", "/a/z"};
  BOOST_TEST(paths == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(changes_only_the_rows_that_are_named) {
  const ScratchRoot scratch;
  Changes first = many_modules(3, 20);
  commit(scratch, first);

  Changes second;
  second.interpreters = first.interpreters;
  second.gone_references = {first.references[0].name, "never-there"};
  second.references = {first.references[1]};
  second.references[0].package_version = "2";
  second.gone_files = {first.files[0].path, first.files[1].path, "/never/there.py",
                       first.files[7].path};
  second.files = {first.files[5], first.files[7]}; // the second is gone and new: new
  second.files[0].mtime_ns = -1;
  second.files[0].reference = "other.public";
  second.files[1].size = 1;
  commit(scratch, second);

  first.files[5] = second.files[0];
  first.files[7] = second.files[1];
  first.files.erase(first.files.begin(), first.files.begin() + 2);
  first.references[1] = second.references[0];
  first.references.erase(first.references.begin());
  auto store = open_to_read(scratch);
  const Snapshot snapshot = load(store);
  BOOST_TEST((snapshot.files == sorted(first.files, &File::path)));
  BOOST_TEST((snapshot.references == sorted(first.references, &Reference::name)));
}

BOOST_AUTO_TEST_CASE(replaces_the_interpreters_as_a_whole) {
  const ScratchRoot scratch;
  Changes changes = many_modules(1, 1);
  commit(scratch, changes);
  changes = {};
  changes.interpreters = {{{3, 14}, "/usr/bin/python3.14", 1, 2, 3, "cpython-314", true, "", 4, 5}};
  commit(scratch, changes);
  auto store = open_to_read(scratch);
  BOOST_TEST((load(store).interpreters == changes.interpreters));
}

BOOST_AUTO_TEST_CASE(the_same_store_loads_what_it_committed) {
  const ScratchRoot scratch;
  auto store = open_to_write(scratch);
  BOOST_TEST(load(store).files.empty());
  const Changes changes = many_modules(1, 5);
  BOOST_REQUIRE(store.commit(changes).has_value());
  BOOST_TEST((load(store).files == sorted(changes.files, &File::path)));
}

BOOST_AUTO_TEST_CASE(a_file_is_new_when_its_name_is_reused_after_many_went) {
  const ScratchRoot scratch;
  const Changes first = many_modules(2, 200);
  commit(scratch, first);
  Changes removal;
  for (const File& file : first.files) {
    if (file.reference == "package0.public") {
      removal.gone_files.push_back(file.path); // enough to drop unused places
    }
  }
  commit(scratch, removal);
  commit(scratch, first);
  auto store = open_to_read(scratch);
  BOOST_TEST((load(store).files == sorted(first.files, &File::path)));
}

BOOST_AUTO_TEST_CASE(needs_less_than_200_bytes_a_module) {
  const ScratchRoot scratch;
  constexpr std::uint64_t packages = 200;
  constexpr std::uint64_t modules = 100; // a package
  commit(scratch, many_modules(packages, modules));
  const auto size = std::filesystem::file_size(scratch.database());
  BOOST_TEST(size < 200 * packages * modules);
}

BOOST_AUTO_TEST_CASE(does_not_grow_when_the_same_files_change_again_and_again) {
  const ScratchRoot scratch;
  Changes changes = many_modules(10, 50);
  commit(scratch, changes);
  const auto size = std::filesystem::file_size(scratch.database());
  for (int round = 0; round < 10; ++round) {
    for (File& file : changes.files) {
      ++file.mtime_ns;
    }
    commit(scratch, changes);
  }
  BOOST_TEST(std::filesystem::file_size(scratch.database()) <= size + size / 4);
}

BOOST_AUTO_TEST_SUITE_END()
