// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/maintainer_script.hpp"

#include "scratch_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

namespace pysup::cli {
namespace {

os::Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

} // namespace

BOOST_AUTO_TEST_SUITE(maintainer_script)

BOOST_AUTO_TEST_CASE(the_package_that_calls) {
  BOOST_CHECK_EQUAL(calling_package(environment_of({})), "");
  BOOST_CHECK_EQUAL(calling_package(environment_of({{"DPKG_MAINTSCRIPT_PACKAGE", "foo"}})), "foo");
}

BOOST_AUTO_TEST_CASE(the_directory_of_dpkg) {
  const test::ScratchDirectory place;
  place.directory("/data/dpkg");
  place.link("/var/lib/dpkg", "/data/dpkg");
  const os::Root root = place.root();
  BOOST_CHECK_EQUAL(dpkg_directory(root, environment_of({})), root.host_path("/data/dpkg"));
  BOOST_CHECK_EQUAL(dpkg_directory(root, environment_of({{"DPKG_ADMINDIR", "/x"}})), "/x");
  BOOST_CHECK_EQUAL(dpkg_directory(root, environment_of({{"DPKG_ADMINDIR", ""}})),
                    root.host_path("/data/dpkg"));
}

BOOST_AUTO_TEST_CASE(places_of_this_machine) {
  const auto root = os::Root::open("/");
  BOOST_REQUIRE(root);
  const auto place = [&](const char* argument) {
    return place_in_root(*root, environment_of({}), "/work", argument);
  };
  BOOST_CHECK_EQUAL(place("/usr/share/foo"), "/usr/share/foo");
  BOOST_CHECK_EQUAL(place("/usr/share/foo/"), "/usr/share/foo/");
  BOOST_CHECK_EQUAL(place("a.py"), "/work/a.py");
  BOOST_CHECK_EQUAL(place("./b/../a.py"), "/work/a.py");
  BOOST_CHECK_EQUAL(place("../../.."), "/");
}

BOOST_AUTO_TEST_CASE(places_of_another_root) {
  const test::ScratchDirectory scratch;
  scratch.directory("/target");
  scratch.link("/link", "target");
  const os::Root root = scratch.root("/target");
  const os::Environment environment = environment_of({{"DPKG_ROOT", scratch.host("/link/")}});
  const auto place = [&](const std::string& directory, const std::string& argument) {
    return place_in_root(root, environment, directory, argument);
  };
  BOOST_CHECK_EQUAL(place("/", "/usr/share/foo"), "/usr/share/foo");
  BOOST_CHECK_EQUAL(place("/", scratch.host("/link/usr/share/foo")), "/usr/share/foo");
  BOOST_CHECK_EQUAL(place("/", root.dir() + "/usr/share/foo/"), "/usr/share/foo/");
  BOOST_CHECK_EQUAL(place(root.dir(), "a.py"), "/a.py");
  BOOST_CHECK_EQUAL(place("/", root.dir()), "/");
  BOOST_CHECK_EQUAL(place("/", root.dir() + "-other/a.py"), root.dir() + "-other/a.py");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
