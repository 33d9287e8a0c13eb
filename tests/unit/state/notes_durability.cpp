// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is on disk when write_note() returns. No test can take the power away, so this one looks at
// which files are synced, by standing before the functions of libc.
#include "state/notes.hpp"

#include "scratch.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace {

/// Inodes in the order in which they were synced, by other tests' threads too.
std::vector<ino_t> synced;
std::mutex synced_mutex;
/// Not 0: the errno of every sync.
int sync_fails_with = 0;

int watched_sync(long call, int fd) {
  struct stat st {};
  if (::fstat(fd, &st) == 0) {
    const std::lock_guard lock(synced_mutex);
    synced.push_back(st.st_ino);
  }
  if (sync_fails_with != 0) {
    errno = sync_fails_with;
    return -1;
  }
  return static_cast<int>(::syscall(call, fd));
}

ino_t inode_of(const std::filesystem::path& path) {
  struct stat st {};
  BOOST_REQUIRE_EQUAL(::lstat(path.c_str(), &st), 0);
  return st.st_ino;
}

} // namespace

extern "C" int fsync(int fd) {
  return watched_sync(SYS_fsync, fd);
}
extern "C" int fdatasync(int fd) {
  return watched_sync(SYS_fdatasync, fd);
}

BOOST_AUTO_TEST_SUITE(notes_durability)

BOOST_AUTO_TEST_CASE(the_file_and_then_its_name_are_on_disk) {
  const scratch::ScratchRoot scratch;
  synced.clear();
  BOOST_REQUIRE(pysup::state::write_note(scratch.open(), "foo"));
  const std::vector<ino_t> order = synced;
  const std::filesystem::path directory = scratch.state_dir() / "notes";
  const std::filesystem::path file = *std::filesystem::directory_iterator(directory);
  const auto of_file = std::find(order.begin(), order.end(), inode_of(file));
  const auto of_name = std::find(order.begin(), order.end(), inode_of(directory));
  BOOST_REQUIRE(of_file != order.end() && of_name != order.end());
  BOOST_CHECK(of_file < of_name);
  // and so are the names of the directories that were made for it
  for (const char* made_in : {"/var/lib", "/var/lib/python-support"}) {
    BOOST_CHECK_MESSAGE(std::count(order.begin(), order.end(), inode_of(scratch.at(made_in))) > 0,
                        made_in);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_on_disk_is_an_error) {
  const scratch::ScratchRoot scratch;
  BOOST_REQUIRE(pysup::state::write_note(scratch.open(), "foo"));
  sync_fails_with = EIO;
  const auto done = pysup::state::write_note(scratch.open(), "bar");
  sync_fails_with = 0;
  BOOST_CHECK(!done);
}

BOOST_AUTO_TEST_SUITE_END()
