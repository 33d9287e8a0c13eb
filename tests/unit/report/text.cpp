// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/text.hpp"

#include "versions.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string_view>

namespace pysup::report {
namespace {

pass::VersionReport version_report() {
  pass::VersionReport report;
  report.version = v311;
  report.compiled = 412;
  report.restamped = 3;
  report.removed = 12;
  report.up_to_date = 5021;
  report.milliseconds = 1900;
  return report;
}

void check_has(const std::string& text, std::string_view part) {
  BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos, text << " does not have " << part);
}

void check_has_not(const std::string& text, std::string_view part) {
  BOOST_CHECK_MESSAGE(text.find(part) == std::string::npos, text << " has " << part);
}

/// The form that update-python-modules(8) shows.
BOOST_AUTO_TEST_CASE(a_version_is_one_line) {
  BOOST_CHECK_EQUAL(line(version_report()),
                    "python3.11: 412 compiled, 3 restamped, 12 removed, 5021 up to date in 1.9 s");
  pass::VersionReport nothing;
  nothing.version = v27;
  BOOST_CHECK_EQUAL(line(nothing),
                    "python2.7: 0 compiled, 0 restamped, 0 removed, 0 up to date in 0.0 s");
}

BOOST_AUTO_TEST_CASE(what_is_rare_is_named_where_it_occurred) {
  const std::string plain = line(version_report());
  for (const char* word : {"linked", "failed", "later"}) {
    check_has_not(plain, word);
  }
  auto report = version_report();
  report.linked = 7;
  report.failed = 8;
  report.deferred = 9;
  const std::string all = line(report);
  check_has(all, "7 linked");
  check_has(all, "8 failed");
  check_has(all, "9 ");
  check_has(all, "later");
  check_has(all, "412 compiled, 3 restamped, 12 removed, 5021 up to date");
  BOOST_CHECK(all.ends_with(" in 1.9 s"));
}

BOOST_AUTO_TEST_CASE(time_is_given_in_tenths_of_a_second) {
  const struct {
    std::int64_t milliseconds;
    const char* end;
  } cases[] = {{0, " in 0.0 s"},    {49, " in 0.0 s"},      {60, " in 0.1 s"},
               {1000, " in 1.0 s"}, {61'234, " in 61.2 s"}, {3'600'000, " in 3600.0 s"}};
  for (const auto& one : cases) {
    auto report = version_report();
    report.milliseconds = one.milliseconds;
    BOOST_CHECK_MESSAGE(line(report).ends_with(one.end), line(report) << one.end);
  }
}

BOOST_AUTO_TEST_CASE(an_action_says_what_where_and_why) {
  const pass::PlannedAction compile{plan::Do::compile, plan::Kind::bytecode, v311,
                                    "/usr/x.pyc",      "/usr/x.py",          "the source changed"};
  BOOST_CHECK_EQUAL(line(compile), "python3.11: compile /usr/x.pyc: the source changed");
  const pass::PlannedAction link{plan::Do::make, plan::Kind::link, v311,
                                 "/t/x.py",      "/src/x.py",      ""};
  const std::string text = line(link);
  BOOST_CHECK(text.starts_with("python3.11: make /t/x.py"));
  check_has(text, "/src/x.py");
}

/// What a crash left behind may be of no version.
BOOST_AUTO_TEST_CASE(an_action_of_no_version_names_none) {
  const pass::PlannedAction removal{plan::Do::remove, plan::Kind::link, {}, "/t/x.py", "", ""};
  check_has(line(removal), "remove /t/x.py");
  check_has_not(line(removal), "python0.0");
}

BOOST_AUTO_TEST_CASE(a_changed_reference_is_named_with_its_package) {
  BOOST_CHECK_EQUAL(line(pass::ChangedReference{"foo.public", "python3-foo", "1.2-1", false}),
                    "changed: foo.public (python3-foo 1.2-1)");
  BOOST_CHECK_EQUAL(line(pass::ChangedReference{"foo.public", "python3-foo", "1.2-1", true}),
                    "gone: foo.public (python3-foo 1.2-1)");
  BOOST_CHECK_EQUAL(line(pass::ChangedReference{"foo", "", "", false}), "changed: foo");
}

pass::Outcome troubled() {
  pass::Outcome outcome;
  outcome.warnings = {"a warning"};
  outcome.conflicts = {{v311, "m.py", "first.public", "second.public"}};
  outcome.failures = {{v311, "/t/x.pyc", "/t/x.py", "foo.public",
                       "  File \"x.py\", line 1\nSyntaxError: invalid syntax", false}};
  return outcome;
}

BOOST_AUTO_TEST_CASE(problems_are_told_with_all_names) {
  const std::string text = problems(troubled(), false);
  for (const char* part : {"a warning\n", "python3.11", "m.py", "first.public", "second.public",
                           "/t/x.py", "SyntaxError: invalid syntax\n"}) {
    check_has(text, part);
  }
  BOOST_CHECK(text.ends_with('\n'));
}

BOOST_AUTO_TEST_CASE(quiet_leaves_out_warnings_and_nothing_else) {
  const std::string text = problems(troubled(), true);
  check_has_not(text, "a warning");
  check_has(text, "second.public");
  check_has(text, "SyntaxError");
}

BOOST_AUTO_TEST_CASE(nothing_is_said_where_there_is_nothing_to_say) {
  BOOST_CHECK_EQUAL(problems({}, false), "");
  BOOST_CHECK_EQUAL(problems({}, true), "");
}

BOOST_AUTO_TEST_CASE(a_failure_known_before_says_so) {
  auto outcome = troubled();
  const std::string first = problems(outcome, true);
  outcome.failures[0].before = true;
  BOOST_CHECK_NE(problems(outcome, true), first);
  check_has(problems(outcome, true), "before");
}

BOOST_AUTO_TEST_CASE(a_failure_of_no_version_names_none) {
  pass::Outcome outcome;
  outcome.failures = {
      {Version{}, "/share/x.public", "", "x.public", "/share/x.public: no such reference", false}};
  const std::string text = problems(outcome, true);
  check_has(text, "/share/x.public: no such reference");
  check_has_not(text, "python0.0");
}

/// A link or a marker has no bytecode, so it cannot be that which is missing.
BOOST_AUTO_TEST_CASE(a_failed_link_is_named_by_its_own_path) {
  pass::Outcome outcome;
  outcome.failures = {{v311, "/t/x.py", "/src/x.py", "x.public", "/t/x.py: Is a directory", false}};
  check_has(problems(outcome, true), "/t/x.py");
}

BOOST_AUTO_TEST_CASE(no_report_lets_a_name_drive_the_terminal) {
  const std::string evil = "/t/\x1b[2J\xff\n.py";
  pass::Outcome outcome;
  outcome.warnings = {evil};
  outcome.conflicts = {{v311, evil, evil, evil}};
  outcome.failures = {{v311, evil, evil, evil, evil, false},
                      {Version{}, evil, "", evil, evil, true}};
  pass::CheckReport report;
  report.findings = {{pass::Defect::stale, v311, evil, evil}};
  report.repaired = report.findings;
  for (const std::string& text :
       {problems(outcome, false), problems(outcome, true), pysup::report::text(report),
        line(pass::PlannedAction{plan::Do::make, plan::Kind::link, v311, evil, evil, evil}),
        line(pass::ChangedReference{evil, evil, evil, false})}) {
    BOOST_CHECK_EQUAL(text.find('\x1b'), std::string::npos);
    BOOST_CHECK_EQUAL(text.find('\xff'), std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_status_has_a_line_for_each_interpreter) {
  pass::VersionStatus one;
  one.version = v311;
  one.is_default = true;
  one.modules = 1234;
  one.fresh = 1200;
  one.stale = 30;
  one.failed = 4;
  one.bytes = 9'876'543;
  one.last_pass = 1'700'000'000;
  one.confinement = "user, seccomp";
  pass::Status status;
  status.versions = {one, one};
  status.versions[0].version = v27;
  status.versions[0].is_default = false;
  status.versions[0].last_pass = 0;
  status.versions[0].confinement = "";
  status.references = 17;
  const std::string text = table(status);
  for (const char* part : {"python2.7 ", "python3.11*", "1234", "1200", " 30 ", "9876543",
                           "user, seccomp", "never", "17 references"}) {
    check_has(text, part);
  }
  check_has_not(text, "python2.7*");
  check_has(text, "20"); // the century of a time, in any time zone
  BOOST_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 4);
  status.unfinished = true;
  BOOST_CHECK_GT(table(status).size(), text.size());
}

BOOST_AUTO_TEST_CASE(an_interpreter_that_cannot_be_used_is_marked) {
  pass::Status status;
  status.versions.resize(1);
  status.versions[0].version = v311;
  const std::string usable = table(status);
  status.versions[0].usable = false;
  BOOST_CHECK_NE(table(status), usable);
}

BOOST_AUTO_TEST_CASE(a_check_names_each_file_with_its_word_and_ends_with_the_counts) {
  pass::CheckReport report;
  report.checked = 42;
  report.findings = {{pass::Defect::missing, v311, "/t/missing.pyc", ""},
                     {pass::Defect::stray, v311, "/t/stray.pyc", "no source"}};
  report.repaired = {{pass::Defect::invalid, v311, "/t/invalid.pyc", "cut short"}};
  const std::string shown = text(report);
  for (const char* part : {"/t/missing.pyc: missing\n", "/t/stray.pyc: stray: no source\n",
                           "/t/invalid.pyc", "invalid", "cut short", "42 ", " 2 ", " 1 "}) {
    check_has(shown, part);
  }
  BOOST_CHECK_EQUAL(std::count(shown.begin(), shown.end(), '\n'), 4);
}

} // namespace
} // namespace pysup::report
