// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/notes.hpp"

#include "scratch.hpp"

#include <sys/stat.h>
#include <thread>

using namespace pysup::state;
using namespace scratch;
namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

fs::path directory_of_notes(const ScratchRoot& scratch) {
  return scratch.state_dir() / "notes";
}

void note(const ScratchRoot& scratch, std::string_view text) {
  const auto done = write_note(scratch.open(), text);
  require_value(done);
}

std::vector<Note> all_notes(const ScratchRoot& scratch, std::size_t warnings_expected = 0) {
  Texts warnings;
  auto notes = read_notes(scratch.open(), warnings);
  require_value(notes);
  BOOST_CHECK_EQUAL(warnings.size(), warnings_expected);
  return std::move(*notes);
}

/// Sorted.
Texts texts_of(const ScratchRoot& scratch, std::size_t warnings_expected = 0) {
  Texts texts;
  for (const Note& one : all_notes(scratch, warnings_expected)) {
    texts.push_back(one.text);
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

void forget(const ScratchRoot& scratch, const std::vector<Note>& notes) {
  const auto done = forget_notes(scratch.open(), notes);
  require_value(done);
}

void check_texts(const ScratchRoot& scratch, const Texts& expected, std::size_t warnings = 0) {
  BOOST_TEST(texts_of(scratch, warnings) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(notes)

BOOST_AUTO_TEST_CASE(what_is_noted_is_read_whatever_its_bytes) {
  const ScratchRoot scratch;
  const std::string bytes("\0\n\xff x", 5);
  note(scratch, "foo");
  note(scratch, bytes);
  note(scratch, "");
  check_texts(scratch, {"", bytes, "foo"});
}

BOOST_AUTO_TEST_CASE(noted_twice_is_there_once) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  note(scratch, "bar");
  note(scratch, "foo");
  check_texts(scratch, {"bar", "foo"});
}

BOOST_AUTO_TEST_CASE(without_the_directory_there_is_none_and_none_is_made) {
  const ScratchRoot scratch;
  check_texts(scratch, {});
  forget(scratch, {});
  BOOST_CHECK(!fs::exists(scratch.at("/var")));
}

/// A name that is not on disk is lost in a crash; the same text has the same name for ever.
BOOST_AUTO_TEST_CASE(the_name_is_made_of_the_text_alone) {
  const ScratchRoot one;
  const ScratchRoot other;
  note(one, "foo");
  note(other, "bar");
  note(other, "foo");
  const std::string name = all_notes(one).at(0).name;
  BOOST_CHECK_EQUAL(name.size(), 32U);
  BOOST_CHECK(fs::exists(directory_of_notes(other) / name));
  BOOST_CHECK_EQUAL(read_file(directory_of_notes(one) / name), "foo");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_left_beside_a_note) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  note(scratch, "foo");
  BOOST_CHECK_EQUAL(std::distance(fs::directory_iterator(directory_of_notes(scratch)), {}), 1);
}

BOOST_AUTO_TEST_CASE(read_ones_are_forgotten_and_later_ones_stay) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  note(scratch, "bar");
  const auto read = all_notes(scratch);
  note(scratch, "baz");
  forget(scratch, read);
  check_texts(scratch, {"baz"});
  forget(scratch, read); // again
  check_texts(scratch, {"baz"});
}

/// It was noted for a second time after the pass had looked, so the next pass has to look again.
BOOST_AUTO_TEST_CASE(one_that_was_written_again_stays) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  note(scratch, "bar");
  const auto read = all_notes(scratch);
  note(scratch, "foo");
  forget(scratch, read);
  check_texts(scratch, {"foo"});
}

BOOST_AUTO_TEST_CASE(what_is_being_written_is_no_note) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  write_file(directory_of_notes(scratch) / ".unfinished", "half");
  check_texts(scratch, {"foo"});
}

/// Nothing of them is followed, waited for or read into memory whole; the rest counts.
BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_and_stays) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  const fs::path directory = directory_of_notes(scratch);
  write_file(scratch.at("/precious"), "mine");
  fs::create_symlink(scratch.at("/precious"), directory / "link");
  fs::create_symlink("nowhere", directory / "dangling");
  fs::create_directory(directory / "directory");
  BOOST_REQUIRE_EQUAL(::mkfifo((directory / "pipe").c_str(), 0600), 0);
  write_file(directory / "huge", "");
  fs::resize_file(directory / "huge", std::uintmax_t{1} << 30); // no blocks
  check_texts(scratch, {"foo"}, 5);
  forget(scratch, all_notes(scratch, 5));
  BOOST_CHECK_EQUAL(std::distance(fs::directory_iterator(directory), {}), 5);
  BOOST_CHECK_EQUAL(read_file(scratch.at("/precious")), "mine");
}

BOOST_AUTO_TEST_CASE(hostile_names_are_names) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  const Texts names{"a\nb", "\xff\xfe", "-rf", "*", std::string(255, 'x')};
  for (const std::string& name : names) {
    write_file(directory_of_notes(scratch) / name, "text of " + name);
  }
  const auto read = all_notes(scratch);
  BOOST_CHECK_EQUAL(read.size(), names.size() + 1);
  forget(scratch, read);
  BOOST_CHECK(fs::is_empty(directory_of_notes(scratch)));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_place_of_the_directory_is_not_followed) {
  const ScratchRoot scratch;
  fs::create_directories(scratch.at("/elsewhere"));
  fs::create_directories(scratch.state_dir());
  fs::create_symlink(scratch.at("/elsewhere"), directory_of_notes(scratch));
  BOOST_CHECK(!write_note(scratch.open(), "foo"));
  BOOST_CHECK(fs::is_empty(scratch.at("/elsewhere")));
  Texts warnings;
  BOOST_CHECK(!read_notes(scratch.open(), warnings));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_place_of_a_note_gives_way) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  const fs::path path = directory_of_notes(scratch) / all_notes(scratch).at(0).name;
  write_file(scratch.at("/precious"), "mine");
  fs::remove(path);
  fs::create_symlink(scratch.at("/precious"), path);
  note(scratch, "foo");
  check_texts(scratch, {"foo"});
  BOOST_CHECK_EQUAL(read_file(scratch.at("/precious")), "mine");
}

/// No lock is taken: maintainer scripts and others note at the same time.
BOOST_AUTO_TEST_CASE(many_at_once) {
  const ScratchRoot scratch;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 8; ++writer) {
    writers.emplace_back([&scratch, writer] {
      for (int i = 0; i < 20; ++i) {
        static_cast<void>(write_note(scratch.open(), i % 2 == 0 ? "all" : std::to_string(writer)));
      }
    });
  }
  for (std::thread& writer : writers) {
    writer.join();
  }
  check_texts(scratch, {"0", "1", "2", "3", "4", "5", "6", "7", "all"});
}

BOOST_AUTO_TEST_CASE(others_may_not_write_there) {
  const ScratchRoot scratch;
  const mode_t before = ::umask(0);
  note(scratch, "foo");
  ::umask(before);
  constexpr auto writable = fs::perms::group_write | fs::perms::others_write;
  const std::string name = all_notes(scratch).at(0).name;
  BOOST_CHECK((fs::status(directory_of_notes(scratch)).permissions() & writable) ==
              fs::perms::none);
  BOOST_CHECK((fs::status(directory_of_notes(scratch) / name).permissions() & writable) ==
              fs::perms::none);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_an_error, *able_to_become_nobody()) {
  const ScratchRoot scratch;
  note(scratch, "foo");
  const bool refused =
      in_child([&] { return become_nobody() && !write_note(scratch.open(), "bar"); });
  BOOST_CHECK(refused);
  check_texts(scratch, {"foo"});
}

BOOST_AUTO_TEST_SUITE_END()
