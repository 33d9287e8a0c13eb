// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is expected here is what Debian's py3clean, a program on Python's optparse, does with the
// same words.
#include "cli/py3clean_options.hpp"

#include "option_line.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::cli {
namespace {

using CleanWords = std::initializer_list<const char*>;

Py3cleanOptions to_clean(CleanWords words) {
  return test::options_of(parse_py3clean_options, words);
}

void check_clean_ends(CleanWords words, int status, const std::string& text) {
  test::check_line_ends(parse_py3clean_options, words, status, text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(py3clean_options)

BOOST_AUTO_TEST_CASE(package_places_and_version) {
  const auto options = to_clean({"/a", "-V", "3.13", "-p", "foo:i386", "b.py", "-v"});
  BOOST_CHECK_EQUAL(options.package, "foo:i386");
  const std::vector<std::string> places{"/a", "b.py"};
  BOOST_TEST(options.places == places, boost::test_tools::per_element());
  BOOST_CHECK(options.version == v313);
  BOOST_CHECK(options.verbose);
}

BOOST_AUTO_TEST_CASE(without_a_version_all_are_meant) {
  BOOST_CHECK(!to_clean({"-p", "foo"}).version);
  BOOST_CHECK(!to_clean({"-V", "", "-p", "foo"}).version);
  BOOST_CHECK(!to_clean({"-v", "-q", "--package=foo"}).verbose);
}

BOOST_AUTO_TEST_CASE(versions_to_clean) {
  BOOST_CHECK((to_clean({"-V", "3.1", "/a"}).version == Version{3, 1}));
  BOOST_CHECK((to_clean({"-V", "-3.1", "/a"}).version == Version{3, 1}));
  BOOST_CHECK((to_clean({"-V3.13.1", "/a"}).version == v313)); // and not 3.1
  for (const char* wrong : {"3", "x", "-3.2", "3.", "3.1-"}) {
    check_clean_ends({"-V", wrong, "/a"}, 2, "py3clean: error: version is invalid: ");
  }
}

BOOST_AUTO_TEST_CASE(misuse_nothing_to_do_and_questions) {
  check_clean_ends({"-X", "x", "/a"}, 2, "py3clean: error: no such option: -X\n");
  check_clean_ends({"-p"}, 2, "py3clean: error: -p option requires 1 argument\n");
  check_clean_ends({}, 1, "Usage: py3clean [-V VERSION] [-p PACKAGE] [DIR_OR_FILE]\n");
  check_clean_ends({"-V", "3.13"}, 1, "Usage: py3clean ");
  check_clean_ends({"--help"}, 0, "--package=PACKAGE");
  check_clean_ends({"--version"}, 0, "py3clean ");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
