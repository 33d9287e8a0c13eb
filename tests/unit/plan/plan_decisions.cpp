// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is wanted against what is there: one row for each combination.
#include "plan/plan.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>

namespace pysup::plan {
namespace {

constexpr bool yes = true;
constexpr bool no = false;

Fact fact_of(Kind kind, bool wanted, Present present, bool recorded) {
  Fact fact;
  fact.kind = kind;
  fact.version = {3, 11};
  fact.path = "/x";
  fact.wanted = wanted;
  fact.present = present;
  fact.recorded = recorded;
  fact.owner = present == Present::packaged ? "libfoo" : "";
  return fact;
}

/// What is done for one fact, nullopt where nothing is.
std::optional<Action> action_for(const Fact& fact, bool compile = true) {
  const Plan plan = make_plan({fact}, {compile});
  BOOST_REQUIRE_LE(plan.actions.size(), 1);
  if (plan.actions.empty()) {
    return std::nullopt;
  }
  BOOST_CHECK_EQUAL(plan.actions[0].fact, 0);
  return plan.actions[0];
}

std::string told(const std::optional<Action>& action) {
  return action ? std::string(to_text(action->what)) : "nothing";
}

struct Unwanted {
  Present present;
  bool recorded;
  const char* link;     ///< what is done with a link, marker or .pth
  const char* bytecode; ///< with bytecode, which an interpreter may have written anew
};

BOOST_AUTO_TEST_CASE(what_nobody_wants_goes_where_it_is_ours) {
  constexpr Unwanted cases[] = {
      {Present::ours, yes, "remove", "remove"},     {Present::ours, no, "remove", "remove"},
      {Present::other, yes, "forget", "remove"},    {Present::other, no, "nothing", "nothing"},
      {Present::packaged, yes, "forget", "forget"}, {Present::packaged, no, "nothing", "nothing"},
      {Present::nothing, yes, "forget", "forget"},  {Present::nothing, no, "nothing", "nothing"},
  };
  for (const Unwanted& one : cases) {
    for (const Kind kind : {Kind::link, Kind::init, Kind::path_file, Kind::bytecode}) {
      BOOST_TEST_CONTEXT("kind " << static_cast<int>(kind) << ", present "
                                 << static_cast<int>(one.present) << ", recorded "
                                 << one.recorded) {
        const auto action = action_for(fact_of(kind, no, one.present, one.recorded));
        BOOST_CHECK_EQUAL(told(action), kind == Kind::bytecode ? one.bytecode : one.link);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_package_that_took_over_is_named) {
  const auto unwanted = action_for(fact_of(Kind::link, no, Present::packaged, yes));
  BOOST_REQUIRE(unwanted);
  BOOST_CHECK(unwanted->note.str().find("libfoo") != std::string::npos);
  const auto wanted = action_for(fact_of(Kind::bytecode, yes, Present::packaged, no));
  BOOST_REQUIRE(wanted);
  BOOST_CHECK(wanted->note.str().find("libfoo") != std::string::npos);
  const auto gone = action_for(fact_of(Kind::link, no, Present::nothing, yes));
  BOOST_REQUIRE(gone);
  BOOST_CHECK_EQUAL(gone->note, "");
}

struct Wanted {
  Present present;
  bool right;
  bool recorded;
  bool forced;
  const char* done;
};

BOOST_AUTO_TEST_CASE(a_wanted_link_is_made_unless_something_is_in_the_way) {
  constexpr Wanted cases[] = {
      {Present::nothing, no, no, no, "make"},       {Present::nothing, no, yes, no, "make"},
      {Present::ours, no, yes, no, "make"},         {Present::ours, no, no, no, "make"},
      {Present::ours, yes, yes, no, "nothing"},     {Present::ours, yes, no, no, "record"},
      {Present::ours, yes, yes, yes, "make"},       {Present::ours, yes, no, yes, "make"},
      {Present::other, no, no, no, "leave"},        {Present::other, no, yes, no, "leave"},
      {Present::other, no, no, yes, "leave"},       {Present::other, yes, no, no, "nothing"},
      {Present::other, yes, no, yes, "nothing"},    {Present::packaged, no, no, no, "leave"},
      {Present::packaged, no, yes, yes, "leave"},   {Present::packaged, yes, no, no, "nothing"},
      {Present::packaged, yes, no, yes, "nothing"},
  };
  for (const Wanted& one : cases) {
    for (const Kind kind : {Kind::link, Kind::init, Kind::path_file}) {
      Fact fact = fact_of(kind, yes, one.present, one.recorded);
      fact.right = one.right;
      fact.forced = one.forced;
      BOOST_TEST_CONTEXT("present " << static_cast<int>(one.present) << ", right " << one.right
                                    << ", recorded " << one.recorded << ", forced " << one.forced) {
        const auto action = action_for(fact);
        BOOST_CHECK_EQUAL(told(action), one.done);
        BOOST_CHECK(told(action) != "leave" || !action->note.empty());
      }
    }
  }
}

struct Bytecode {
  Fitness fitness;
  const char* done;
  const char* forced;
  const char* without_compiling;
  const char* forced_without_compiling;
};

BOOST_AUTO_TEST_CASE(bytecode_is_treated_by_its_fitness) {
  constexpr Bytecode cases[] = {
      {Fitness::fresh, "nothing", "compile", "nothing", "nothing"},
      {Fitness::unrecorded, "record", "compile", "record", "nothing"},
      {Fitness::header_only, "rewrite header", "compile", "rewrite header", "nothing"},
      {Fitness::stale, "compile", "compile", "nothing", "nothing"},
      {Fitness::stale_unchecked, "compile", "compile", "remove", "remove"},
      {Fitness::hopeless, "nothing", "compile", "nothing", "nothing"},
  };
  for (const Bytecode& one : cases) {
    Fact fact = fact_of(Kind::bytecode, yes, Present::ours, yes);
    fact.fitness = one.fitness;
    BOOST_TEST_CONTEXT("fitness " << static_cast<int>(one.fitness)) {
      BOOST_CHECK_EQUAL(told(action_for(fact)), one.done);
      BOOST_CHECK_EQUAL(told(action_for(fact, false)), one.without_compiling);
      fact.forced = true;
      BOOST_CHECK_EQUAL(told(action_for(fact)), one.forced);
      BOOST_CHECK_EQUAL(told(action_for(fact, false)), one.forced_without_compiling);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_bytecode_file_is_counted_where_it_belongs) {
  std::vector<Fact> facts;
  for (const Fitness fitness : {Fitness::fresh, Fitness::unrecorded, Fitness::header_only,
                                Fitness::stale, Fitness::stale_unchecked, Fitness::hopeless}) {
    facts.push_back(fact_of(Kind::bytecode, yes, Present::ours, yes));
    facts.back().path = "/" + std::to_string(facts.size());
    facts.back().fitness = fitness;
  }
  using Indexes = std::vector<Index>;
  const Plan now = make_plan(facts, {true});
  BOOST_CHECK(now.up_to_date == (Indexes{0, 1}));
  BOOST_CHECK(now.hopeless == Indexes{5});
  BOOST_CHECK(now.deferred.empty());
  const Plan later = make_plan(facts, {false});
  BOOST_CHECK(later.up_to_date == (Indexes{0, 1}));
  BOOST_CHECK(later.hopeless == Indexes{5});
  BOOST_CHECK(later.deferred == (Indexes{3, 4}));
}

BOOST_AUTO_TEST_CASE(a_packages_bytecode_is_never_touched) {
  for (const Fitness fitness : {Fitness::fresh, Fitness::unrecorded, Fitness::header_only,
                                Fitness::stale, Fitness::stale_unchecked, Fitness::hopeless}) {
    for (const bool forced : {false, true}) {
      for (const bool compile : {false, true}) {
        Fact fact = fact_of(Kind::bytecode, yes, Present::packaged, no);
        fact.fitness = fitness;
        fact.forced = forced;
        BOOST_CHECK_EQUAL(told(action_for(fact, compile)), "leave");
      }
    }
  }
}

struct Blocked {
  Present present;
  bool recorded;
  const char* done;
};

/// Its link is somebody else's file: bytecode there would be of that one.
BOOST_AUTO_TEST_CASE(without_its_link_bytecode_is_not_made_and_what_was_made_goes) {
  constexpr Blocked cases[] = {
      {Present::nothing, no, "nothing"},  {Present::ours, yes, "remove"},
      {Present::ours, no, "nothing"},     {Present::other, no, "nothing"},
      {Present::packaged, no, "nothing"}, {Present::packaged, yes, "forget"},
  };
  for (const Blocked& one : cases) {
    for (const bool forced : {false, true}) {
      Fact link = fact_of(Kind::link, yes, Present::other, no);
      link.path = "/link.py";
      Fact bytecode = fact_of(Kind::bytecode, yes, one.present, one.recorded);
      bytecode.link = 0;
      bytecode.forced = forced;
      const Plan plan = make_plan({link, bytecode}, {});
      std::string done = "nothing";
      for (const Action& action : plan.actions) {
        done = action.fact == 1 ? std::string(to_text(action.what)) : done;
      }
      BOOST_TEST_CONTEXT("present " << static_cast<int>(one.present) << ", recorded "
                                    << one.recorded << ", forced " << forced) {
        BOOST_CHECK_EQUAL(done, one.done);
        BOOST_CHECK(plan.deferred.empty() && plan.up_to_date.empty());
      }
    }
  }
}

/// The very link that is wanted, whoever made it, is as good as ours.
BOOST_AUTO_TEST_CASE(bytecode_is_made_for_a_right_link_of_somebody_else) {
  Fact link = fact_of(Kind::link, yes, Present::other, no);
  link.right = true;
  Fact bytecode = fact_of(Kind::bytecode, yes, Present::nothing, no);
  bytecode.link = 0;
  const Plan plan = make_plan({link, bytecode}, {});
  BOOST_REQUIRE_EQUAL(plan.actions.size(), 1);
  BOOST_CHECK(plan.actions[0] == (Action{Do::compile, 1, ""}));
}

BOOST_AUTO_TEST_CASE(nothing_is_planned_for_nothing) {
  const Plan plan = make_plan({}, {});
  BOOST_CHECK(plan.actions.empty());
}

} // namespace
} // namespace pysup::plan
