// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/replace_file.hpp"

#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

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

} // namespace
} // namespace pysup::os
