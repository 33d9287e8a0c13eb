// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/directories.hpp"

#include "both_ways.hpp"
#include "scratch_directory.hpp"
#include "umask.hpp"
#include "why.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace pysup::os {
namespace {

using test::Umask;

ino_t inode(int fd) {
  struct stat st {};
  BOOST_REQUIRE_EQUAL(::fstat(fd, &st), 0);
  return st.st_ino;
}

BOOST_AUTO_TEST_CASE(missing_directories_are_made_for_everybody_to_read) {
  for (const mode_t mask : {mode_t{022}, mode_t{077}}) {
    BOOST_TEST_CONTEXT("umask " << mask) {
      const test::ScratchDirectory scratch;
      const Root root = scratch.root();
      Directories directories(root);
      const Umask guard(mask);
      const auto fd = directories.make("/a/b/c");
      BOOST_REQUIRE_MESSAGE(fd, pysup::test::why(fd));
      BOOST_CHECK_EQUAL(inode(*fd), scratch.status("/a/b/c").st_ino);
      BOOST_CHECK_EQUAL(scratch.status("/a").st_mode & 07777, 0755);
      BOOST_CHECK_EQUAL(scratch.status("/a/b/c").st_mode & 07777, 0755);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_there_keeps_its_mode) {
  const test::ScratchDirectory scratch;
  scratch.directory("/a");
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("/a").c_str(), 02750), 0);
  const Root root = scratch.root();
  Directories directories(root);
  BOOST_REQUIRE(directories.make("/a/b"));
  BOOST_CHECK_EQUAL(scratch.status("/a").st_mode & 07777, 02750);
}

BOOST_AUTO_TEST_CASE(at_makes_nothing) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Directories directories(root);
  BOOST_CHECK_EQUAL(directories.at("/a").error().code, ENOENT);
  BOOST_CHECK(!scratch.exists("/a"));
}

BOOST_AUTO_TEST_CASE(nothing_is_made_or_found_through_a_link_or_below_a_file) {
  const test::ScratchDirectory scratch;
  scratch.directory("/root");
  scratch.directory("/outside/below");
  scratch.link("/root/link", "../outside");
  scratch.link("/root/dangling", "../outside/new");
  scratch.file("/root/file");
  const Root root = scratch.root("/root");
  both_ways([&] {
    Directories directories(root);
    for (const char* path :
         {"/link", "/link/below", "/link/new", "/dangling", "/dangling/x", "/file", "/file/x"}) {
      BOOST_CHECK_MESSAGE(!directories.at(path), path);
      BOOST_CHECK_MESSAGE(!directories.make(path), path);
    }
    BOOST_CHECK_EQUAL(scratch.count("/outside"), 1);
    BOOST_CHECK_EQUAL(scratch.count("/outside/below"), 0);
  });
}

/// More directories than are kept open, in an order that makes each come back after it was closed.
BOOST_AUTO_TEST_CASE(a_descriptor_is_always_that_of_the_path_asked_for) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Directories directories(root);
  constexpr int count = 20;
  for (int i = 0; i < count; ++i) {
    scratch.directory("/d" + std::to_string(i));
  }
  for (int step = 0; step < 10 * count; ++step) {
    const std::string path = "/d" + std::to_string(step * step % count);
    BOOST_CHECK_EQUAL(inode(directories.at(path).value()), scratch.status(path).st_ino);
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_was_replaced_is_found_anew_once_forgotten) {
  const test::ScratchDirectory scratch;
  scratch.directory("/a/b");
  scratch.directory("/ab");
  const Root root = scratch.root();
  Directories directories(root);
  const int sibling = directories.at("/ab").value();
  const int old = directories.at("/a/b").value();
  const Fd keep(::fcntl(old, F_DUPFD_CLOEXEC, 0)); // so that its inode number is not used again
  scratch.remove("/a");
  scratch.directory("/a/b");
  directories.forget("/a");
  BOOST_CHECK_EQUAL(inode(directories.at("/a/b").value()), scratch.status("/a/b").st_ino);
  BOOST_CHECK_EQUAL(directories.at("/ab").value(), sibling); // only a namesake's beginning
}

BOOST_AUTO_TEST_CASE(prune_removes_empty_directories_up_to_but_not_the_one_that_stays) {
  const test::ScratchDirectory scratch;
  scratch.directory("/keep/a/b/c");
  const Root root = scratch.root();
  Directories directories(root);
  directories.prune("/keep/a/b/c", "/keep");
  BOOST_CHECK(scratch.exists("/keep"));
  BOOST_CHECK(!scratch.exists("/keep/a"));
}

BOOST_AUTO_TEST_CASE(prune_ends_at_the_first_directory_in_use) {
  const test::ScratchDirectory scratch;
  scratch.directory("/keep/a/b/c");
  scratch.file("/keep/a/file");
  const Root root = scratch.root();
  Directories directories(root);
  directories.prune("/keep/a/b/c", "/keep");
  BOOST_CHECK(!scratch.exists("/keep/a/b"));
  BOOST_CHECK(scratch.exists("/keep/a/file"));
  directories.prune("/keep/a", "/keep");
  BOOST_CHECK(scratch.exists("/keep/a/file"));
}

BOOST_AUTO_TEST_CASE(prune_does_not_touch_the_directory_that_stays_itself) {
  const test::ScratchDirectory scratch;
  scratch.directory("/keep");
  const Root root = scratch.root();
  Directories directories(root);
  directories.prune("/keep", "/keep");
  directories.prune("/keep", "/keep/below");
  directories.prune("/", "/");
  BOOST_CHECK(scratch.exists("/keep"));
}

BOOST_AUTO_TEST_CASE(prune_goes_on_above_a_directory_that_is_gone_already) {
  const test::ScratchDirectory scratch;
  scratch.directory("/keep/a/b");
  const Root root = scratch.root();
  Directories directories(root);
  directories.prune("/keep/a/b/gone", "/keep");
  BOOST_CHECK(!scratch.exists("/keep/a"));
  scratch.directory("/keep/a/b");
  directories.prune("/keep/a/b/gone/too", "/keep");
  BOOST_CHECK(!scratch.exists("/keep/a"));
  BOOST_CHECK(scratch.exists("/keep"));
}

BOOST_AUTO_TEST_CASE(prune_leaves_links_and_files_in_a_directorys_place) {
  const test::ScratchDirectory scratch;
  scratch.directory("/outside/empty");
  scratch.link("/keep/a/link", "/outside/empty");
  scratch.file("/keep/b/file");
  const Root root = scratch.root();
  both_ways([&] {
    Directories directories(root);
    directories.prune("/keep/a/link", "/keep");
    directories.prune("/keep/b/file", "/keep");
    BOOST_CHECK(scratch.exists("/keep/a/link"));
    BOOST_CHECK(scratch.exists("/keep/b/file"));
    BOOST_CHECK(scratch.exists("/outside/empty"));
  });
}

BOOST_AUTO_TEST_CASE(a_pruned_directory_can_be_made_again) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Directories directories(root);
  BOOST_REQUIRE(directories.make("/keep/a/b"));
  directories.prune("/keep/a/b", "/keep");
  BOOST_REQUIRE(!scratch.exists("/keep/a"));
  const auto fd = directories.make("/keep/a/b");
  BOOST_REQUIRE_MESSAGE(fd, pysup::test::why(fd));
  BOOST_CHECK_EQUAL(inode(*fd), scratch.status("/keep/a/b").st_ino);
}

BOOST_AUTO_TEST_CASE(what_changed_can_be_synced_even_when_its_directory_went) {
  const test::ScratchDirectory scratch;
  const Root root = scratch.root();
  Directories directories(root);
  BOOST_CHECK(directories.sync());
  BOOST_REQUIRE(directories.make("/a/b"));
  directories.prune("/a/b", "/");
  BOOST_CHECK(directories.sync());
}

} // namespace
} // namespace pysup::os
