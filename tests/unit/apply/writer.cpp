// SPDX-License-Identifier: GPL-2.0-or-later
#include "apply/writer.hpp"

#include "os/openat2.hpp"
#include "os/replace_file.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace pysup::apply {
namespace {

using test::ScratchDirectory;

BOOST_AUTO_TEST_CASE(a_link_is_made_with_its_directories) {
  const ScratchDirectory scratch;
  const os::Root root = scratch.root();
  Writer writer(root);
  const auto made = writer.link("/t/a/b.py", "/usr/share/pyshared/a/b.py");
  BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
  BOOST_CHECK_EQUAL(scratch.link_text("/t/a/b.py"), "/usr/share/pyshared/a/b.py");
  BOOST_CHECK(*made == os::to_file_info(scratch.status("/t/a/b.py")));
  BOOST_CHECK_EQUAL(scratch.count("/t/a"), 1);
}

BOOST_AUTO_TEST_CASE(a_file_is_made_with_its_directories) {
  const ScratchDirectory scratch;
  const os::Root root = scratch.root();
  Writer writer(root);
  const auto made = writer.file("/t/__pycache__/x.pyc", std::string("a\0b", 3), 0640);
  BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
  BOOST_CHECK_EQUAL(scratch.bytes("/t/__pycache__/x.pyc"), std::string("a\0b", 3));
  BOOST_CHECK_EQUAL(scratch.status("/t/__pycache__/x.pyc").st_mode & 07777, 0640);
  BOOST_CHECK(*made == os::to_file_info(scratch.status("/t/__pycache__/x.pyc")));
}

BOOST_AUTO_TEST_CASE(errors_name_the_whole_path) {
  const ScratchDirectory scratch;
  scratch.directory("/t/dir");
  scratch.file("/t/file");
  const os::Root root = scratch.root();
  Writer writer(root);
  for (const char* path : {"/t/dir", "/t/file/x"}) {
    for (const auto& made : {writer.link(path, "x"), writer.file(path, "x", 0644)}) {
      BOOST_REQUIRE_MESSAGE(!made, path << " was made");
      BOOST_CHECK_MESSAGE(made.error().message.find("/t/") != std::string::npos,
                          made.error().message);
      BOOST_CHECK_NE(made.error().code, 0);
    }
  }
  const auto removed = writer.remove("/t/dir", "/t");
  BOOST_REQUIRE(!removed);
  BOOST_CHECK(removed.error().message.starts_with("/t/dir"));
}

/// a.py becomes a/__init__.py and back, as an upgrade may have it.
BOOST_AUTO_TEST_CASE(a_file_gives_way_to_a_directory_and_back) {
  const ScratchDirectory scratch;
  const os::Root root = scratch.root();
  Writer writer(root);
  for (int round = 0; round < 3; ++round) {
    BOOST_REQUIRE(writer.link("/t/a", "/src/a"));
    BOOST_REQUIRE(writer.remove("/t/a", "/t"));
    BOOST_REQUIRE(writer.link("/t/a/b/c", "/src/a/b/c"));
    BOOST_REQUIRE(writer.file("/t/a/b/__pycache__/c", "x", 0644));
    BOOST_CHECK(!writer.link("/t/a", "/src/a"));
    BOOST_REQUIRE(writer.remove("/t/a/b/__pycache__/c", "/t"));
    BOOST_REQUIRE(writer.remove("/t/a/b/c", "/t"));
    BOOST_CHECK(!scratch.exists("/t/a"));
    BOOST_CHECK(scratch.exists("/t"));
  }
}

BOOST_AUTO_TEST_CASE(remove_leaves_what_is_kept_and_what_is_in_use) {
  const ScratchDirectory scratch;
  scratch.file("/keep/a/b/file");
  scratch.file("/keep/a/other");
  const os::Root root = scratch.root();
  Writer writer(root);
  BOOST_REQUIRE(writer.remove("/keep/a/b/file", "/keep"));
  BOOST_CHECK(!scratch.exists("/keep/a/b"));
  BOOST_CHECK(scratch.exists("/keep/a/other"));
  BOOST_REQUIRE(writer.remove("/keep/a/other", "/keep/a"));
  BOOST_CHECK(scratch.exists("/keep/a"));
}

BOOST_AUTO_TEST_CASE(what_is_gone_already_is_no_error_and_keeps_no_directory) {
  const ScratchDirectory scratch;
  scratch.directory("/keep/a/b");
  const os::Root root = scratch.root();
  Writer writer(root);
  BOOST_CHECK(writer.remove("/keep/a/b/gone", "/keep"));
  BOOST_CHECK(!scratch.exists("/keep/a"));
  scratch.directory("/keep/a");
  BOOST_CHECK(writer.remove("/keep/a/gone/__pycache__/x.pyc", "/keep"));
  BOOST_CHECK(!scratch.exists("/keep/a"));
  BOOST_CHECK(scratch.exists("/keep"));
  scratch.file("/keep/file");
  BOOST_CHECK(writer.remove("/keep/file/x", "/keep"));
  BOOST_CHECK(scratch.exists("/keep/file"));
}

BOOST_AUTO_TEST_CASE(remove_takes_the_link_and_not_what_it_leads_to) {
  const ScratchDirectory scratch;
  scratch.file("/target/file");
  scratch.link("/t/link", "../target/file");
  scratch.link("/t/directory", "../target");
  const os::Root root = scratch.root();
  Writer writer(root);
  BOOST_CHECK(writer.remove("/t/link", "/t"));
  BOOST_CHECK(writer.remove("/t/directory", "/t"));
  BOOST_CHECK(scratch.exists("/target/file"));
  BOOST_CHECK_EQUAL(scratch.count("/t"), 0);
}

/// Whoever may write into a directory of the tree could put a link to /etc in its place.
BOOST_AUTO_TEST_CASE(nothing_is_changed_behind_a_link_in_a_directorys_place) {
  for (const bool off : {false, true}) {
    os::disable_openat2_for_tests(off);
    const ScratchDirectory scratch;
    scratch.file("/etc/file", "0123456789");
    scratch.directory("/etc/empty");
    scratch.link("/t/d", "../etc");
    const os::Root root = scratch.root();
    Writer writer(root);
    BOOST_CHECK(!writer.link("/t/d/new", "x"));
    BOOST_CHECK(!writer.link("/t/d/file", "x"));
    BOOST_CHECK(!writer.file("/t/d/file", "x", 0644));
    BOOST_CHECK(!writer.file("/t/d/empty/new", "x", 0644));
    BOOST_CHECK(!writer.replace_head("/t/d/file", "xxxx"));
    static_cast<void>(writer.remove("/t/d/file", "/t"));
    static_cast<void>(writer.remove("/t/d/empty/x", "/t"));
    writer.clear_temporary("/t/d");
    BOOST_CHECK_EQUAL(scratch.bytes("/etc/file"), "0123456789");
    BOOST_CHECK_EQUAL(scratch.count("/etc"), 2);
    BOOST_CHECK_EQUAL(scratch.count("/etc/empty"), 0);
  }
  os::disable_openat2_for_tests(false);
}

BOOST_AUTO_TEST_CASE(only_the_first_bytes_are_replaced) {
  const ScratchDirectory scratch;
  scratch.file("/t/x.pyc", "0123456789");
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("/t/x.pyc").c_str(), 0640), 0);
  const auto before = scratch.status("/t/x.pyc");
  const os::Root root = scratch.root();
  Writer writer(root);
  const auto written = writer.replace_head("/t/x.pyc", "abcd");
  BOOST_REQUIRE_MESSAGE(written, pysup::test::why(written));
  BOOST_CHECK_EQUAL(scratch.bytes("/t/x.pyc"), "abcd456789");
  BOOST_CHECK_EQUAL(scratch.status("/t/x.pyc").st_mode, before.st_mode);
  BOOST_CHECK(*written == os::to_file_info(scratch.status("/t/x.pyc")));
}

BOOST_AUTO_TEST_CASE(other_names_of_a_file_keep_what_they_have) {
  const ScratchDirectory scratch;
  scratch.file("/t/x.pyc", "0123456789");
  std::filesystem::create_hard_link(scratch.host("/t/x.pyc"), scratch.host("/backup"));
  const os::Root root = scratch.root();
  Writer writer(root);
  const auto written = writer.replace_head("/t/x.pyc", "abcd");
  BOOST_REQUIRE_MESSAGE(written, pysup::test::why(written));
  BOOST_CHECK_EQUAL(scratch.bytes("/t/x.pyc"), "abcd456789");
  BOOST_CHECK_EQUAL(scratch.bytes("/backup"), "0123456789");
  BOOST_CHECK(*written == os::to_file_info(scratch.status("/t/x.pyc")));
}

BOOST_AUTO_TEST_CASE(a_head_is_only_written_to_a_regular_file) {
  const ScratchDirectory scratch;
  scratch.file("/precious", "0123456789");
  scratch.link("/t/link", "/precious");
  scratch.directory("/t/dir");
  BOOST_REQUIRE_EQUAL(::mkfifo(scratch.host("/t/fifo").c_str(), 0644), 0);
  const os::Root root = scratch.root();
  Writer writer(root);
  for (const char* path : {"/t/link", "/t/dir", "/t/fifo", "/t/missing", "/missing/x"}) {
    const auto written = writer.replace_head(path, "abcd");
    BOOST_REQUIRE_MESSAGE(!written, path << " was written to");
    BOOST_CHECK(!written.error().message.empty());
  }
  BOOST_CHECK_EQUAL(scratch.bytes("/precious"), "0123456789");
  BOOST_CHECK(!scratch.exists("/t/missing"));
}

BOOST_AUTO_TEST_CASE(a_left_over_is_cleared_and_nothing_else) {
  const ScratchDirectory scratch;
  const std::string left_over = std::string("/t/") + os::temporary_name;
  scratch.file(left_over, "torn");
  scratch.file("/t/other");
  const os::Root root = scratch.root();
  Writer writer(root);
  writer.clear_temporary("/t");
  writer.clear_temporary("/missing");
  BOOST_CHECK(!scratch.exists(left_over));
  BOOST_CHECK_EQUAL(scratch.count("/t"), 1);
  BOOST_CHECK(!scratch.exists("/missing"));
}

BOOST_AUTO_TEST_CASE(everything_done_can_be_synced) {
  const ScratchDirectory scratch;
  const os::Root root = scratch.root();
  Writer writer(root);
  BOOST_CHECK(writer.sync());
  BOOST_REQUIRE(writer.file("/t/a", "x", 0644));
  BOOST_REQUIRE(writer.remove("/t/a", "/"));
  BOOST_CHECK(writer.sync());
}

BOOST_AUTO_TEST_CASE(only_some_errors_mean_that_nothing_more_can_be_written) {
  for (const int code : {ENOSPC, EDQUOT, EROFS}) {
    BOOST_CHECK(is_out_of_room(system_error("x", code)));
  }
  for (const int code : {0, EACCES, EISDIR, ENOTDIR, ESTALE, EIO, EFBIG}) {
    BOOST_CHECK(!is_out_of_room(system_error("x", code)));
  }
}

} // namespace
} // namespace pysup::apply
