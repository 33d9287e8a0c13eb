// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/tree.hpp"

#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>

namespace pysup::pass {
namespace {

BOOST_AUTO_TEST_CASE(each_version_has_a_tree_and_a_path_file) {
  BOOST_CHECK_EQUAL(tree_name({3, 13}), "/usr/lib/pymodules/python3.13");
  BOOST_CHECK_EQUAL(tree_name({2, 7}), "/usr/lib/pymodules/python2.7");
  BOOST_CHECK(path_file_name({3, 13}).ends_with("/dist-packages/python-support.pth"));
  BOOST_CHECK(path_file_name({2, 7}).ends_with("/dist-packages/python-support.pth"));
  BOOST_CHECK_NE(path_file_name({2, 7}), path_file_name({3, 13}));
}

struct Resolved {
  const char* path;
  const char* place;
};

BOOST_AUTO_TEST_CASE(a_place_has_no_links_even_where_it_is_not_there_yet) {
  const test::ScratchDirectory scratch;
  scratch.directory("/real/dir");
  scratch.link("/link", "real");
  scratch.link("/dangling", "/real/new");
  scratch.link("/far", "/real/new/deep");
  scratch.link("/real/relative", "new/deep");
  const os::Root root = scratch.root();
  constexpr Resolved places[] = {
      {"/real/dir", "/real/dir"},
      {"/link/dir", "/real/dir"},
      {"/link/new", "/real/new"},
      {"/link/new/newer/newest", "/real/new/newer/newest"},
      {"/new/newer", "/new/newer"},
      {"/dangling", "/real/new"},
      {"/dangling/x", "/real/new/x"},
      {"/far", "/real/new/deep"},
      {"/far/x/y", "/real/new/deep/x/y"},
      {"/link/relative/x", "/real/new/deep/x"},
      {"/", "/"},
  };
  for (const Resolved& one : places) {
    BOOST_TEST_CONTEXT(one.path) {
      const auto place = place_of(root, one.path);
      BOOST_REQUIRE_MESSAGE(place, pysup::test::why(place));
      BOOST_CHECK_EQUAL(*place, one.place);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_path_below_a_file_or_through_a_loop_has_no_place) {
  const test::ScratchDirectory scratch;
  scratch.file("/file");
  scratch.link("/a", "b");
  scratch.link("/b", "a");
  scratch.link("/up", "missing/../../etc");
  const os::Root root = scratch.root();
  BOOST_CHECK_EQUAL(place_of(root, "/file/x").error().code, ENOTDIR);
  BOOST_CHECK_EQUAL(place_of(root, "/file/x/y").error().code, ENOTDIR);
  BOOST_CHECK_EQUAL(place_of(root, "/up").error().code, ENOENT);
  BOOST_CHECK_EQUAL(place_of(root, "/up/x").error().code, ENOENT);
  BOOST_CHECK_EQUAL(place_of(root, "/missing/..").error().code, ENOENT);
  BOOST_CHECK_EQUAL(place_of(root, "/a").error().code, ELOOP);
  BOOST_CHECK_EQUAL(place_of(root, "/a/x/y").error().code, ELOOP);
}

BOOST_AUTO_TEST_CASE(a_link_to_where_modules_lie_is_one_of_ours) {
  for (const char* text :
       {"/usr/share/pyshared/m.py", "/usr/lib/pyshared/python3.11/m.so",
        "/usr/share/python-support/foo/m.py", "/usr/lib/python-support/foo/python2.7/m.so"}) {
    BOOST_CHECK_MESSAGE(is_module_source(text), text);
  }
  for (const char* text : {"", "/", "m.py", "/usr/share/pyshared", "/usr/share/pyshared2/m.py",
                           "/home/usr/share/pyshared/m.py", "usr/share/pyshared/m.py"}) {
    BOOST_CHECK_MESSAGE(!is_module_source(text), text);
  }
}

} // namespace
} // namespace pysup::pass
