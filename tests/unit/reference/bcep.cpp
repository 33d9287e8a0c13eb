// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/bcep.hpp"

#include "scratch_root.hpp"

using namespace std::string_view_literals;

namespace pysup::reference {

namespace {

const std::string bcep_dir = "/usr/share/python3/bcep/";

struct Fixture : ScratchRoot {
  std::vector<Problem> problems;

  Exceptions exceptions(std::string_view bytes) {
    file(bcep_dir + "x", bytes);
    return Exceptions::load(root(), problems);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bcep, Fixture)

BOOST_AUTO_TEST_CASE(without_the_directory_nothing_is_excluded) {
  const Exceptions none = Exceptions::load(root(), problems);
  BOOST_CHECK(none.empty());
  BOOST_CHECK(!none.excludes({3, 11}, "/a.py"));
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(each_kind_excludes_its_files) {
  const Exceptions loaded = exceptions("# comment\n"
                                       "\n"
                                       "file|-|/usr/share/foo/one.py\n"
                                       "dir|-|/usr/share/dir\n"
                                       "dir|-|/usr/share/slashes//|ignored\n"
                                       "re|-|/usr/share/re|.*/async(?:support|filters)\\.py\n"
                                       "re|-|/usr/share/below|[ab]\\.py$\n"
                                       "re|-|/usr/share/whole|/usr/share/whole/x\n"
                                       "re|-|/usr/share/bars|a|b\n"
                                       "re|-|/usr/share/nopattern\n");
  check_same(problems, {});
  const struct {
    const char* path;
    bool excluded;
  } cases[] = {{"/usr/share/foo/one.py", true},
               {"/usr/share/foo/one.pyx", false},
               {"/usr/share/foo/two.py", false},
               {"/usr/share/dir/a/b.py", true},
               {"/usr/share/dir", false},
               {"/usr/share/dirx/a.py", false},
               {"/usr/share/slashes/a.py", true},
               {"/usr/share/re/x/asyncsupport.py", true},
               {"/usr/share/re/x/async.py", false},
               {"/usr/share/elsewhere/x/asyncsupport.py", false},
               {"/usr/share/below/a.py", true},
               {"/usr/share/below/c.py", false},
               {"/usr/share/below/x/a.py", false},
               {"/usr/share/whole/x.py", true},
               {"/usr/share/whole/y.py", false},
               {"/usr/share/bars/a.py", true},
               {"/usr/share/bars/b.py", true},
               {"/usr/share/bars/c.py", false},
               {"/usr/share/nopattern/any/thing.py", true}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.path) {
      BOOST_CHECK_EQUAL(loaded.excludes({3, 11}, one.path), one.excluded);
    }
  }
  check_same(loaded.take_problems(), {});
}

// The end of a range does not belong to it, as in py3compile's own option -V.
BOOST_AUTO_TEST_CASE(versions_are_half_open_ranges) {
  const struct {
    const char* range;
    std::vector<Version> inside;
    std::vector<Version> outside;
  } cases[] = {{"", {{2, 7}, {3, 0}, {3, 15}, {4, 0}}, {}},
               {"-", {{2, 7}, {3, 0}, {3, 15}, {4, 0}}, {}},
               {"3.9", {{3, 9}}, {{3, 8}, {3, 10}, {3, 0}}},
               {"3.9-3.9", {{3, 9}}, {{3, 8}, {3, 10}}},
               {"3.9-3.11", {{3, 9}, {3, 10}}, {{3, 8}, {3, 11}}},
               {"-3.6", {{2, 7}, {3, 5}}, {{3, 6}, {3, 10}}},
               {"3.6-", {{3, 6}, {3, 10}, {4, 0}}, {{3, 5}, {2, 7}}},
               {"-3.0", {{2, 7}}, {{3, 0}}},
               {" 3.9 ", {{3, 9}}, {{3, 10}}}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.range) {
      const Exceptions loaded = exceptions("dir|" + std::string(one.range) + "|/usr\n");
      for (const Version version : one.inside) {
        BOOST_CHECK_MESSAGE(loaded.excludes(version, "/usr/a.py"), version.text());
      }
      for (const Version version : one.outside) {
        BOOST_CHECK_MESSAGE(!loaded.excludes(version, "/usr/a.py"), version.text());
      }
    }
  }
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_skipped_and_the_rest_kept) {
  const struct {
    std::string_view line;
    std::string_view told;
  } cases[] = {{"<html>", "is not KIND|VERSIONS|PATH|PATTERN, skipped"},
               {"dir|3.1", "is not KIND|VERSIONS|PATH|PATTERN, skipped"},
               {"file|3.x|/a", "\"3.x\" is not a range of versions, skipped"},
               {"file|3.9-3.6|/a", "\"3.9-3.6\" is not a range of versions, skipped"},
               {"glob|-|/a|*", "\"glob\" is neither file nor dir nor re, skipped"},
               {"re|-|/a|(x", "\"(x\": missing closing parenthesis at byte 2, skipped"},
               {"\0\x1b|-|/a"sv, "\"\\x00\\x1b\" is neither"}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.told) {
      problems.clear();
      const Exceptions loaded =
          exceptions("dir|-|/first\r\n" + std::string(one.line) + "\ndir|-|/last");
      check_problem(problems, 2, {one.told});
      BOOST_CHECK_EQUAL(problems.front().reference, bcep_dir + "x");
      BOOST_CHECK(loaded.excludes({3, 9}, "/first/a.py"));
      BOOST_CHECK(loaded.excludes({3, 9}, "/last/a.py"));
      BOOST_CHECK(!loaded.excludes({3, 9}, "/a"));
    }
  }
}

BOOST_AUTO_TEST_CASE(all_files_but_hidden_ones_are_read) {
  file(bcep_dir + "b", "dir|-|/b\n");
  file(bcep_dir + "a", "dir|-|/a\n");
  file(bcep_dir + ".h", "dir|-|/h\n");
  directory(bcep_dir + "c");
  link(bcep_dir + "d", "nowhere");
  link(bcep_dir + "e", "../e");
  file("/usr/share/python3/e", "dir|-|/e\n");
  const Exceptions loaded = Exceptions::load(root(), problems);
  for (const char* path : {"/a/x.py", "/b/x.py", "/e/x.py"}) {
    BOOST_CHECK(loaded.excludes({3, 9}, path));
  }
  BOOST_CHECK(!loaded.excludes({3, 9}, "/h/x.py"));
  BOOST_REQUIRE_EQUAL(problems.size(), 2);
  BOOST_CHECK_EQUAL(problems[0].reference, bcep_dir + "c");
  BOOST_CHECK_EQUAL(problems[1].reference, bcep_dir + "d");
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_does_not_fill_the_log) {
  std::string page;
  for (int i = 0; i < 10'000; ++i) {
    page += "<p>not an exception</p>\n";
  }
  BOOST_CHECK(exceptions(page).empty());
  BOOST_CHECK_EQUAL(problems.size(), ProblemLog::most + 1);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_takes_too_long_is_given_up_once) {
  const Exceptions loaded = exceptions("re|-|/usr|(?:/?u?s?r?/?)?(?:a|aa)+$\ndir|-|/usr/dir\n");
  const std::string hard = "/usr/" + std::string(200, 'a') + 'b';
  for (int i = 0; i < 1000; ++i) {
    BOOST_REQUIRE(!loaded.excludes({3, 9}, hard));
  }
  const auto noticed = loaded.take_problems();
  check_problem(noticed, 1, {"takes too long", "does not count"});
  BOOST_CHECK_EQUAL(noticed.front().reference, bcep_dir + "x");
  BOOST_CHECK(loaded.excludes({3, 9}, "/usr/dir/a.py")); // other rules still do
  check_same(loaded.take_problems(), {});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
