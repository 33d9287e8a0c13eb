// SPDX-License-Identifier: GPL-2.0-or-later
//
// What ranges mean is what debpython's parse_vrange() and get_requested_versions() make of them.
#include "reference/version_range.hpp"

#include "versions.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace pysup::reference {
namespace {

VersionRange range_of(std::string_view text) {
  const auto range = parse_version_range(text);
  BOOST_REQUIRE_MESSAGE(range, text << ": " << test::why(range));
  return *range;
}

/// Which of some telling versions are in the range TEXT.
std::string versions_in(std::string_view text) {
  std::string found;
  for (const char* version : {"2.7", "3.1", "3.2", "3.9", "3.10", "3.11", "3.13", "4.0"}) {
    if (range_of(text).contains(parse_version(version).value())) {
      found += (found.empty() ? "" : " ") + std::string(version);
    }
  }
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(version_range)

BOOST_AUTO_TEST_CASE(the_end_does_not_belong_to_a_range) {
  BOOST_CHECK_EQUAL(versions_in("3.2-3.11"), "3.2 3.9 3.10");
  BOOST_CHECK_EQUAL(versions_in("-3.10"), "2.7 3.1 3.2 3.9");
  BOOST_CHECK_EQUAL(versions_in("3.2-4.0"), "3.2 3.9 3.10 3.11 3.13");
}

BOOST_AUTO_TEST_CASE(open_ranges_and_single_versions) {
  BOOST_CHECK_EQUAL(versions_in("3.9-"), "3.9 3.10 3.11 3.13 4.0");
  BOOST_CHECK_EQUAL(versions_in("3.9"), "3.9");
  BOOST_CHECK_EQUAL(versions_in("3.9-3.9"), "3.9");
  BOOST_CHECK_EQUAL(versions_in(""), "2.7 3.1 3.2 3.9 3.10 3.11 3.13 4.0");
  BOOST_CHECK_EQUAL(versions_in("-"), versions_in(""));
  BOOST_CHECK(range_of("3.9").is_single());
  BOOST_CHECK(!range_of("3.9-").is_single());
  BOOST_CHECK(!range_of("").is_single());
}

BOOST_AUTO_TEST_CASE(what_is_no_range) {
  for (const char* text : {"3", "x", "3.x", "3.13-3.9", "--", "3.9-x", "x-3.9", "3.9-3.10-3.11",
                           " ", "3.9 - 3.11", "3.256", "3.-1"}) {
    BOOST_CHECK_MESSAGE(!parse_version_range(text), text);
  }
}

BOOST_AUTO_TEST_CASE(the_text_of_a_range_stands_for_it) {
  for (const char* text : {"", "-", "3.9", "3.9-", "-3.13", "3.9-3.13", "3.9-3.9", "0.0", "-0.0",
                           "255.255", "0.0-255.255"}) {
    const VersionRange range = range_of(text);
    BOOST_CHECK_MESSAGE(range_of(to_text(range)) == range, text << ": " << to_text(range));
  }
  BOOST_CHECK_EQUAL(to_text(VersionRange{}), "-");
  BOOST_CHECK_EQUAL(to_text(VersionRange{v39, v313}), "3.9-3.13");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
