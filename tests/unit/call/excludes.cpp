// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/excludes.hpp"

#include "why.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::call {

BOOST_AUTO_TEST_SUITE(excludes)

BOOST_AUTO_TEST_CASE(expressions_that_are_none) {
  Call call;
  call.excludes = {"a.*", "(", "b"};
  const std::string why = test::why(Excludes::compile(call));
  BOOST_CHECK_MESSAGE(why.starts_with("regular expression is not valid: (: "), why);
}

/// By re.match, on the path and on what is below the place (python3-defaults, filter_files).
BOOST_AUTO_TEST_CASE(paths_match_whole_or_below_their_place) {
  Call call;
  call.excludes = {"/usr/share/foo/old", "tests?/", "x\\.py$"};
  const auto found = Excludes::compile(call);
  BOOST_REQUIRE(found);
  for (const char* path : {"/usr/share/foo/old/a.py", "/usr/share/foo/tests/a.py",
                           "/usr/share/foo/test/b.py", "/usr/share/foo/x.py"}) {
    BOOST_CHECK_MESSAGE(found->match(path, "/usr/share/foo"), path);
    BOOST_CHECK_MESSAGE(found->match(path, "/usr/share/foo//"), path);
  }
  for (const char* path : {"/usr/share/foo/a.py", "/usr/share/foo/sub/tests/a.py",
                           "/usr/share/foo/sub/x.py", "/usr/share/foo/x.pyc"}) {
    BOOST_CHECK_MESSAGE(!found->match(path, "/usr/share/foo"), path);
  }
  BOOST_CHECK(!found->match("/usr/share/foobar/x.py", "/usr/share/foo"));
  BOOST_CHECK(found->match("/x.py", "/"));
}

BOOST_AUTO_TEST_CASE(without_expressions_nothing_is_left_out) {
  const auto found = Excludes::compile({});
  BOOST_REQUIRE(found);
  BOOST_CHECK(!found->match("/usr/share/foo/a.py", "/usr/share/foo"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::call
