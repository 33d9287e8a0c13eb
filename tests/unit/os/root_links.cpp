// SPDX-License-Identifier: GPL-2.0-or-later
#include "both_ways.hpp"
#include "os/root.hpp"
#include "scratch_directory.hpp"

#include <cerrno>

namespace pysup::os {
namespace {

BOOST_AUTO_TEST_CASE(loops_of_links_are_an_error) {
  const test::ScratchDirectory scratch;
  scratch.link("/a", "b");
  scratch.link("/b", "a");
  scratch.link("/self", "self/x");
  scratch.link("/through/up", "../through/up");
  const Root root = scratch.root();
  both_ways([&] {
    for (const char* path : {"/a", "/a/x", "/self", "/through/up"}) {
      BOOST_TEST_CONTEXT(path) {
        BOOST_CHECK_EQUAL(root.info(path).error().code, ELOOP);
        BOOST_CHECK_EQUAL(root.read(path, 10).error().code, ELOOP);
        BOOST_CHECK_EQUAL(root.list(path).error().code, ELOOP);
        BOOST_CHECK_EQUAL(root.canonical(path).error().code, ELOOP);
      }
    }
    BOOST_CHECK(root.link_info("/a").value().type == FileType::symlink);
    BOOST_CHECK_EQUAL(root.read_link("/a").value(), "b");
  });
}

/// path_resolution(7): at most 40 links in one look-up.
BOOST_AUTO_TEST_CASE(as_many_links_are_followed_as_linux_follows) {
  const test::ScratchDirectory scratch;
  scratch.file("/l0", "end");
  for (int i = 1; i <= 41; ++i) {
    scratch.link("/l" + std::to_string(i), "l" + std::to_string(i - 1));
  }
  const Root root = scratch.root();
  both_ways([&] {
    BOOST_CHECK_EQUAL(root.read("/l40", 10).value().bytes, "end");
    BOOST_CHECK_EQUAL(root.canonical("/l40").value(), "/l0");
    BOOST_CHECK_EQUAL(root.read("/l41", 10).error().code, ELOOP);
    BOOST_CHECK_EQUAL(root.canonical("/l41").error().code, ELOOP);
  });
}

struct Canonical {
  const char* path;
  const char* result; ///< nullptr: an error
  int code;
};

constexpr Canonical canonicals[] = {
    {"/", "/", 0},
    {"", "/", 0},
    {"/dir", "/dir", 0},
    {"/dir/", "/dir", 0},
    {"//dir///file", "/dir/file", 0},
    {"/dir/./file", "/dir/file", 0},
    {"/dir/../dir/file", "/dir/file", 0},
    {"/to_dir", "/dir", 0},
    {"/to_dir/file", "/dir/file", 0},
    {"/to_dir/../dir", "/dir", 0},
    {"/deep/up", "/dir/file", 0},
    {"/deep/here", "/deep", 0},
    {"/deep/top", "/", 0},
    {"/dir/missing", "/dir/missing", 0},
    {"/dangling", "/dir/nowhere", 0},
    {"/missing/file", nullptr, ENOENT},
    {"/missing/../dir", nullptr, ENOENT},
    {"/dir/file/x", nullptr, ENOTDIR},
    {"/dir/file/..", nullptr, ENOTDIR},
    {"/dangling/x", nullptr, ENOENT},
};

BOOST_AUTO_TEST_CASE(canonical_paths_have_no_links_and_no_dots) {
  const test::ScratchDirectory scratch;
  scratch.file("/dir/file");
  scratch.link("/to_dir", "dir");
  scratch.link("/deep/up", "../to_dir/file");
  scratch.link("/deep/here", ".");
  scratch.link("/deep/top", "/");
  scratch.link("/dangling", "/dir/nowhere");
  const Root root = scratch.root();
  both_ways([&] {
    for (const Canonical& one : canonicals) {
      BOOST_TEST_CONTEXT(one.path) {
        const auto result = root.canonical(one.path);
        BOOST_REQUIRE_EQUAL(result.has_value(), one.result != nullptr);
        if (result) {
          BOOST_CHECK_EQUAL(*result, one.result);
        } else {
          BOOST_CHECK_EQUAL(result.error().code, one.code);
          BOOST_CHECK_MESSAGE(result.error().message.find(one.path) != std::string::npos,
                              result.error().message);
        }
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(a_link_itself_can_be_looked_at) {
  const test::ScratchDirectory scratch;
  scratch.file("/real/target", "12345");
  scratch.link("/dir", "real");
  scratch.link("/real/link", "target");
  scratch.link("/real/dangling", "/nowhere");
  const Root root = scratch.root();
  both_ways([&] {
    BOOST_CHECK(root.link_info("/dir/link").value().type == FileType::symlink);
    BOOST_CHECK_EQUAL(root.info("/dir/link").value().size, 5);
    BOOST_CHECK(root.link_info("/dir/dangling").value().type == FileType::symlink);
    BOOST_CHECK_EQUAL(root.info("/dir/dangling").error().code, ENOENT);
    BOOST_CHECK_EQUAL(root.read_link("/dir/dangling").value(), "/nowhere");
    BOOST_CHECK_EQUAL(root.read_link("/dir/target").error().code, EINVAL);
    BOOST_CHECK_EQUAL(root.read_link("/dir/missing").error().code, ENOENT);
    BOOST_CHECK_EQUAL(root.link_info("/missing/x").error().code, ENOENT);
  });
}

} // namespace
} // namespace pysup::os
