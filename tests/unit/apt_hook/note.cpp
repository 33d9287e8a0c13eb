// SPDX-License-Identifier: GPL-2.0-or-later
#include "apt_hook/note.hpp"

#include "scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::apt_hook {
namespace {

constexpr const char* path = "/var/lib/python-support/apt-transaction";

Note full_note() {
  Note note;
  note.transaction = "process 12 begun 34";
  note.root = "/srv/t";
  note.jobs = 3;
  note.debug = true;
  note.packages = {"bar", "foo"};
  return note;
}

BOOST_AUTO_TEST_SUITE(note)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const test::ScratchDirectory place;
  const os::Root root = place.root();
  BOOST_REQUIRE(write_note(root, full_note()));
  const auto read = read_note(root);
  BOOST_REQUIRE(read && *read);
  BOOST_CHECK(**read == full_note());
}

BOOST_AUTO_TEST_CASE(without_a_note_there_is_nothing_to_do) {
  const test::ScratchDirectory place;
  const os::Root root = place.root();
  const auto before = read_note(root);
  BOOST_REQUIRE(before);
  BOOST_CHECK(!*before);
  BOOST_REQUIRE(write_note(root, {}));
  BOOST_REQUIRE(remove_note(root));
  const auto after = read_note(root);
  BOOST_REQUIRE(after);
  BOOST_CHECK(!*after);
  BOOST_CHECK(remove_note(root)); // again
}

/// To lose what was to be done is worse than to look once more.
BOOST_AUTO_TEST_CASE(a_note_that_cannot_be_understood_is_about_everything) {
  for (const char* text :
       {"", "{", "null", "[]", "{\"format\": 2}", "{\"format\": \"x\"}",
        "{\"format\": 1, \"packages\": 3, \"root\": [], \"jobs\": \"x\"}", "\xff\xfe"}) {
    BOOST_TEST_CONTEXT(text) {
      const test::ScratchDirectory place;
      place.file(path, text);
      const auto read = read_note(place.root());
      BOOST_REQUIRE(read && *read);
      BOOST_CHECK((*read)->interpreters);
      BOOST_CHECK_EQUAL((*read)->root, "/");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_link_in_its_place_is_not_followed) {
  const test::ScratchDirectory place;
  const os::Root root = place.root();
  place.file("/precious", "mine");
  place.directory("/var/lib/python-support");
  place.link(path, "/precious");
  BOOST_REQUIRE(write_note(root, full_note()));
  BOOST_CHECK_EQUAL(std::filesystem::file_size(place.host("/precious")), 4U);
  BOOST_CHECK(!std::filesystem::is_symlink(place.host(path)));
}

BOOST_AUTO_TEST_CASE(a_transaction_has_a_name_that_stays) {
  BOOST_CHECK(!this_transaction().empty());
  BOOST_CHECK_EQUAL(this_transaction(), this_transaction());
  BOOST_CHECK(is_this_transaction(this_transaction()));
  BOOST_CHECK(!is_this_transaction("process 1 begun 987654321987"));
  BOOST_CHECK(!is_this_transaction(""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::apt_hook
