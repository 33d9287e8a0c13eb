// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/replace_file.hpp"

#include "child.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace pysup::os {
namespace {

class Place : public test::ScratchDirectory {
 public:
  Place() : fd_(::open(host("").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    BOOST_REQUIRE(fd_);
  }
  [[nodiscard]] int dir() const { return fd_.get(); }
  [[nodiscard]] static std::string temporary() { return fmt::format("/{}", temporary_name); }

 private:
  Fd fd_;
};

/// Writing over LIMIT bytes fails (EFBIG) for as long as it lives, as on a full disk.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t limit) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit now{limit, before_.rlim_max};
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

BOOST_AUTO_TEST_CASE(a_new_file_has_the_bytes_and_the_exact_mode) {
  const mode_t before = ::umask(077);
  for (const unsigned mode : {0644U, 0600U, 0755U, 0666U}) {
    const Place place;
    const auto made = replace_file(place.dir(), "new", "abc", mode);
    BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
    BOOST_CHECK_EQUAL(place.bytes("/new"), "abc");
    BOOST_CHECK_EQUAL(place.status("/new").st_mode & 07777, mode);
    BOOST_CHECK(*made == to_file_info(place.status("/new")));
    BOOST_CHECK_EQUAL(place.count(""), 1);
  }
  ::umask(before);
}

BOOST_AUTO_TEST_CASE(an_old_file_is_replaced_and_not_written_to) {
  const Place place;
  place.file("/name", "old");
  std::filesystem::create_hard_link(place.host("/name"), place.host("/other"));
  BOOST_REQUIRE(replace_file(place.dir(), "name", "", 0644));
  BOOST_CHECK_EQUAL(place.bytes("/name"), "");
  BOOST_CHECK_EQUAL(place.bytes("/other"), "old");
}

BOOST_AUTO_TEST_CASE(a_link_is_replaced_and_not_followed) {
  const Place place;
  place.file("/target", "old");
  place.link("/name", "target");
  BOOST_REQUIRE(replace_file(place.dir(), "name", "new", 0644));
  BOOST_CHECK(S_ISREG(place.status("/name").st_mode));
  BOOST_CHECK_EQUAL(place.bytes("/target"), "old");
}

BOOST_AUTO_TEST_CASE(a_link_takes_the_place_of_files_and_links) {
  const Place place;
  place.file("/file");
  place.link("/link", "old");
  for (const char* name : {"file", "link", "new"}) {
    const auto made = replace_link(place.dir(), name, "/some/where");
    BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
    const std::string path = std::string("/") + name;
    BOOST_CHECK_EQUAL(place.link_text(path), "/some/where");
    BOOST_CHECK(*made == to_file_info(place.status(path)));
  }
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

BOOST_AUTO_TEST_CASE(a_directory_is_in_the_way_even_when_it_is_empty) {
  const Place place;
  place.directory("/name");
  const auto file = replace_file(place.dir(), "name", "abc", 0644);
  BOOST_REQUIRE(!file);
  BOOST_CHECK(file.error().message.find("name") != std::string::npos);
  BOOST_CHECK_NE(file.error().code, 0);
  BOOST_CHECK(!replace_link(place.dir(), "name", "target"));
  BOOST_CHECK(S_ISDIR(place.status("/name").st_mode));
  BOOST_CHECK_EQUAL(place.count(""), 1);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_leaves_everything_as_it_was) {
  const Place place;
  place.file("/old", "old");
  {
    const SizeLimit limit(100);
    const std::string bytes(101, 'x');
    BOOST_CHECK_EQUAL(replace_file(place.dir(), "old", bytes, 0644).error().code, EFBIG);
    BOOST_CHECK_EQUAL(replace_file(place.dir(), "new", bytes, 0644).error().code, EFBIG);
  }
  BOOST_CHECK_EQUAL(place.bytes("/old"), "old");
  BOOST_CHECK_EQUAL(place.count(""), 1);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_too_long_leaves_nothing) {
  const Place place;
  const std::string name(300, 'n');
  BOOST_CHECK_EQUAL(replace_file(place.dir(), name, "abc", 0644).error().code, ENAMETOOLONG);
  BOOST_CHECK_EQUAL(replace_link(place.dir(), name, "abc").error().code, ENAMETOOLONG);
  BOOST_CHECK_EQUAL(place.count(""), 0);
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_is_neither_followed_nor_kept) {
  const Place place;
  place.file("/victim", "precious");
  place.link(Place::temporary(), "victim");
  BOOST_REQUIRE(replace_file(place.dir(), "a", "new", 0644));
  place.file(Place::temporary(), "torn");
  BOOST_REQUIRE(replace_link(place.dir(), "b", "a"));
  BOOST_CHECK_EQUAL(place.bytes("/a"), "new");
  BOOST_CHECK_EQUAL(place.bytes("/b"), "new");
  BOOST_CHECK_EQUAL(place.bytes("/victim"), "precious");
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

/// No crash of ours leaves one, so somebody else's directory has the name.
BOOST_AUTO_TEST_CASE(a_directory_with_the_temporary_name_is_an_error) {
  const Place place;
  place.file("/name", "old");
  place.file(Place::temporary() + "/theirs", "x");
  BOOST_CHECK(!replace_file(place.dir(), "name", "new", 0644));
  BOOST_CHECK(!replace_link(place.dir(), "name", "new"));
  BOOST_CHECK_EQUAL(place.bytes("/name"), "old");
  BOOST_CHECK_EQUAL(place.bytes(Place::temporary() + "/theirs"), "x");
}

BOOST_AUTO_TEST_CASE(the_left_over_is_removed_on_request) {
  const Place place;
  place.file(Place::temporary());
  place.file("/other");
  remove_temporary(place.dir());
  remove_temporary(place.dir());
  BOOST_CHECK(!place.exists(Place::temporary()));
  BOOST_CHECK(place.exists("/other"));
}

/// Makes getrandom(2) fail from now on in this process, as it does early at boot.
bool without_random_numbers() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getrandom, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  std::uint64_t number = 0;
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 &&
         ::getrandom(&number, sizeof number, GRND_NONBLOCK) < 0;
}

/// What writer WRITER puts into a file: so long that it takes several calls to read.
std::string text_of(int writer) {
  return std::string(300'000, static_cast<char>('a' + writer));
}

/// Writes NAME again and again, or makes it another name of a file of its own.
int write_often(int place, int writer) {
  const std::string own = fmt::format("own{}", writer);
  const std::string text = text_of(writer);
  if (!replace_file_unlocked(place, own, text, 0644)) {
    return 1;
  }
  for (int round = 0; round < 30; ++round) {
    const bool done = round % 2 == 0 ? replace_file_unlocked(place, "name", text, 0644).has_value()
                                     : replace_by_hard_link(place, own, "name").has_value();
    if (!done) {
      return 2;
    }
  }
  return 0;
}

/// A file system with room for 64 KiB on PATH.
class FullDisk {
 public:
  explicit FullDisk(std::string path) : path_(std::move(path)) {
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    if (mounted_) {
      ::umount2(path_.c_str(), MNT_DETACH);
    }
  }
  [[nodiscard]] bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

BOOST_AUTO_TEST_CASE(without_the_lock_the_mode_is_less_the_umask) {
  for (const mode_t mask : {0000U, 0022U, 0027U, 0277U}) {
    for (const unsigned mode : {0644U, 0600U, 0666U, 0444U}) {
      const Place place;
      const mode_t before = ::umask(mask);
      const auto made = replace_file_unlocked(place.dir(), "new", "abc", mode);
      ::umask(before);
      BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
      BOOST_CHECK_EQUAL(place.bytes("/new"), "abc");
      BOOST_CHECK_EQUAL(place.status("/new").st_mode & 07777, mode & ~mask);
      BOOST_CHECK(*made == to_file_info(place.status("/new")));
      BOOST_CHECK_EQUAL(place.count(""), 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_the_lock_a_synced_file_is_no_other) {
  const Place place;
  place.file("/name", "old");
  const auto made = replace_file_unlocked(place.dir(), "name", "abc", 0600, Sync::yes);
  BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
  BOOST_CHECK_EQUAL(place.bytes("/name"), "abc");
  BOOST_CHECK(*made == to_file_info(place.status("/name")));
  BOOST_CHECK_EQUAL(place.count(""), 1);
}

BOOST_AUTO_TEST_CASE(without_the_lock_files_and_links_are_replaced_and_not_written_to) {
  const Place place;
  place.file("/name", "old");
  std::filesystem::create_hard_link(place.host("/name"), place.host("/other"));
  place.link("/link", "other");
  BOOST_REQUIRE(replace_file_unlocked(place.dir(), "name", "new", 0644));
  BOOST_REQUIRE(replace_file_unlocked(place.dir(), "link", "newer", 0644));
  BOOST_CHECK_EQUAL(place.bytes("/name"), "new");
  BOOST_CHECK_EQUAL(place.bytes("/other"), "old");
  BOOST_CHECK(S_ISREG(place.status("/link").st_mode));
  BOOST_CHECK_EQUAL(place.bytes("/link"), "newer");
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

BOOST_AUTO_TEST_CASE(without_the_lock_errors_leave_everything_as_it_was) {
  const Place place;
  place.directory("/directory");
  place.file("/old", "old");
  const auto code = [&place](const std::string& name, std::string_view bytes) {
    const auto made = replace_file_unlocked(place.dir(), name, bytes, 0644);
    BOOST_REQUIRE(!made);
    BOOST_CHECK(made.error().message.starts_with(name + ": "));
    return made.error().code;
  };
  BOOST_CHECK_EQUAL(code("directory", "abc"), EISDIR);
  BOOST_CHECK_EQUAL(code(std::string(300, 'n'), "abc"), ENAMETOOLONG);
  BOOST_CHECK_EQUAL(code("", "abc"), ENOENT);
  BOOST_CHECK_EQUAL(replace_file_unlocked(-1, "new", "abc", 0644).error().code, EBADF);
  {
    const SizeLimit limit(100);
    BOOST_CHECK_EQUAL(code("old", std::string(101, 'x')), EFBIG);
    BOOST_CHECK_EQUAL(code("new", std::string(101, 'x')), EFBIG);
    BOOST_CHECK(replace_file_unlocked(place.dir(), "fits", std::string(100, 'x'), 0644));
  }
  BOOST_CHECK_EQUAL(place.bytes("/old"), "old");
  BOOST_CHECK(!place.exists("/new"));
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_everything_as_it_was) {
  const test::ScratchDirectory outside;
  outside.directory("/disk");
  const FullDisk disk(outside.host("/disk"));
  if (!disk.mounted()) {
    BOOST_TEST_MESSAGE("no right to mount a small file system: a size limit stands for it above");
    return;
  }
  outside.file("/disk/old", "old");
  const Fd place(::open(outside.host("/disk").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::string much(100'000, 'x');
  for (const char* name : {"old", "new"}) {
    BOOST_CHECK_EQUAL(replace_file_unlocked(place.get(), name, much, 0644).error().code, ENOSPC);
    BOOST_CHECK_EQUAL(replace_file(place.get(), name, much, 0644).error().code, ENOSPC);
  }
  BOOST_CHECK_EQUAL(outside.bytes("/disk/old"), "old");
  BOOST_CHECK_EQUAL(outside.count("/disk"), 1);
  BOOST_CHECK(replace_file_unlocked(place.get(), "old", "new", 0644)); // there is room again
}

BOOST_AUTO_TEST_CASE(temporary_files_of_others_are_left_alone) {
  const Place place;
  const std::string theirs = Place::temporary() + ".0123456789abcdef";
  place.file(Place::temporary(), "of who has the lock");
  place.file(theirs, "theirs");
  BOOST_REQUIRE(replace_file_unlocked(place.dir(), "a", "new", 0644));
  BOOST_REQUIRE(replace_by_hard_link(place.dir(), "a", "b"));
  BOOST_CHECK_EQUAL(place.bytes(Place::temporary()), "of who has the lock");
  BOOST_CHECK_EQUAL(place.bytes(theirs), "theirs");
  BOOST_CHECK_EQUAL(place.count(""), 4);
}

BOOST_AUTO_TEST_CASE(a_temporary_name_that_is_taken_is_never_written_to) {
  constexpr int not_to_be_tried = 77;
  const Place place;
  place.file("/victim", "precious");
  // Without random numbers the name is known before: it may be somebody's file or link.
  Child child([&place] {
    if (!without_random_numbers()) {
      return not_to_be_tried;
    }
    const bool free = replace_file_unlocked(place.dir(), "a", "new", 0644).has_value() &&
                      replace_by_hard_link(place.dir(), "a", "b").has_value();
    const std::string taken = fmt::format("{}.{:016x}", temporary_name, ::getpid());
    if (!free || ::symlinkat("victim", place.dir(), taken.c_str()) != 0) {
      return 1;
    }
    const auto file = replace_file_unlocked(place.dir(), "a", "newer", 0644);
    const auto link = replace_by_hard_link(place.dir(), "victim", "b");
    return !file && file.error().code == EEXIST && !link && link.error().code == EEXIST ? 0 : 2;
  });
  const int status = child.wait();
  if (status == not_to_be_tried << 8) {
    BOOST_TEST_MESSAGE("random numbers cannot be kept from a process here");
    return;
  }
  BOOST_CHECK_EQUAL(status, 0);
  BOOST_CHECK_EQUAL(place.bytes("/victim"), "precious");
  BOOST_CHECK_EQUAL(place.bytes("/a"), "new");
  BOOST_CHECK_EQUAL(place.bytes("/b"), "new");
  BOOST_CHECK_EQUAL(place.count(""), 4);
}

BOOST_AUTO_TEST_CASE(writers_at_once_leave_one_whole_file_and_nothing_else) {
  const Place place;
  place.file("/name", text_of(0));
  Child first([&place] { return write_often(place.dir(), 0); });
  Child second([&place] { return write_often(place.dir(), 1); });
  for (int round = 0; round < 60; ++round) {
    const std::string text = place.bytes("/name"); // it is there at any time
    BOOST_REQUIRE(text == text_of(0) || text == text_of(1));
  }
  BOOST_CHECK_EQUAL(first.wait(), 0);
  BOOST_CHECK_EQUAL(second.wait(), 0);
  BOOST_CHECK_EQUAL(place.count(""), 3); // and what each has of its own
}

BOOST_AUTO_TEST_CASE(a_hard_link_takes_the_place_of_files_and_links) {
  const Place place;
  place.file("/existing", "bytes");
  place.file("/file", "old");
  std::filesystem::create_hard_link(place.host("/file"), place.host("/other"));
  place.link("/link", "other");
  for (const char* name : {"file", "link", "new"}) {
    const auto made = replace_by_hard_link(place.dir(), "existing", name);
    BOOST_REQUIRE_MESSAGE(made, pysup::test::why(made));
    BOOST_CHECK_EQUAL(place.status(std::string("/") + name).st_ino,
                      place.status("/existing").st_ino);
  }
  BOOST_CHECK_EQUAL(place.status("/existing").st_nlink, 4U);
  BOOST_CHECK_EQUAL(place.bytes("/other"), "old");
  BOOST_CHECK_EQUAL(place.count(""), 5);
}

BOOST_AUTO_TEST_CASE(a_hard_link_that_is_there_already_stays) {
  const Place place;
  place.file("/existing", "bytes");
  BOOST_REQUIRE(replace_by_hard_link(place.dir(), "existing", "name"));
  for (const char* name : {"name", "existing"}) {
    BOOST_REQUIRE(replace_by_hard_link(place.dir(), "existing", name));
    BOOST_CHECK_EQUAL(place.status("/existing").st_nlink, 2U);
    BOOST_CHECK_EQUAL(place.count(""), 2);
  }
}

BOOST_AUTO_TEST_CASE(a_hard_link_that_cannot_be_leaves_everything_as_it_was) {
  const Place place;
  place.file("/existing", "bytes");
  place.file("/old", "old");
  place.directory("/directory");
  const auto code = [&place](const std::string& existing, const std::string& name) {
    const auto made = replace_by_hard_link(place.dir(), existing, name);
    BOOST_REQUIRE(!made);
    BOOST_CHECK(made.error().message.starts_with(name + ": "));
    return made.error().code;
  };
  BOOST_CHECK_EQUAL(code("missing", "old"), ENOENT);
  BOOST_CHECK_EQUAL(code("directory", "old"), EPERM); // directories have one name
  BOOST_CHECK_EQUAL(code("existing", "directory"), EISDIR);
  BOOST_CHECK_EQUAL(code("existing", std::string(300, 'n')), ENAMETOOLONG);
  BOOST_CHECK_EQUAL(place.bytes("/old"), "old");
  BOOST_CHECK_EQUAL(place.status("/existing").st_nlink, 1U);
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

} // namespace
} // namespace pysup::os
