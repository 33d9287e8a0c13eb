// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/references.hpp"

#include "pass/asked.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

namespace pysup::pass {
namespace {

const char* const good = "pyversions=3.9-\n/usr/share/pyshared/m.py\n";
const char* const unreadable = "pyversions=nonsense\n/usr/share/pyshared/m.py\n";

class Place : public test::ScratchDirectory {
 public:
  Place() {
    file("/usr/share/pyshared/m.py");
    file("/usr/share/pyshared/n.py");
    directory("/usr/share/python-support");
  }
  void reference(const std::string& name, std::string_view bytes) const {
    file("/usr/share/python-support/" + name, bytes);
  }
};

Result<Asked> read_all(const os::Root& root, const std::vector<state::Reference>& recorded) {
  os::Stats stats(root);
  auto asked = read_references(stats);
  if (asked) {
    keep_unread(*asked, recorded);
  }
  return asked;
}

std::vector<std::string> names(const Asked& asked) {
  std::vector<std::string> list;
  for (const auto& reference : asked.references) {
    list.push_back(reference.name);
  }
  return list;
}

/// What the state has of each reference of ASKED.
std::vector<state::Reference> rows_of(const Asked& asked) {
  std::vector<state::Reference> rows;
  for (const auto& reference : asked.references) {
    state::Reference row;
    row.name = reference.name;
    row.kind = reference::to_text(reference.kind);
    row.asked = encode_asked(reference);
    rows.push_back(std::move(row));
  }
  return rows;
}

bool mentions(const std::vector<std::string>& warnings, std::string_view part) {
  for (const std::string& warning : warnings) {
    if (warning.find(part) != std::string::npos) {
      return true;
    }
  }
  return false;
}

BOOST_AUTO_TEST_CASE(references_are_read_in_the_order_of_their_names) {
  const Place place;
  place.reference("b.public", good);
  place.file("/usr/share/a/n.py");
  place.reference("a.private", "/usr/share/a/n.py\n");
  const auto asked = read_all(place.root(), {});
  BOOST_REQUIRE_MESSAGE(asked, pysup::test::why(asked));
  BOOST_CHECK(names(*asked) == (std::vector<std::string>{"a.private", "b.public"}));
  BOOST_CHECK(asked->kept.empty());
  BOOST_CHECK(asked->warnings.empty());
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_read_asks_for_what_it_asked_for_before) {
  const Place place;
  place.reference("a.public", good);
  place.reference("b.public", "/usr/share/pyshared/n.py\n");
  const os::Root root = place.root();
  const Asked before = read_all(root, {}).value();
  place.reference("a.public", unreadable);
  const Asked now = read_all(root, rows_of(before)).value();
  BOOST_CHECK(now.references == before.references);
  BOOST_CHECK(now.kept == std::set<std::string>{"a.public"});
  BOOST_REQUIRE_EQUAL(now.warnings.size(), 1);
  BOOST_CHECK_MESSAGE(mentions(now.warnings, "a.public"), now.warnings[0]);
  BOOST_CHECK_MESSAGE(mentions(now.warnings, "stays"), now.warnings[0]);
}

BOOST_AUTO_TEST_CASE(one_that_never_could_be_read_is_skipped) {
  const Place place;
  place.reference("a.public", unreadable);
  place.reference("b.public", good);
  const Asked asked = read_all(place.root(), {}).value();
  BOOST_CHECK(names(asked) == std::vector<std::string>{"b.public"});
  BOOST_CHECK(asked.kept.empty());
  BOOST_REQUIRE_EQUAL(asked.warnings.size(), 1);
  BOOST_CHECK_MESSAGE(mentions(asked.warnings, "a.public"), asked.warnings[0]);
  BOOST_CHECK_MESSAGE(mentions(asked.warnings, "skipped"), asked.warnings[0]);
}

/// What is gone was removed on purpose.
BOOST_AUTO_TEST_CASE(one_that_is_gone_asks_for_nothing) {
  const Place place;
  place.reference("a.public", good);
  const os::Root root = place.root();
  const Asked before = read_all(root, {}).value();
  place.remove("/usr/share/python-support/a.public");
  const Asked now = read_all(root, rows_of(before)).value();
  BOOST_CHECK(now.references.empty());
  BOOST_CHECK(now.kept.empty());
  BOOST_CHECK(now.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_record_of_another_kind_or_a_damaged_one_is_no_help) {
  const Place place;
  place.reference("a.public", good);
  const os::Root root = place.root();
  const auto rows = rows_of(read_all(root, {}).value());
  place.reference("a.public", unreadable);
  auto other_kind = rows;
  other_kind[0].kind = "tree";
  auto damaged = rows;
  damaged[0].asked.pop_back();
  auto other_name = rows;
  other_name[0].name = "b.public";
  for (const auto& recorded : {other_kind, damaged, other_name}) {
    const Asked asked = read_all(root, recorded).value();
    BOOST_CHECK(asked.references.empty());
    BOOST_CHECK(asked.kept.empty());
    BOOST_CHECK(mentions(asked.warnings, "skipped"));
  }
}

BOOST_AUTO_TEST_CASE(bad_lines_are_told_with_file_and_line_and_the_rest_counts) {
  const Place place;
  place.reference("a.public", "/usr/share/pyshared/m.py\nrelative/path.py\n");
  const Asked asked = read_all(place.root(), {}).value();
  BOOST_REQUIRE_EQUAL(asked.references.size(), 1);
  BOOST_CHECK_EQUAL(asked.references[0].public_files.size(), 1);
  BOOST_CHECK(mentions(asked.warnings, "/usr/share/python-support/a.public:2: "));
}

BOOST_AUTO_TEST_CASE(without_the_directory_nobody_asks_and_a_file_there_is_an_error) {
  const test::ScratchDirectory scratch;
  const os::Root root = scratch.root();
  const auto nothing = read_all(root, {});
  BOOST_REQUIRE(nothing);
  BOOST_CHECK(nothing->references.empty());
  scratch.file("/usr/share/python-support");
  BOOST_CHECK(!read_all(root, {}));
}

} // namespace
} // namespace pysup::pass
