// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.hpp"

namespace pysup::pass {
namespace {

/// A private module with bytecode that is as recorded, and a public one whose link is.
struct Settled : Survey {
  Settled() {
    serve_3_11();
    ask("a.public", {"m.py"});
    made_link(v311, "m.py", "a.public");
    changes_only = true;
  }
};

BOOST_AUTO_TEST_CASE(where_only_changes_count_there_is_no_fact_of_a_link_that_is_right) {
  Settled survey;
  survey.take();
  BOOST_CHECK(survey.find(link_path) == nullptr);
  BOOST_CHECK(survey.find(cache_path) != nullptr); // which is missing
  survey.changes_only = false;
  survey.take();
  BOOST_CHECK(survey.find(link_path) != nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_to_be_done_again_has_its_fact) {
  Settled survey;
  survey.request.force_all = true;
  survey.take();
  BOOST_CHECK(survey.fact(link_path).forced);
}

BOOST_AUTO_TEST_CASE(what_is_recorded_otherwise_has_its_fact) {
  Settled survey;
  survey.snapshot.files.front().reference = "b.public";
  survey.take();
  BOOST_CHECK(!survey.fact(link_path).recorded);
}

BOOST_AUTO_TEST_CASE(what_nobody_wants_has_its_fact) {
  Settled survey;
  survey.references.clear();
  survey.take();
  BOOST_CHECK(!survey.fact(link_path).wanted);
}

BOOST_AUTO_TEST_CASE(what_was_looked_at_before_is_what_is_there) {
  const test::ScratchDirectory scratch;
  scratch.file("/d/there.pyc", "12345");
  scratch.set_time("/d/there.pyc", 7, 8);
  scratch.link("/d/link.pyc", "there.pyc");
  std::vector<state::File> files(4);
  files[0].path = "/d/there.pyc";
  files[1].path = "/d/gone.pyc";
  files[2].path = "/d/link.pyc";
  files[3].path = "/d/there.pyc";
  for (std::size_t i = 0; i < 3; ++i) {
    files[i].kind = state::FileKind::bytecode;
  }
  files[3].kind = state::FileKind::link;
  const os::Root root = scratch.root();
  Ahead ahead(root, files);
  ahead.look();
  const auto there = ahead.at(files[0], files);
  BOOST_REQUIRE(there);
  BOOST_CHECK(there->exists && there->type == os::FileType::regular);
  BOOST_CHECK_EQUAL(there->size, 5);
  BOOST_CHECK_EQUAL(there->mtime_ns, 7'000'000'008);
  BOOST_CHECK(!ahead.at(files[1], files).value().exists);
  BOOST_CHECK(!ahead.at(files[2], files)); // whose text is wanted besides
  BOOST_CHECK(!ahead.at(files[3], files));
  // Rows that were taken out meanwhile would give the wrong answers.
  const std::vector<state::File> fewer(files.begin(), files.begin() + 2);
  BOOST_CHECK(!ahead.at(fewer[0], fewer));
}

} // namespace
} // namespace pysup::pass
