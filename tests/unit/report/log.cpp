// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/log.hpp"

#include "report/text.hpp"
#include "scratch_directory.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

namespace pysup::report {
namespace {

pass::Outcome outcome_of_two_versions() {
  pass::Outcome outcome;
  outcome.changed.push_back({"foo.public", "python3-foo", "1.2-1", false});
  for (const Version version : {v311, v313}) {
    pass::VersionReport report;
    report.version = version;
    report.compiled = 20;
    report.removed = 1;
    report.milliseconds = 950;
    outcome.versions.push_back(report);
  }
  return outcome;
}

pass::Failure failure(bool before) {
  pass::Failure one;
  one.version = v311;
  one.source = "/usr/share/pyshared/bad.py";
  one.error = "SyntaxError: invalid syntax";
  one.before = before;
  return one;
}

std::string content(const test::ScratchDirectory& place, const std::string& path) {
  std::ifstream file(place.host(path), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

BOOST_AUTO_TEST_SUITE(log)

BOOST_AUTO_TEST_CASE(a_pass_is_one_line) {
  BOOST_CHECK_EQUAL(summary(outcome_of_two_versions()),
                    "40 compiled, 2 removed for python3.11, python3.13 in 1.9 s");
}

BOOST_AUTO_TEST_CASE(a_pass_that_changed_nothing_says_nothing) {
  pass::Outcome outcome;
  BOOST_CHECK_EQUAL(summary(outcome), "");
  pass::VersionReport report;
  report.version = v311;
  report.up_to_date = 5000;
  report.failed = 1; // counted again at each pass
  outcome.versions.push_back(report);
  outcome.failures.push_back(failure(true));
  BOOST_CHECK_EQUAL(summary(outcome), "");
  outcome.failures.push_back(failure(false));
  BOOST_CHECK_EQUAL(summary(outcome), "1 failed");
}

BOOST_AUTO_TEST_CASE(an_entry_has_who_what_and_why) {
  auto outcome = outcome_of_two_versions();
  outcome.failures.push_back(failure(true));
  const std::string entry = log_entry("somebody", outcome);
  const auto first = entry.substr(0, entry.find('\n'));
  BOOST_CHECK_EQUAL(first.substr(sizeof "2026-11-21 10:00:00" - 1),
                    " somebody: " + summary(outcome));
  for (const char* part : {"\n  changed: foo.public (python3-foo 1.2-1)\n",
                           "\n  python3.11: 20 compiled", "\n  python3.13: 20 compiled",
                           "/usr/share/pyshared/bad.py", "SyntaxError: invalid syntax"}) {
    BOOST_CHECK_MESSAGE(entry.find(part) != std::string::npos, entry << " does not have " << part);
  }
}

BOOST_AUTO_TEST_CASE(names_cannot_forge_an_entry) {
  pass::Outcome outcome;
  outcome.changed.push_back({"x\n2026-01-01 00:00:00 nobody: done.public", "", "", false});
  const std::string entry = log_entry("somebody", outcome);
  BOOST_CHECK_EQUAL(std::count(entry.begin(), entry.end(), '\n'), 2);
}

BOOST_AUTO_TEST_CASE(entries_are_appended) {
  const test::ScratchDirectory place;
  place.directory("/var/log");
  BOOST_REQUIRE(append_to_log(place.root(), "first", {}));
  BOOST_REQUIRE(append_to_log(place.root(), "second", {}));
  const std::string text = content(place, log_path);
  BOOST_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 2);
  BOOST_CHECK_LT(text.find("first"), text.find("second"));
}

BOOST_AUTO_TEST_CASE(without_a_place_for_logs_there_is_none) {
  const test::ScratchDirectory place;
  BOOST_CHECK(append_to_log(place.root(), "somebody", {}));
  BOOST_CHECK(!std::filesystem::exists(place.host("/var")));
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_not_written_to) {
  const test::ScratchDirectory place;
  place.file("/etc/passwd", "root");
  place.directory("/var/log");
  place.link(log_path, "/etc/passwd");
  BOOST_CHECK(!append_to_log(place.root(), "somebody", {}));
  BOOST_CHECK_EQUAL(content(place, "/etc/passwd"), "root");
  place.remove(log_path);
  BOOST_REQUIRE_EQUAL(::mkfifo(place.host(log_path).c_str(), 0600), 0);
  BOOST_CHECK(!append_to_log(place.root(), "somebody", {})); // and does not wait for a reader
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::report
