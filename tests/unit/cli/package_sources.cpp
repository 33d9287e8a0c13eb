// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/package_sources.hpp"

#include "scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::cli {
namespace {

using Sources = std::vector<std::string>;

void check_sources(const test::ScratchDirectory& place, std::string_view package,
                   const Sources& expected) {
  const auto found = package_sources(place.host(""), package);
  BOOST_REQUIRE_MESSAGE(found, test::why(found));
  BOOST_TEST(*found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(package_sources_of_dpkg)

BOOST_AUTO_TEST_CASE(python_sources_alone_sorted) {
  const test::ScratchDirectory place;
  place.file("/info/foo.list", "/.\n/usr\n/usr/b.py\n/usr/a.py\n/usr/a.pyc\n/usr/py\n/usr/b.py\n");
  check_sources(place, "foo", {"/usr/a.py", "/usr/b.py"});
}

BOOST_AUTO_TEST_CASE(a_last_line_without_its_end_counts) {
  const test::ScratchDirectory place;
  place.file("/info/foo.list", "/usr/a.py");
  check_sources(place, "foo", {"/usr/a.py"});
}

BOOST_AUTO_TEST_CASE(lists_by_architecture) {
  const test::ScratchDirectory place;
  place.file("/info/foo:amd64.list", "/a.py\n/both.py\n");
  place.file("/info/foo:i386.list", "/both.py\n/i.py\n");
  place.file("/info/foo-doc:i386.list", "/doc.py\n");
  place.file("/info/foo:i386.md5sums", "/sum.py\n");
  place.file("/info/bar.list", "/bar.py\n");
  check_sources(place, "foo", {"/a.py", "/both.py", "/i.py"});
  check_sources(place, "foo:i386", {"/both.py", "/i.py"});
  check_sources(place, "bar:amd64", {"/bar.py"});
  BOOST_CHECK(!package_sources(place.host(""), "foo:arm64"));
}

/// dpkg-divert(1): a package's own diversion is not about its own file.
BOOST_AUTO_TEST_CASE(diverted_sources_are_where_they_are) {
  const test::ScratchDirectory place;
  place.file("/info/foo.list", "/local.py\n/by-other.py\n/own.py\n/to.txt\n");
  place.file("/diversions", "/local.py\n/local.kept.py\n:\n"
                            "/by-other.py\n/by-other.py.distrib\nother\n"
                            "/own.py\n/own.distrib.py\nfoo\n"
                            "/to.txt\n/to.py\n:\n");
  check_sources(place, "foo", {"/local.kept.py", "/own.py", "/to.py"});
}

BOOST_AUTO_TEST_CASE(damaged_diversions_are_an_error) {
  const test::ScratchDirectory place;
  place.file("/info/foo.list", "/a.py\n");
  place.file("/diversions", "/a.py\n/b.py\n");
  BOOST_CHECK(!package_sources(place.host(""), "foo"));
}

BOOST_AUTO_TEST_CASE(what_is_not_installed_and_what_is_no_name) {
  const test::ScratchDirectory place;
  place.file("/secret.list", "/a.py\n");
  place.directory("/info");
  BOOST_CHECK_EQUAL(test::why(package_sources(place.host(""), "foo")),
                    "package 'foo' is not installed");
  for (const char* name : {"", "../secret", ":amd64", "foo:", "foo:../../secret", "a b", "."}) {
    const std::string why = test::why(package_sources(place.host(""), name));
    BOOST_CHECK_EQUAL(why, "\"" + std::string(name) + "\" is not the name of a package");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
