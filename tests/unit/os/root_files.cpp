// SPDX-License-Identifier: GPL-2.0-or-later
#include "both_ways.hpp"
#include "os/root.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::os {
namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_CASE(a_root_must_be_a_directory) {
  const test::ScratchDirectory scratch;
  scratch.file("/file");
  scratch.directory("/real");
  scratch.link("/link", "real");
  const auto missing = Root::open(scratch.host("/missing"));
  BOOST_REQUIRE(!missing);
  BOOST_CHECK_EQUAL(missing.error().code, ENOENT);
  BOOST_CHECK(missing.error().message.find("/missing") != std::string::npos);
  BOOST_CHECK_EQUAL(Root::open(scratch.host("/file")).error().code, ENOTDIR);

  const Root by_link = scratch.root("/link");
  BOOST_CHECK_EQUAL(by_link.dir(), std::filesystem::canonical(scratch.host("/real")).string());
  BOOST_CHECK(!by_link.is_host());
  BOOST_CHECK_EQUAL(by_link.host_path("/x/y"), by_link.dir() + "/x/y");
}

BOOST_AUTO_TEST_CASE(the_hosts_root_gives_paths_as_they_are) {
  const auto host = Root::open("/");
  BOOST_REQUIRE(host);
  BOOST_CHECK(host->is_host());
  BOOST_CHECK_EQUAL(host->dir(), "/");
  BOOST_CHECK_EQUAL(host->host_path("/x/y"), "/x/y");
  const test::ScratchDirectory scratch;
  scratch.file("/file", "abc");
  scratch.link("/link", "file");
  BOOST_CHECK_EQUAL(host->read(scratch.host("/link"), 3).value().bytes, "abc");
  BOOST_CHECK(host->link_info(scratch.host("/link")).value().type == FileType::symlink);
  BOOST_CHECK_EQUAL(host->info(scratch.host("/link")).value().size, 3);
}

BOOST_AUTO_TEST_CASE(a_file_is_read_whole_up_to_the_limit) {
  const test::ScratchDirectory scratch;
  const std::string bytes = "a\0b\xff\n"s;
  scratch.file("/five", bytes);
  scratch.file("/empty", "");
  const Root root = scratch.root();
  both_ways([&] {
    BOOST_CHECK_EQUAL(root.read("/five", 5).value().bytes, bytes);
    BOOST_CHECK_EQUAL(root.read("/five", 5).value().info.size, 5);
    BOOST_CHECK_EQUAL(root.read("/five", 4).error().code, EFBIG);
    BOOST_CHECK_EQUAL(root.read("/empty", 0).value().bytes, "");
    BOOST_CHECK_EQUAL(root.read("/missing", 5).error().code, ENOENT);
    BOOST_CHECK(root.read("/missing", 5).error().message.find("/missing") != std::string::npos);
  });
}

/// Files of proc(5) are regular and say that they have no bytes.
BOOST_AUTO_TEST_CASE(a_file_that_is_longer_than_it_says_is_read_whole_or_not_at_all) {
  const auto host = Root::open("/");
  BOOST_REQUIRE(host);
  const auto text = host->read("/proc/self/status", 1 << 20);
  BOOST_REQUIRE_MESSAGE(text, pysup::test::why(text));
  BOOST_CHECK_EQUAL(text->info.size, 0);
  BOOST_CHECK(text->bytes.starts_with("Name:"));
  BOOST_CHECK(text->bytes.ends_with("\n"));
  BOOST_CHECK_EQUAL(host->read("/proc/self/status", 10).error().code, EFBIG);
}

BOOST_AUTO_TEST_CASE(a_descriptor_is_read_from_the_files_start) {
  const test::ScratchDirectory scratch;
  scratch.file("/file", "0123456789");
  const Fd fd(::open(scratch.host("/file").c_str(), O_RDONLY | O_CLOEXEC));
  BOOST_REQUIRE(fd);
  BOOST_REQUIRE_EQUAL(::lseek(fd.get(), 4, SEEK_SET), 4);
  BOOST_CHECK_EQUAL(read_all(fd.get(), 100, "file").value().bytes, "0123456789");
  BOOST_CHECK_EQUAL(read_all(fd.get(), 9, "file").error().code, EFBIG);
  BOOST_CHECK(read_all(fd.get(), 9, "/the/name").error().message.starts_with("/the/name"));
}

/// Opening a FIFO that nobody writes to would block for ever.
BOOST_AUTO_TEST_CASE(only_regular_files_are_opened) {
  const test::ScratchDirectory scratch;
  scratch.file("/file");
  scratch.directory("/dir");
  scratch.link("/to_file", "file");
  scratch.link("/to_dir", "dir");
  scratch.link("/to_fifo", "fifo");
  scratch.link("/dangling", "nowhere");
  BOOST_REQUIRE_EQUAL(::mkfifo(scratch.host("/fifo").c_str(), 0644), 0);
  const Root root = scratch.root();
  both_ways([&] {
    BOOST_CHECK(root.open_file("/file"));
    BOOST_CHECK(root.open_file("/to_file"));
    for (const char* path : {"/dir", "/to_dir", "/fifo", "/to_fifo"}) {
      const auto fd = root.open_file(path);
      BOOST_REQUIRE_MESSAGE(!fd, path << " was opened");
      BOOST_CHECK_MESSAGE(fd.error().message.find(path) != std::string::npos, fd.error().message);
    }
    BOOST_CHECK_EQUAL(root.open_file("/dangling").error().code, ENOENT);
    BOOST_CHECK_EQUAL(root.open_file("/file/x").error().code, ENOTDIR);
  });
}

BOOST_AUTO_TEST_CASE(a_directory_is_listed_in_the_order_of_bytes) {
  const test::ScratchDirectory scratch;
  scratch.file("/d/b");
  scratch.file("/d/B");
  scratch.file("/d/\xff");
  scratch.directory("/d/a");
  scratch.link("/d/.hidden", "a");
  BOOST_REQUIRE_EQUAL(::mkfifo(scratch.host("/d/a-").c_str(), 0644), 0);
  const Root root = scratch.root();
  both_ways([&] {
    const auto entries = root.list("/d").value();
    const std::vector<std::pair<std::string, FileType>> expected = {
        {".hidden", FileType::symlink}, {"B", FileType::regular}, {"a", FileType::directory},
        {"a-", FileType::other},        {"b", FileType::regular}, {"\xff", FileType::regular}};
    BOOST_REQUIRE_EQUAL(entries.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      BOOST_CHECK_EQUAL(entries[i].name, expected[i].first);
      BOOST_CHECK_MESSAGE(entries[i].type == expected[i].second, entries[i].name);
    }
    BOOST_CHECK_EQUAL(root.list("/d/.hidden").value().size(), 0);
    BOOST_CHECK_EQUAL(root.list("/missing").error().code, ENOENT);
    BOOST_CHECK_EQUAL(root.list("/d/b").error().code, ENOTDIR);
  });
}

BOOST_AUTO_TEST_CASE(info_says_what_stat_says) {
  const test::ScratchDirectory scratch;
  scratch.file("/file", "1234567");
  std::filesystem::create_hard_link(scratch.host("/file"), scratch.host("/other"));
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("/file").c_str(), 04751), 0);
  scratch.set_time("/file", -3, 999'999'999);
  const Root root = scratch.root();
  both_ways([&] {
    const FileInfo info = root.info("/file").value();
    const auto st = scratch.status("/file");
    BOOST_CHECK(info.type == FileType::regular);
    BOOST_CHECK_EQUAL(info.mode, 04751);
    BOOST_CHECK_EQUAL(info.size, 7);
    BOOST_CHECK_EQUAL(info.mtime_sec, -3);
    BOOST_CHECK_EQUAL(info.mtime_nsec, 999'999'999);
    BOOST_CHECK_EQUAL(info.links, 2);
    BOOST_CHECK_EQUAL(info.inode, st.st_ino);
    BOOST_CHECK_EQUAL(info.device, st.st_dev);
    BOOST_CHECK(info == root.link_info("/other").value());
  });
}

BOOST_AUTO_TEST_CASE(a_path_is_taken_apart) {
  const struct {
    const char *path, *parent, *name;
  } paths[] = {{"/a/b/c", "/a/b", "c"}, {"/a", "/", "a"}, {"/", "/", ""}, {"a", "", "a"}};
  for (const auto& one : paths) {
    BOOST_CHECK_EQUAL(parent_of(one.path), one.parent);
    BOOST_CHECK_EQUAL(name_of(one.path), one.name);
  }
}

} // namespace
} // namespace pysup::os
