// SPDX-License-Identifier: GPL-2.0-or-later
//
// Read back with the library's parser; the members are those that update-python-modules(8) lists.
#include "report/json.hpp"

#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace pysup::report {
namespace {

using Json = nlohmann::json;
using Names = std::set<std::string>;

template <typename Report>
Json parsed(const Report& report) {
  const std::string text = json(report);
  BOOST_CHECK(text.ends_with('\n'));
  Json document = Json::parse(text, nullptr, false);
  BOOST_REQUIRE_MESSAGE(!document.is_discarded(), text);
  BOOST_CHECK_EQUAL(document.at("schema").get<int>(), 1);
  return document;
}

void check_members(const Json& object, const Names& expected) {
  Names names;
  for (const auto& item : object.items()) {
    names.insert(item.key());
  }
  BOOST_CHECK_EQUAL_COLLECTIONS(names.begin(), names.end(), expected.begin(), expected.end());
}

pass::Outcome full_outcome() {
  pass::Outcome outcome;
  pass::VersionReport one;
  one.version = v311;
  one.linked = 1;
  one.compiled = 2;
  one.restamped = 3;
  one.removed = 4;
  one.up_to_date = 5;
  one.failed = 6;
  one.deferred = 7;
  one.workers_started = 8;
  one.confinement = "seccomp";
  one.milliseconds = 1250;
  outcome.versions = {one};
  outcome.changed = {{"foo.public", "python3-foo", "1.2-1", true}};
  outcome.conflicts = {{v311, "m.py", "a.public", "b.public"}};
  outcome.failures = {{v311, "/t/x.pyc", "/t/x.py", "foo.public", "line 1\nSyntaxError", true},
                      {Version{}, "/share/x.public", "", "x.public", "no such reference", false}};
  outcome.warnings = {"first", "second"};
  outcome.planned = {
      {plan::Do::rewrite_header, plan::Kind::bytecode, v311, "/t/x.pyc", "/t/x.py", "touched"}};
  return outcome;
}

BOOST_AUTO_TEST_CASE(a_pass_has_the_documented_members) {
  const Json document = parsed(full_outcome());
  check_members(document, {"schema", "interpreters", "changed", "conflicts", "failures", "warnings",
                           "plan", "deferred", "interrupted", "error", "exit"});
  check_members(document["interpreters"][0],
                {"version", "linked", "compiled", "restamped", "removed", "up_to_date", "failed",
                 "deferred", "seconds", "workers_started", "confinement"});
  check_members(document["changed"][0], {"reference", "package", "package_version", "gone"});
  check_members(document["conflicts"][0], {"version", "path", "winner", "loser"});
  check_members(document["failures"][0],
                {"version", "path", "source", "reference", "error", "before"});
  check_members(document["plan"][0], {"action", "version", "path", "target", "note"});
}

BOOST_AUTO_TEST_CASE(a_pass_is_told_in_full) {
  const Json document = parsed(full_outcome());
  const Json& one = document["interpreters"][0];
  BOOST_CHECK_EQUAL(one["version"].get<std::string>(), "3.11");
  const char* const counts[] = {"linked",     "compiled", "restamped", "removed",
                                "up_to_date", "failed",   "deferred",  "workers_started"};
  int expected = 0;
  for (const char* count : counts) {
    BOOST_CHECK_EQUAL(one[count].get<int>(), ++expected);
  }
  BOOST_CHECK_EQUAL(one["seconds"].get<double>(), 1.25);
  BOOST_CHECK_EQUAL(one["confinement"].get<std::string>(), "seccomp");
  BOOST_CHECK(document["changed"][0]["gone"].get<bool>());
  BOOST_CHECK_EQUAL(document["conflicts"][0]["loser"].get<std::string>(), "b.public");
  BOOST_CHECK_EQUAL(document["failures"][0]["error"].get<std::string>(), "line 1\nSyntaxError");
  BOOST_CHECK(document["failures"][0]["before"].get<bool>());
  BOOST_CHECK_EQUAL(document["failures"][1]["version"].get<std::string>(), "");
  BOOST_CHECK(document["warnings"] == Json({"first", "second"}));
  BOOST_CHECK_EQUAL(document["plan"][0]["action"].get<std::string>(), "rewrite header");
  BOOST_CHECK(document["error"].is_null());
  BOOST_CHECK(!document["interrupted"].get<bool>());
  BOOST_CHECK_EQUAL(document["exit"].get<int>(), 1);
}

BOOST_AUTO_TEST_CASE(what_is_empty_is_an_empty_array) {
  const Json document = parsed(pass::Outcome{});
  for (const char* name :
       {"interpreters", "changed", "conflicts", "failures", "warnings", "plan"}) {
    BOOST_CHECK_MESSAGE(document.at(name).is_array() && document.at(name).empty(), name);
  }
  BOOST_CHECK_EQUAL(document["exit"].get<int>(), 0);
}

BOOST_AUTO_TEST_CASE(a_fatal_error_and_an_interruption_are_told) {
  pass::Outcome outcome;
  outcome.fatal = Error{"/var: no space", 28};
  outcome.interrupted = true;
  const Json document = parsed(outcome);
  BOOST_CHECK_EQUAL(document["error"].get<std::string>(), "/var: no space");
  BOOST_CHECK(document["interrupted"].get<bool>());
  BOOST_CHECK_EQUAL(document["exit"].get<int>(), 3);
}

BOOST_AUTO_TEST_CASE(each_action_has_its_documented_name) {
  pass::Outcome outcome;
  for (const plan::Do what :
       {plan::Do::remove, plan::Do::make, plan::Do::compile, plan::Do::rewrite_header,
        plan::Do::record, plan::Do::forget, plan::Do::leave}) {
    outcome.planned.push_back({what, plan::Kind::link, v311, "", "", ""});
  }
  const Json document = parsed(outcome);
  const char* const names[] = {"remove", "make",   "compile", "rewrite header",
                               "record", "forget", "leave"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    BOOST_CHECK_EQUAL(document["plan"][i]["action"].get<std::string>(), names[i]);
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_no_utf_8_give_a_document_all_the_same) {
  const std::string evil = "/t/\xff\x1b\"\\\xed\xa0\x80.py";
  const std::string shown = "/t/\\xff\\x1b\"\\\\xed\\xa0\\x80.py";
  pass::Outcome outcome;
  outcome.warnings = {evil};
  outcome.changed = {{evil, evil, evil, false}};
  outcome.conflicts = {{v311, evil, evil, evil}};
  outcome.failures = {{v311, evil, evil, evil, evil, false}};
  outcome.planned = {{plan::Do::leave, plan::Kind::link, v311, evil, evil, evil}};
  outcome.fatal = Error{evil, 0};
  const Json document = parsed(outcome);
  BOOST_CHECK_EQUAL(document["warnings"][0].get<std::string>(), shown);
  for (const char* name : {"path", "source", "reference", "error"}) {
    BOOST_CHECK_EQUAL(document["failures"][0][name].get<std::string>(), shown);
  }
  for (const char* name : {"path", "winner", "loser"}) {
    BOOST_CHECK_EQUAL(document["conflicts"][0][name].get<std::string>(), shown);
  }
  for (const char* name : {"path", "target", "note"}) {
    BOOST_CHECK_EQUAL(document["plan"][0][name].get<std::string>(), shown);
  }
  BOOST_CHECK_EQUAL(document["changed"][0]["reference"].get<std::string>(), shown);
  BOOST_CHECK_EQUAL(document["error"].get<std::string>(), shown);
}

BOOST_AUTO_TEST_CASE(the_status_has_the_documented_members) {
  pass::VersionStatus one;
  one.version = v311;
  one.path = "/usr/bin/python3.11";
  one.is_default = true;
  one.usable = false;
  one.magic = 3495;
  one.bytes = 5'000'000'000;
  one.last_pass = 1'700'000'000;
  one.last_pass_msec = 2500;
  pass::Status status;
  status.versions = {one};
  status.references = 17;
  status.unfinished = true;
  status.warnings = {"w"};
  const Json document = parsed(status);
  check_members(document, {"schema", "interpreters", "references", "unfinished", "warnings"});
  const Json& shown = document["interpreters"][0];
  check_members(shown,
                {"version", "path", "default", "usable", "cache_tag", "magic", "modules", "fresh",
                 "stale", "failed", "bytes", "last_pass", "last_pass_seconds", "confinement"});
  BOOST_CHECK(shown["default"].get<bool>());
  BOOST_CHECK(!shown["usable"].get<bool>());
  BOOST_CHECK_EQUAL(shown["bytes"].get<std::uint64_t>(), 5'000'000'000);
  BOOST_CHECK_EQUAL(shown["last_pass"].get<std::int64_t>(), 1'700'000'000);
  BOOST_CHECK_EQUAL(shown["last_pass_seconds"].get<double>(), 2.5);
  BOOST_CHECK_EQUAL(document["references"].get<int>(), 17);
  BOOST_CHECK(document["unfinished"].get<bool>());
}

BOOST_AUTO_TEST_CASE(a_check_has_the_documented_members) {
  pass::CheckReport report;
  report.checked = 42;
  for (const pass::Defect defect :
       {pass::Defect::missing, pass::Defect::invalid, pass::Defect::stale, pass::Defect::stray}) {
    report.findings.push_back({defect, v311, "/t/x.pyc", "why"});
  }
  report.repaired = {{pass::Defect::stale, v311, "/t/y.pyc", ""}};
  const Json document = parsed(report);
  check_members(document, {"schema", "checked", "findings", "repaired", "failures", "warnings",
                           "error", "exit"});
  check_members(document["findings"][0], {"defect", "version", "path", "detail"});
  const char* const words[] = {"missing", "invalid", "stale", "stray"};
  for (std::size_t i = 0; i < std::size(words); ++i) {
    BOOST_CHECK_EQUAL(document["findings"][i]["defect"].get<std::string>(), words[i]);
  }
  BOOST_CHECK_EQUAL(document["checked"].get<int>(), 42);
  BOOST_CHECK_EQUAL(document["repaired"].size(), 1);
  BOOST_CHECK_EQUAL(document["exit"].get<int>(), 1);
}

} // namespace
} // namespace pysup::report
