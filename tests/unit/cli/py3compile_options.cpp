// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is expected here is what Debian's py3compile, a program on Python's optparse, does with the
// same words.
#include "cli/py3compile_options.hpp"

#include "option_line.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::cli {
namespace {

using Words = std::initializer_list<const char*>;

call::Call asked(Words words) {
  return test::options_of(parse_py3compile_options, words).call;
}

void check_ends(Words words, int status, const std::string& text) {
  test::check_line_ends(parse_py3compile_options, words, status, text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(py3compile_options)

BOOST_AUTO_TEST_CASE(a_package_alone) {
  for (const Words words : {Words{"-p", "python3-foo"}, Words{"-ppython3-foo"},
                            Words{"--package", "python3-foo"}, Words{"--package=python3-foo"},
                            Words{"--pack=python3-foo"}, Words{"-p", "x", "-p", "python3-foo"}}) {
    call::Call expected;
    expected.package = "python3-foo";
    const call::Call call = asked(words);
    BOOST_CHECK_EQUAL(call.package, "python3-foo");
    BOOST_CHECK(call == expected); // and nothing else
  }
}

/// Lesson 12.
BOOST_AUTO_TEST_CASE(the_architecture_of_a_package_makes_no_difference) {
  BOOST_CHECK_EQUAL(asked({"-p", "python3-foo:amd64"}).package, "python3-foo");
}

BOOST_AUTO_TEST_CASE(options_and_arguments_in_any_order) {
  const std::vector<std::string> places{"/usr/share/foo", "rel/x.py"};
  for (const Words words : {Words{"/usr/share/foo", "-p", "foo", "-f", "rel/x.py", "-O"},
                            Words{"-fOp", "foo", "/usr/share/foo", "rel/x.py"},
                            Words{"-Of", "--package", "foo", "--", "/usr/share/foo", "rel/x.py"}}) {
    const call::Call call = asked(words);
    BOOST_TEST(call.places == places, boost::test_tools::per_element());
    BOOST_CHECK_EQUAL(call.package, "foo");
    BOOST_CHECK(call.force && call.optimize);
  }
}

BOOST_AUTO_TEST_CASE(behind_two_dashes_all_are_arguments) {
  const std::vector<std::string> places{"-p", "--", "-"};
  BOOST_TEST(asked({"--", "-p", "--", "-"}).places == places, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_may_begin_with_a_dash) {
  const call::Call call = asked({"-V", "-4.0", "-X", "-x", "--exclude", "--y", "/d"});
  BOOST_CHECK((call.versions == reference::VersionRange{{0, 0}, {4, 0}}));
  const std::vector<std::string> excludes{"-x", "--y"};
  BOOST_TEST(call.excludes == excludes, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(versions) {
  BOOST_CHECK(asked({"/d"}).versions == reference::VersionRange{});
  BOOST_CHECK(asked({"-V", "-", "/d"}).versions == reference::VersionRange{});
  BOOST_CHECK((asked({"-V", "3.13", "/d"}).versions == reference::VersionRange{v313, v313}));
  BOOST_CHECK((asked({"-V3.11-3.13", "/d"}).versions == reference::VersionRange{v311, v313}));
  BOOST_CHECK(asked({"-V", "3.11-", "/d"}).versions.first == v311);
  check_ends({"-V", "three", "/d"}, 2, "py3compile: error: version range is invalid: three\n");
  check_ends({"-V", "3.13-3.11", "/d"}, 2, "version range is invalid: 3.13-3.11\n");
}

BOOST_AUTO_TEST_CASE(the_last_of_quiet_and_verbose_counts) {
  const auto verbose = [](Words words) {
    return test::parse_line(parse_py3compile_options, words).options.value().verbose;
  };
  BOOST_CHECK(!verbose({"/d"}));
  BOOST_CHECK(verbose({"-q", "-v", "/d"}));
  BOOST_CHECK(!verbose({"--verbose", "--quiet", "/d"}));
}

BOOST_AUTO_TEST_CASE(misuse) {
  check_ends({"-z", "/d"}, 2, "py3compile: error: no such option: -z\n");
  check_ends({"-fz", "/d"}, 2, "py3compile: error: no such option: -z\n");
  check_ends({"--zeal=1", "/d"}, 2, "py3compile: error: no such option: --zeal\n");
  check_ends({"--ver", "/d"}, 2, "py3compile: error: "); // verbose or version?
  check_ends({"/d", "-p"}, 2, "py3compile: error: -p option requires 1 argument\n");
  check_ends({"/d", "--exclude"}, 2, "--exclude option requires 1 argument\n");
  check_ends({"--force=1", "/d"}, 2, "--force option does not take a value\n");
  check_ends({"-z"}, 2, "Usage: py3compile [-V [X.Y][-][A.B]] DIR_OR_FILE [-X REGEXPR]\n");
}

BOOST_AUTO_TEST_CASE(exclusion_is_for_places) {
  check_ends({"-p", "foo", "-X", "x"}, 2, "/usr/share/python3/bcep");
  check_ends({"-X", "x"}, 2, "/usr/share/python3/bcep");
  BOOST_CHECK_EQUAL(asked({"-p", "foo", "-X", "x", "/d"}).excludes.size(), 1U);
}

BOOST_AUTO_TEST_CASE(nothing_to_do) {
  // Whether the versions are there is looked at first, so this is no error of the command line.
  for (const Words words : {Words{}, Words{"-f", "-V", "3.13"}}) {
    const auto parsed = test::parse_line(parse_py3compile_options, words);
    BOOST_REQUIRE(parsed.options);
    BOOST_CHECK(!parsed.options->asks_for_something());
  }
  const test::CapturedStream out(std::cout);
  BOOST_CHECK_EQUAL(show_py3compile_usage(), 1);
  BOOST_CHECK(out.text().starts_with("Usage: py3compile "));
}

BOOST_AUTO_TEST_CASE(questions) {
  check_ends({"-h"}, 0, "--exclude=REGEXPR");
  check_ends({"--help"}, 0, "Usage: py3compile ");
  check_ends({"--version"}, 0, "py3compile ");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
