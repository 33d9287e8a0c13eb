// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/journal.hpp"

#include "scratch.hpp"

using namespace pysup::state;
using namespace scratch;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<pysup::os::Text>;

fs::path file_of(const ScratchRoot& scratch) {
  return scratch.state_dir() / "unfinished";
}

void begin(const ScratchRoot& scratch, const Paths& paths) {
  const auto done = Journal::begin(scratch.open(), paths);
  require_value(done);
}

Paths read(const ScratchRoot& scratch) {
  auto paths = Journal::read(scratch.open());
  require_value(paths);
  return std::move(*paths);
}

} // namespace

BOOST_AUTO_TEST_SUITE(journal)

BOOST_AUTO_TEST_CASE(gives_back_the_paths_whatever_bytes_they_have) {
  const ScratchRoot scratch;
  const Paths paths{"/usr/lib/a.py", "/\xff\n\\", "/usr/lib/\xc3\x28 b", "/3"};
  begin(scratch, paths);
  BOOST_TEST(read(scratch) == paths, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_newer_list_takes_the_place_of_an_older_one) {
  const ScratchRoot scratch;
  begin(scratch, Paths(1000, "/a/long/list"));
  begin(scratch, {"/b"});
  BOOST_TEST(read(scratch) == Paths{"/b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_empty_where_there_is_none_and_after_finish) {
  const ScratchRoot scratch;
  BOOST_TEST(read(scratch).empty());
  BOOST_TEST(Journal::finish(scratch.open()).has_value());
  BOOST_TEST(!fs::exists(scratch.at("/var")));
  begin(scratch, {"/a"});
  BOOST_TEST(Journal::finish(scratch.open()).has_value());
  BOOST_TEST(read(scratch).empty());
  BOOST_TEST(fs::is_empty(scratch.state_dir()));
  BOOST_TEST(Journal::finish(scratch.open()).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_was_cut_short_counts_as_none) {
  const ScratchRoot scratch;
  begin(scratch, {"/usr/lib/a.py", "/usr/lib/b.py", "/c"});
  const std::string whole = read_file(file_of(scratch));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(file_of(scratch), whole.substr(0, size));
    BOOST_TEST(read(scratch).empty());
  }
  write_file(file_of(scratch), whole + "x");
  BOOST_TEST(read(scratch).empty());
  write_file(file_of(scratch), whole);
  BOOST_TEST(read(scratch).size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_beside_it_does_not_matter) {
  const ScratchRoot scratch;
  write_file(scratch.state_dir() / "unfinished.new", "half");
  write_file(scratch.state_dir() / ".python-support.new", "half");
  BOOST_TEST(read(scratch).empty());
  begin(scratch, {"/a"});
  BOOST_TEST(read(scratch) == Paths{"/a"}, boost::test_tools::per_element());
  BOOST_TEST(!fs::exists(scratch.state_dir() / "unfinished.new"));
}

BOOST_AUTO_TEST_CASE(a_link_in_its_place_is_an_error_to_read_and_replaced_by_begin) {
  const ScratchRoot scratch;
  write_file(scratch.at("/target"), "kept");
  fs::create_directories(scratch.state_dir());
  fs::create_symlink(scratch.at("/target"), file_of(scratch));
  const auto paths = Journal::read(scratch.open());
  BOOST_REQUIRE(!paths.has_value());
  BOOST_TEST(paths.error().message.starts_with("/var/lib/python-support/unfinished: "));
  begin(scratch, {"/a"});
  BOOST_TEST(read_file(scratch.at("/target")) == "kept");
  BOOST_TEST(read(scratch).size() == 1U);
}

BOOST_AUTO_TEST_CASE(says_what_failed_where_it_cannot_be_written) {
  const ScratchRoot scratch;
  fs::create_directories(file_of(scratch)); // a directory in its place
  const auto done = Journal::begin(scratch.open(), {"/a"});
  BOOST_REQUIRE(!done.has_value());
  BOOST_TEST(done.error().message.starts_with("/var/lib/python-support/unfinished: "));
  BOOST_TEST(!fs::exists(scratch.state_dir() / "unfinished.new"));
}

BOOST_AUTO_TEST_SUITE_END()
