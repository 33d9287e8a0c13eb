// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/wants.hpp"

#include "asking.hpp"

namespace pysup::plan {
namespace {

using References = std::vector<reference::Reference>;

/// By owner of the source: different for each, or as given.
Contents contents_of(std::initializer_list<std::pair<std::string, Content>> list) {
  return {list.begin(), list.end()};
}

BOOST_AUTO_TEST_CASE(each_place_is_wanted_once_and_in_order) {
  const References references = {asks("a", {"b.py", "z/y.py"}), asks("b", {"a.py", "z/x.so"})};
  const auto wants = public_wants(v311, v311, references, {});
  check_lines(told(wants.files), {"a.py by b", "b.py by a", "z/x.so by b", "z/y.py by a"});
  BOOST_CHECK(wants.conflicts.empty());
}

struct SetCase {
  const char* set;
  Version version;
  std::optional<Version> default_version;
  bool wanted;
};

BOOST_AUTO_TEST_CASE(only_the_versions_of_the_set_get_a_file) {
  const SetCase cases[] = {
      {"all", v27, v311, true},        {"-", v313, {}, true},
      {"3.11", v311, v313, true},      {"3.11", v313, v311, false},
      {"3.9-", v313, v311, true},      {"3.9-", v39, v311, true},
      {"3.10-", v39, v311, false},     {"2.6-", v311, v311, false},
      {"2.6-", v27, v311, true},       {"2.7,3.11-", v313, v311, true},
      {"3.1-3.10", v311, v311, false}, {"3.1-3.11", v311, v311, true},
      {"-3.9", v39, v311, true},       {"-3.9", v27, v311, false},
      {"current", v311, v311, true},   {"current", v313, v311, false},
      {"current", v311, {}, false},    {"current,3.13", v313, v311, true},
  };
  for (const SetCase& one : cases) {
    const References references = {asks("a", {"m.py"}, one.set)};
    const auto wants = public_wants(one.version, one.default_version, references, {});
    BOOST_CHECK_MESSAGE(wants.files.size() == (one.wanted ? 1 : 0),
                        one.set << " for " << one.version.name());
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_one_version_is_for_that_version_and_in_the_set) {
  References references = {asks("a", {}, "3.11-")};
  references[0].public_files = {file("e.so", "a", v39), file("e.so", "a", v311)};
  BOOST_CHECK(public_wants(v39, v39, references, {}).files.empty()); // not in the SET
  BOOST_CHECK(public_wants(v313, v39, references, {}).files.empty());
  const auto wants = public_wants(v311, v39, references, {});
  BOOST_REQUIRE_EQUAL(wants.files.size(), 1);
  BOOST_CHECK(wants.files[0].file->only == v311);
}

/// update-python-modules(8): where the same reference has a file for all versions at REL, the
/// version's own is used.
BOOST_AUTO_TEST_CASE(the_versions_own_file_comes_before_the_one_for_all) {
  for (const char* name : {"m.py", "p/__init__.py"}) {
    References references = {asks("a", {name})};
    references[0].public_files.push_back(file(name, "a", v311));
    // Even an empty one: it is no other reference's.
    const Contents contents = {{file(name, "a").source, {"x", false}},
                               {file(name, "a", v311).source, {"", true}}};
    const auto wants = public_wants(v311, v311, references, contents);
    BOOST_REQUIRE_EQUAL(wants.files.size(), 1);
    BOOST_CHECK_MESSAGE(wants.files[0].file->only == v311, name << " of the version is not used");
    BOOST_CHECK(wants.conflicts.empty());
    BOOST_CHECK(!public_wants(v313, v311, references, contents).files[0].file->only);
  }
}

BOOST_AUTO_TEST_CASE(private_references_want_nothing_public) {
  References references = {asks("a", {"m.py"}), asks("b", {"n.py"})};
  references[0].kind = reference::Kind::private_list;
  references[1].kind = reference::Kind::dirs;
  BOOST_CHECK(public_wants(v311, v311, references, {}).files.empty());
  BOOST_CHECK(contested(v311, v311, references).empty());
}

BOOST_AUTO_TEST_CASE(of_different_content_the_first_reference_wins) {
  const Contents contents = contents_of({{source("a", "m.py"), {"1", false}},
                                         {source("b", "m.py"), {"2", false}},
                                         {source("c", "m.py"), {"3", false}}});
  const References references = {asks("a", {"m.py"}), asks("b", {"m.py"}), asks("c", {"m.py"})};
  const auto wants = public_wants(v311, v311, references, contents);
  check_lines(told(wants.files), {"m.py by a"});
  check_lines(told(wants.conflicts), {"m.py: a over b", "m.py: a over c"});
  BOOST_CHECK(wants.conflicts[0].version == v311);
}

BOOST_AUTO_TEST_CASE(names_and_not_kinds_say_which_reference_is_first) {
  References references = {asks("x", {"m.py"}), asks("x.public", {"m.py"})};
  references[0].kind = reference::Kind::tree;
  const auto wants = public_wants(v311, v311, references, {});
  check_lines(told(wants.conflicts), {"m.py: x over x.public"});
}

BOOST_AUTO_TEST_CASE(the_same_content_is_no_conflict) {
  const Contents contents =
      contents_of({{source("a", "m.py"), {"1", false}}, {source("b", "m.py"), {"1", false}}});
  const References references = {asks("a", {"m.py"}), asks("b", {"m.py"})};
  const auto wants = public_wants(v311, v311, references, contents);
  check_lines(told(wants.files), {"m.py by a"});
  BOOST_CHECK(wants.conflicts.empty());
}

BOOST_AUTO_TEST_CASE(the_same_source_is_no_conflict_and_need_not_be_read) {
  References references = {asks("a", {"m.py"}), asks("b", {"m.py"})};
  references[1].public_files = references[0].public_files;
  BOOST_CHECK(contested(v311, v311, references).empty());
  BOOST_CHECK(public_wants(v311, v311, references, {}).conflicts.empty());
}

BOOST_AUTO_TEST_CASE(content_that_cannot_be_read_is_not_the_same) {
  const Contents contents = contents_of({{source("a", "m.py"), {"1", false}}});
  const References references = {asks("a", {"m.py"}), asks("b", {"m.py"})};
  const auto wants = public_wants(v311, v311, references, contents);
  check_lines(told(wants.conflicts), {"m.py: a over b"});
}

struct InitCase {
  const char* winner;
  bool first_empty;
  bool second_empty;
  bool conflict;
};

BOOST_AUTO_TEST_CASE(an_empty_init_yields_to_one_that_is_not) {
  const InitCase cases[] = {{"b", true, false, false},
                            {"a", false, true, false},
                            {"a", true, true, false},
                            {"a", false, false, true}};
  for (const char* place : {"p/__init__.py", "__init__.py"}) {
    for (const InitCase& one : cases) {
      const Contents contents =
          contents_of({{source("a", place), {one.first_empty ? "" : "1", one.first_empty}},
                       {source("b", place), {one.second_empty ? "" : "2", one.second_empty}}});
      const References references = {asks("a", {place}), asks("b", {place})};
      const auto wants = public_wants(v311, v311, references, contents);
      BOOST_TEST_CONTEXT(place << ", winner " << one.winner) {
        BOOST_REQUIRE_EQUAL(wants.files.size(), 1);
        BOOST_CHECK_EQUAL(wants.files[0].by->name, one.winner);
        BOOST_CHECK_EQUAL(wants.conflicts.size(), one.conflict ? 1 : 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_other_empty_file_yields) {
  for (const char* place : {"m.py", "my__init__.py", "p/__init__.pyi"}) {
    const Contents contents =
        contents_of({{source("a", place), {"", true}}, {source("b", place), {"2", false}}});
    const References references = {asks("a", {place}), asks("b", {place})};
    const auto wants = public_wants(v311, v311, references, contents);
    check_lines(told(wants.files), {std::string(place) + " by a"});
    BOOST_CHECK_EQUAL(wants.conflicts.size(), 1);
  }
}

BOOST_AUTO_TEST_CASE(of_several_filled_inits_the_first_wins_and_the_others_are_conflicts) {
  const std::string place = "p/__init__.py";
  const Contents contents = contents_of({{source("a", place), {"", true}},
                                         {source("b", place), {"1", false}},
                                         {source("c", place), {"2", false}},
                                         {source("d", place), {"1", false}},
                                         {source("e", place), {"", true}}});
  References references;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    references.push_back(asks(name, {"p/__init__.py"}));
  }
  const auto wants = public_wants(v311, v311, references, contents);
  check_lines(told(wants.files), {"p/__init__.py by b"});
  check_lines(told(wants.conflicts), {"p/__init__.py: b over c"});
}

BOOST_AUTO_TEST_CASE(sources_that_differ_are_contested) {
  References references = {asks("a", {"m.py", "n.py"}), asks("b", {"m.py", "o.py"}),
                           asks("c", {"n.py"}, "3.13")};
  check_lines(named(contested(v311, v311, references)), {source("a", "m.py"), source("b", "m.py")});
  check_lines(named(contested(v313, v311, references)),
              {source("a", "m.py"), source("a", "n.py"), source("b", "m.py"), source("c", "n.py")});
}

BOOST_AUTO_TEST_CASE(a_conflict_exists_only_for_versions_that_both_want) {
  const References references = {asks("a", {"m.py"}, "3.9"), asks("b", {"m.py"}, "3.9-")};
  BOOST_CHECK_EQUAL(public_wants(v39, v311, references, {}).conflicts.size(), 1);
  const auto wants = public_wants(v311, v311, references, {});
  check_lines(told(wants.files), {"m.py by b"});
  BOOST_CHECK(wants.conflicts.empty());
}

} // namespace
} // namespace pysup::plan
