// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/check.hpp"
#include "pass/outcome.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::pass {
namespace {

/// update-python-modules(8), EXIT STATUS: 0 done, 1 done but something failed, 3 not done.
BOOST_AUTO_TEST_CASE(the_exit_status_tells_how_a_pass_went) {
  Outcome outcome;
  outcome.warnings = {"a warning is no failure"};
  BOOST_CHECK_EQUAL(outcome.exit_status(), 0);
  Outcome conflicted = outcome;
  conflicted.conflicts.emplace_back();
  BOOST_CHECK_EQUAL(conflicted.exit_status(), 1);
  Outcome failed = outcome;
  failed.failures.emplace_back();
  BOOST_CHECK_EQUAL(failed.exit_status(), 1);
  failed.failures.front().before = true;
  BOOST_CHECK_EQUAL(failed.exit_status(), 1);
  failed.fatal = Error{"no space", 28};
  BOOST_CHECK_EQUAL(failed.exit_status(), 3);
}

BOOST_AUTO_TEST_CASE(the_exit_status_of_a_check_tells_what_is_still_wrong) {
  CheckReport report;
  BOOST_CHECK_EQUAL(report.exit_status(), 0);
  report.repaired.emplace_back();
  BOOST_CHECK_EQUAL(report.exit_status(), 0);
  report.findings.emplace_back();
  BOOST_CHECK_EQUAL(report.exit_status(), 1);
  report.fatal = Error{"no state", 0};
  BOOST_CHECK_EQUAL(report.exit_status(), 3);
}

BOOST_AUTO_TEST_CASE(a_version_that_only_was_up_to_date_had_nothing_done) {
  VersionReport report;
  report.up_to_date = 5;
  report.deferred = 2;
  BOOST_CHECK(!report.did_something());
  for (auto count : {&VersionReport::linked, &VersionReport::compiled, &VersionReport::restamped,
                     &VersionReport::removed, &VersionReport::failed}) {
    VersionReport one = report;
    one.*count = 1;
    BOOST_CHECK(one.did_something());
  }
}

} // namespace
} // namespace pysup::pass
