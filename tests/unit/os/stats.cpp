// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/stats.hpp"

#include "both_ways.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>

namespace pysup::os {
namespace {

/// What both ways of asking tell of PATH.
void check_same(Stats& stats, const std::string& path) {
  const auto expected = stats.root().info(path);
  const auto got = stats.of(path);
  BOOST_TEST_CONTEXT(path) {
    BOOST_REQUIRE_EQUAL(got.has_value(), expected.has_value());
    if (!got) {
      BOOST_CHECK_EQUAL(got.error().code, expected.error().code);
      return;
    }
    BOOST_CHECK(got->type == expected->type);
    BOOST_CHECK_EQUAL(got->size, expected->size);
    BOOST_CHECK_EQUAL(got->mtime_sec, expected->mtime_sec);
    BOOST_CHECK_EQUAL(got->mtime_nsec, expected->mtime_nsec);
  }
}

BOOST_AUTO_TEST_CASE(stats_tells_what_stat_tells) {
  both_ways([] {
    const test::ScratchDirectory scratch;
    scratch.file("/d/file", "12345");
    scratch.directory("/d/dir");
    scratch.link("/d/inside", "/d/file");
    scratch.link("/d/outside", "/../../../../etc/passwd");
    scratch.link("/d/loop", "loop");
    scratch.link("/linked", "d");
    scratch.set_time("/d/file", -2, 7);
    const Root root = scratch.root();
    Stats stats(root);
    for (const char* path : {"/d/file", "/d/dir", "/d/inside", "/d/outside", "/d/loop", "/d/none",
                             "/none/file", "/d/file/below", "/linked/file", "/linked", "/", "/d"}) {
      check_same(stats, path);
      check_same(stats, path); // the second time from memory
    }
  });
}

BOOST_AUTO_TEST_CASE(stats_asks_once) {
  const test::ScratchDirectory scratch;
  scratch.file("/file", "12345");
  const Root root = scratch.root();
  Stats stats(root);
  BOOST_CHECK(!stats.of("/later"));
  BOOST_CHECK_EQUAL(stats.of("/file").value().size, 5);
  scratch.file("/file", "123456789");
  scratch.file("/later", "1");
  BOOST_CHECK_EQUAL(stats.of("/file").value().size, 5);
  BOOST_CHECK_EQUAL(stats.of("/later").value().size, 1); // errors are not remembered
}

BOOST_AUTO_TEST_CASE(a_directory_without_links_is_its_own_canonical_path) {
  both_ways([] {
    const test::ScratchDirectory scratch;
    scratch.directory("/d/e");
    scratch.link("/link", "d");
    const Root root = scratch.root();
    Directories directories(root);
    BOOST_CHECK_EQUAL(directories.canonical("/d/e").value(), "/d/e");
    BOOST_CHECK_EQUAL(directories.canonical("/link/e").value(), "/d/e");
    BOOST_CHECK_EQUAL(directories.canonical("/").value(), "/");
    BOOST_CHECK_EQUAL(directories.canonical("/none/e").error().code, ENOENT);
  });
}

} // namespace
} // namespace pysup::os
