// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/bytecode_removal.hpp"

#include "scratch_directory.hpp"
#include "versions.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

namespace pysup::cli {
namespace {

using Paths = std::vector<std::string>;

/// Everything below PATH that is no directory, and empty directories, relative to it.
std::set<std::string> left_in(const test::ScratchDirectory& place, const std::string& path) {
  namespace fs = std::filesystem;
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(place.host(path))) {
    if (!entry.is_directory() || entry.is_symlink() || fs::is_empty(entry.path())) {
      found.insert(entry.path().lexically_relative(place.host(path)).string());
    }
  }
  return found;
}

void check_left(const test::ScratchDirectory& place, const std::string& path,
                const std::set<std::string>& expected) {
  const auto left = left_in(place, path);
  BOOST_TEST(left == expected, boost::test_tools::per_element());
}

void remove_of(const test::ScratchDirectory& place, const Paths& sources,
               std::optional<Version> only = std::nullopt) {
  const os::Root root = place.root();
  BytecodeRemoval removal(root, only);
  removal.of_sources(sources);
  BOOST_TEST(removal.problems() == Paths{}, boost::test_tools::per_element());
}

/// A module with all the bytecode there may be.
void make_module(const test::ScratchDirectory& place, const std::string& directory,
                 const std::string& stem) {
  for (const char* end : {".py", ".pyc", ".pyo"}) {
    place.file(directory + stem + end);
  }
  for (const char* end : {".cpython-313.pyc", ".cpython-313.opt-1.pyc", ".cpython-313.opt-2.pyc",
                          ".cpython-39.pyc", ".cpython-34.pyo"}) {
    place.file(directory + "__pycache__/" + stem + end);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(bytecode_removal)

BOOST_AUTO_TEST_CASE(all_bytecode_of_a_source_goes_and_then_the_directory) {
  const test::ScratchDirectory place;
  make_module(place, "/d/", "foo");
  remove_of(place, {"/d/foo.py"});
  check_left(place, "/d", {"foo.py"});
  BOOST_CHECK(!place.exists("/d/__pycache__"));
}

/// Lesson 13.
BOOST_AUTO_TEST_CASE(what_belongs_to_other_sources_stays) {
  const test::ScratchDirectory place;
  make_module(place, "/d/", "foo");
  const std::set<std::string> others{"__pycache__/foo.bar.cpython-313.pyc",
                                     "__pycache__/foo.bar.cpython-313.opt-1.pyc",
                                     "__pycache__/foobar.cpython-313.pyc",
                                     "__pycache__/foo.cpython-313.pyc.1234",
                                     "__pycache__/foo.txt",
                                     "foo.bar.pyc",
                                     "foo.pyd"};
  for (const std::string& other : others) {
    place.file("/d/" + other);
  }
  remove_of(place, {"/d/foo.py"});
  std::set<std::string> expected = others;
  expected.insert("foo.py");
  check_left(place, "/d", expected);
}

BOOST_AUTO_TEST_CASE(one_version_alone) {
  const test::ScratchDirectory place;
  make_module(place, "/d/", "foo");
  remove_of(place, {"/d/foo.py"}, v313);
  check_left(place, "/d",
             {"foo.py", "foo.pyc", "foo.pyo", "__pycache__/foo.cpython-39.pyc",
              "__pycache__/foo.cpython-34.pyo"});
  remove_of(place, {"/d/foo.py"}, Version{3, 1});
  check_left(place, "/d",
             {"foo.py", "__pycache__/foo.cpython-39.pyc", "__pycache__/foo.cpython-34.pyo"});
}

/// dpkg calls prerm of packages whose files are gone.
BOOST_AUTO_TEST_CASE(the_source_need_not_be_there) {
  const test::ScratchDirectory place;
  place.file("/d/__pycache__/foo.cpython-313.pyc");
  remove_of(place, {"/d/foo.py", "/gone/bar.py"});
  BOOST_CHECK(!place.exists("/d/__pycache__"));
}

BOOST_AUTO_TEST_CASE(sources_of_several_directories_in_any_order) {
  const test::ScratchDirectory place;
  for (const char* path : {"/d/a", "/d/a/b", "/d/c"}) {
    place.file(std::string(path) + ".py");
    place.file("/d/" + std::string(path == std::string("/d/a/b") ? "a/" : "") + "__pycache__/" +
               std::string(os::name_of(path)) + ".cpython-313.pyc");
  }
  remove_of(place, {"/d/c.py", "/d/a/b.py", "/d/a.py"});
  check_left(place, "/d", {"a.py", "a/b.py", "c.py"});
}

BOOST_AUTO_TEST_CASE(links_and_files_go_and_directories_stay) {
  const test::ScratchDirectory place;
  place.file("/precious");
  place.link("/d/__pycache__/foo.cpython-313.pyc", "/precious");
  place.link("/d/foo.pyc", "nowhere");
  place.file("/d/foo.pyo/keep");
  place.file("/d/__pycache__/foo.cpython-39.pyc/keep");
  remove_of(place, {"/d/foo.py"});
  check_left(place, "/d", {"foo.pyo/keep", "__pycache__/foo.cpython-39.pyc/keep"});
  BOOST_CHECK(place.exists("/precious"));
}

BOOST_AUTO_TEST_CASE(a_link_named_pycache_is_not_followed) {
  const test::ScratchDirectory place;
  place.file("/elsewhere/foo.cpython-313.pyc");
  place.link("/d/__pycache__", "../elsewhere");
  remove_of(place, {"/d/foo.py"});
  BOOST_CHECK(place.exists("/elsewhere/foo.cpython-313.pyc"));
  BOOST_CHECK(place.exists("/d/__pycache__"));
}

BOOST_AUTO_TEST_CASE(links_of_directories_stay_in_the_root) {
  const test::ScratchDirectory place;
  place.file("/outside/__pycache__/foo.cpython-313.pyc");
  place.file("/root/inside/__pycache__/foo.cpython-313.pyc");
  place.link("/root/out", place.host("/outside"));
  place.link("/root/up", "../outside");
  place.link("/root/in", "/inside");
  const os::Root root = place.root("/root");
  BytecodeRemoval removal(root, std::nullopt);
  removal.of_sources({"/out/foo.py", "/up/foo.py", "/../outside/foo.py"});
  BOOST_CHECK(place.exists("/outside/__pycache__/foo.cpython-313.pyc"));
  BOOST_CHECK(place.exists("/root/inside/__pycache__/foo.cpython-313.pyc"));
  removal.of_sources({"/in/foo.py"});
  BOOST_CHECK(!place.exists("/root/inside/__pycache__"));
  BOOST_TEST(removal.removed() == Paths{"/in/__pycache__/foo.cpython-313.pyc"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(below_a_directory_the_sources_that_are_there_count) {
  const test::ScratchDirectory place;
  make_module(place, "/d/", "foo");
  make_module(place, "/d/sub/deep/", "bar");
  place.file("/d/sub/__pycache__/gone.cpython-313.pyc");
  place.file("/e/__pycache__/baz.cpython-313.pyc");
  place.file("/e/baz.py");
  place.link("/d/e", "../e");
  const os::Root root = place.root();
  BytecodeRemoval removal(root, std::nullopt);
  removal.below("/d");
  check_left(place, "/d",
             {"foo.py", "sub/deep/bar.py", "sub/__pycache__/gone.cpython-313.pyc", "e"});
  BOOST_CHECK(place.exists("/e/__pycache__/baz.cpython-313.pyc"));
  BOOST_CHECK_EQUAL(removal.removed().size(), 14U); // seven of each
  removal.below("/d/e");                            // but the one that was given may be a link
  BOOST_CHECK(!place.exists("/e/__pycache__"));
}

BOOST_AUTO_TEST_CASE(below_a_file_is_that_file_if_it_is_a_source) {
  const test::ScratchDirectory place;
  make_module(place, "/d/", "foo");
  make_module(place, "/d/", "bar");
  place.file("/d/baz");
  place.file("/d/__pycache__/baz.cpython-313.pyc");
  const os::Root root = place.root();
  BytecodeRemoval removal(root, v313);
  for (const char* path : {"/d/foo.py", "/d/baz", "/d/nothing.py", "/nowhere"}) {
    removal.below(path);
  }
  BOOST_CHECK_EQUAL(removal.removed().size(), 3U);
  BOOST_CHECK(place.exists("/d/__pycache__/bar.cpython-313.pyc"));
  BOOST_CHECK(place.exists("/d/__pycache__/baz.cpython-313.pyc"));
  BOOST_TEST(removal.problems() == Paths{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
