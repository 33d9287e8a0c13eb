// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/presence.hpp"

#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <limits>
#include <sys/stat.h>

namespace pysup::pass {
namespace {

BOOST_AUTO_TEST_CASE(an_entry_is_seen_as_itself) {
  const test::ScratchDirectory scratch;
  scratch.file("/d/file", "12345");
  scratch.directory("/d/dir");
  scratch.link("/d/link", "file");
  scratch.link("/d/dangling", "/no/where");
  BOOST_REQUIRE_EQUAL(::mkfifo(scratch.host("/d/fifo").c_str(), 0644), 0);
  scratch.set_time("/d/file", -2, 7);
  scratch.set_time("/d/link", 1'000'000'000, 999'999'999);
  const os::Root root = scratch.root();
  os::Directories directories(root);

  const Seen file = look(directories, "/d/file").value();
  BOOST_CHECK(file.exists && file.type == os::FileType::regular);
  BOOST_CHECK_EQUAL(file.size, 5);
  BOOST_CHECK_EQUAL(file.mtime_ns, -1'999'999'993);
  BOOST_CHECK_EQUAL(file.link_text, "");

  const Seen link = look(directories, "/d/link").value();
  BOOST_CHECK(link.exists && link.type == os::FileType::symlink);
  BOOST_CHECK_EQUAL(link.link_text, "file");
  BOOST_CHECK_EQUAL(link.mtime_ns, 1'000'000'000'999'999'999);
  BOOST_CHECK_EQUAL(look(directories, "/d/dangling").value().link_text, "/no/where");

  BOOST_CHECK(look(directories, "/d/dir").value().type == os::FileType::directory);
  BOOST_CHECK(look(directories, "/d/fifo").value().type == os::FileType::other);
}

BOOST_AUTO_TEST_CASE(nothing_is_seen_below_what_is_no_directory) {
  const test::ScratchDirectory scratch;
  scratch.file("/real/file");
  scratch.link("/link", "real");
  scratch.link("/loop", "loop");
  scratch.link("/dangling", "nowhere");
  const os::Root root = scratch.root();
  os::Directories directories(root);
  for (const char* path : {"/missing", "/missing/x", "/real/missing", "/real/file/x", "/link/file",
                           "/loop/x", "/dangling/x"}) {
    const auto seen = look(directories, path);
    BOOST_REQUIRE_MESSAGE(seen, pysup::test::why(seen));
    BOOST_CHECK_MESSAGE(!seen->exists, path);
  }
}

BOOST_AUTO_TEST_CASE(other_errors_are_errors) {
  const test::ScratchDirectory scratch;
  scratch.directory("/d");
  const os::Root root = scratch.root();
  os::Directories directories(root);
  const std::string path = "/d/" + std::string(300, 'n');
  const auto seen = look(directories, path);
  BOOST_REQUIRE(!seen);
  BOOST_CHECK_EQUAL(seen.error().code, ENAMETOOLONG);
  BOOST_CHECK(seen.error().message.starts_with(path));
}

std::int64_t ns(std::int64_t sec, std::uint32_t nsec) {
  os::FileInfo info;
  info.mtime_sec = sec;
  info.mtime_nsec = nsec;
  return to_ns(info);
}

BOOST_AUTO_TEST_CASE(times_become_one_number) {
  BOOST_CHECK_EQUAL(ns(0, 0), 0);
  BOOST_CHECK_EQUAL(ns(1, 2), 1'000'000'002);
  BOOST_CHECK_EQUAL(ns(-1, 999'999'999), -1);
  BOOST_CHECK_EQUAL(ns(-2, 0), -2'000'000'000);
  BOOST_CHECK_EQUAL(ns(9'000'000'000, 1), 9'000'000'000'000'000'001);
}

/// 64-bit file systems can hold times that nanoseconds cannot.
BOOST_AUTO_TEST_CASE(times_out_of_reach_stick_to_the_end) {
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  BOOST_CHECK_GT(ns(last, 999'999'999), ns(9'000'000'000, 0));
  BOOST_CHECK_GE(ns(last, 0), ns(10'000'000'000, 0));
  BOOST_CHECK_LT(ns(std::numeric_limits<std::int64_t>::min(), 0), ns(-9'000'000'000, 0));
}

BOOST_AUTO_TEST_CASE(without_dpkg_nothing_has_an_owner) {
  const Ownership ownership(nullptr);
  BOOST_CHECK_EQUAL(ownership.owner("/usr/bin/python3"), "");
  BOOST_CHECK(ownership.package_of("/usr/bin/python3") == dpkg::Package{});
}

/// Nobody knows whose a directory is, so only bytecode's own may go.
BOOST_AUTO_TEST_CASE(without_dpkg_every_directory_stays_but_the_cache) {
  const Ownership ownership(nullptr);
  BOOST_CHECK_EQUAL(ownership.kept_directory("/usr/lib/foo/__pycache__/m.pyc"), "/usr/lib/foo");
  BOOST_CHECK_EQUAL(ownership.kept_directory("/usr/lib/foo/m.pyc"), "/usr/lib/foo");
  BOOST_CHECK_EQUAL(ownership.kept_directory("/__pycache__/m.pyc"), "/");
}

} // namespace
} // namespace pysup::pass
