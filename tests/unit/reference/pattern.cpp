// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/pattern.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>

using pysup::reference::Pattern;
using Verdict = pysup::reference::Pattern::Verdict;

namespace {

Pattern compiled(std::string_view text) {
  auto pattern = Pattern::compile(text);
  BOOST_REQUIRE_MESSAGE(pattern, pysup::test::why(pattern));
  return std::move(*pattern);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pattern)

// Each verdict is what Python 3.11's re.match() says of the same pair.
BOOST_AUTO_TEST_CASE(it_matches_as_re_match_does) {
  const struct {
    const char* pattern;
    const char* subject;
    bool matches;
  } cases[] = {
      {R"(.*/async(?:support|filters)\.py)", "/usr/lib/python3/jinja2/asyncsupport.py", true},
      {R"(.*/async(?:support|filters)\.py)", "asyncsupport.py", false},
      {R"(.*/async(?:support|filters)\.py)", "jinja2/asyncfilters.py.in", true},
      {R"(.*/async(?:support|filters)\.py)", "jinja2/xasyncfilters.py", false},
      {".*", "", true},
      {".*", "a\xff.py", true},
      {"", "anything", true},
      {R"(.*\.py$)", "a.py", true},
      {R"(.*\.py$)", "a.pyc", false},
      {R"(.*\.py$)", "a.py\n", true},
      {"(?P<q>[ab])(?P=q)", "aa", true},
      {"(?P<q>[ab])(?P=q)", "ab", false},
      {"(?P<q>[ab])(?P=q)", "xaa", false},
      {"(?i)PY2_", "py2_x.py", true},
      {"(?i)PY2_", "x/py2_", false},
      {"[^/]+/templates/", "app/templates/x.py", true},
      {"[^/]+/templates/", "a/b/templates/x.py", false},
      {"^tests?/", "test/a.py", true},
      {"^tests?/", "a/test/", false},
      {"python2|compat", "compat.py", true},
      {"python2|compat", "x/compat", false},
      {R"((?!keep)\w+\.py)", "keep.py", false},
      {R"((?!keep)\w+\.py)", "kept.py", true},
      {"a{2,3}b", "aab", true},
      {"a{2,3}b", "aaaab", false},
      {"[]x]+y", "]xy", true},
      {"[]x]+y", "y", false},
      {R"(\.py)", "x.py", false},
      {".*a.b", "xa\nb", false},
      {".*a.b", "xacb", true},
      {R"((a)|b\1)", "b", false},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.pattern << " on " << one.subject) {
      const Verdict expected = one.matches ? Verdict::matches : Verdict::differs;
      BOOST_CHECK(compiled(one.pattern).match(one.subject) == expected);
    }
  }
}

// Each pair of verdicts is what Python 3.11's re.search() and re.match() say.
BOOST_AUTO_TEST_CASE(anywhere_it_is_found_as_re_search_does) {
  const struct {
    const char* pattern;
    const char* subject;
    bool found;
    bool matches;
  } cases[] = {
      {R"(\.py)", "x.py", true, false},
      {"test", "/usr/lib/python3/tests/x.py", true, false},
      {"test", "/usr/lib/python3/x.py", false, false},
      {"^tests/", "tests/x.py", true, true},
      {"^tests/", "a/tests/x.py", false, false},
      {"^x", "a\nx", false, false},
      {R"(\Ax)", "ax", false, false},
      {"x$", "ax\n", true, false},
      {R"(\bpy2\b)", "a/py2/x", true, false},
      {"(?:^|/)py2_", "x/py2_a.py", true, false},
      {"(?<=/)bad", "x/bad.py", true, false},
      {"(?<=/)bad", "bad.py", false, false},
      {"[2]x|bad", "a_bad", true, false},
      {"(?!a)", "a", true, false},
      {"", "", true, true},
      {"", "x", true, true},
      {"\xff", "a\xff.py", true, false},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.pattern << " on " << one.subject) {
      const auto anywhere = Pattern::compile(one.pattern, Pattern::Where::anywhere);
      BOOST_REQUIRE_MESSAGE(anywhere, pysup::test::why(anywhere));
      BOOST_CHECK((anywhere->match(one.subject) == Verdict::matches) == one.found);
      BOOST_CHECK((compiled(one.pattern).match(one.subject) == Verdict::matches) == one.matches);
    }
  }
}

BOOST_AUTO_TEST_CASE(anywhere_the_limits_hold_as_well) {
  const std::string subject = std::string(200, 'a') + 'b';
  const auto pattern = Pattern::compile("(?:a|aa)+$", Pattern::Where::anywhere);
  BOOST_REQUIRE_MESSAGE(pattern, pysup::test::why(pattern));
  const std::clock_t start = std::clock();
  BOOST_CHECK(pattern->match(subject) == Verdict::too_hard);
  BOOST_CHECK_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 2);
  BOOST_CHECK(!Pattern::compile("(", Pattern::Where::anywhere));
}

BOOST_AUTO_TEST_CASE(what_is_no_pattern_is_an_error) {
  for (const char* text :
       {"*", "(", "[a", "(?P<a", "(?<=a+)b", "(*UTF)a", "(*UCP)a", "(?P=x)", "a{2,1}", ")", "\\"}) {
    const auto pattern = Pattern::compile(text);
    BOOST_REQUIRE_MESSAGE(!pattern, text);
    BOOST_CHECK_NE(pattern.error().message.find(" at byte "), std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(huge_patterns_are_refused_in_bounded_time) {
  BOOST_CHECK(!Pattern::compile(std::string(1'000'000, 'a')));
  BOOST_CHECK(!Pattern::compile(std::string(2000, '(') + std::string(2000, ')')));
  BOOST_CHECK(!Pattern::compile("((((a{1,1000}){1,1000}){1,1000}){1,1000})"));
}

BOOST_AUTO_TEST_CASE(a_hostile_pattern_is_given_up_in_bounded_time) {
  const std::string subject = std::string(200, 'a') + 'b';
  for (const char* text :
       {"(?:a|aa)+$", "(a*)*$", "(?:(?R)|a)*[cd]", "(a?){100}a{100}(a?){100}[cd]",
        "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[cd]"}) {
    BOOST_TEST_CONTEXT(text) {
      const Pattern pattern = compiled(text);
      const std::clock_t start = std::clock();
      const Verdict verdict = pattern.match(subject);
      const double spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
      BOOST_TEST_MESSAGE(text << ": " << spent << " s");
      BOOST_CHECK(verdict != Verdict::matches);
      BOOST_CHECK_LT(spent, 2); // seconds; an exponential search would not end today
    }
  }
  BOOST_CHECK(compiled("(?:a|aa)+$").match(subject) == Verdict::too_hard);
}

BOOST_AUTO_TEST_CASE(the_memory_of_one_match_is_bounded) {
  const Pattern pattern = compiled("(?:(a)|(b))*$"); // remembers every repetition
  BOOST_CHECK(pattern.match(std::string(100, 'a')) == Verdict::matches);
  BOOST_CHECK(pattern.match(std::string(1'000'000, 'a')) == Verdict::too_hard);
}

BOOST_AUTO_TEST_SUITE_END()
