// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trigger_activation.hpp"

#include "scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::cli {
namespace {

/// A program with this body of a shell script.
std::string make_program(const test::ScratchDirectory& place, const std::string& body) {
  place.file("/program", "#!/bin/sh\n" + body);
  std::filesystem::permissions(place.host("/program"), std::filesystem::perms(0755));
  return place.host("/program");
}

} // namespace

BOOST_AUTO_TEST_SUITE(trigger_activation)

/// deb-triggers(5): a file named after the trigger, with a line for each interested package.
BOOST_AUTO_TEST_CASE(interest_is_what_dpkg_has_on_record) {
  const test::ScratchDirectory place;
  BOOST_CHECK(!has_interest_in_trigger(place.host("")));
  place.file("/triggers/python-support", "");
  BOOST_CHECK(!has_interest_in_trigger(place.host("")));
  place.file("/triggers/python-support", "python-support/noawait\n");
  BOOST_CHECK(has_interest_in_trigger(place.host("")));
  place.remove("/triggers/python-support");
  place.directory("/triggers/python-support");
  BOOST_CHECK(!has_interest_in_trigger(place.host("")));
}

BOOST_AUTO_TEST_CASE(the_program_gets_the_trigger_and_our_environment) {
  const test::ScratchDirectory place;
  ::setenv("PYSUP_TEST_VARIABLE", "is there", 1);
  const auto done = activate_trigger(
      make_program(place, "echo \"$*, $PYSUP_TEST_VARIABLE\" > '" + place.host("/called") + "'\n"));
  ::unsetenv("PYSUP_TEST_VARIABLE");
  BOOST_CHECK_EQUAL(test::why(done), "");
  BOOST_CHECK_EQUAL(place.bytes("/called"), "--no-await python-support, is there\n");
}

BOOST_AUTO_TEST_CASE(its_failure_and_words_are_told) {
  const test::ScratchDirectory place;
  const std::string program = make_program(place, "echo unwilling >&2; echo out; exit 2\n");
  BOOST_CHECK_EQUAL(test::why(activate_trigger(program)),
                    program + ": exited with status 2: unwilling");
  BOOST_CHECK_NE(test::why(activate_trigger(place.host("/none"))), "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
