// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan.hpp"

#include "asking.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

namespace pysup::plan {
namespace {

Fact removal(const std::string& path, Version version = v311) {
  Fact fact;
  fact.version = version;
  fact.path = path;
  fact.present = Present::ours;
  return fact;
}

Fact link(const std::string& path, Version version = v311) {
  Fact fact;
  fact.version = version;
  fact.path = path;
  fact.wanted = true;
  return fact;
}

Fact bytecode(const std::string& path, std::uint64_t size, Version version = v311,
              Fitness fitness = Fitness::stale) {
  Fact fact;
  fact.kind = Kind::bytecode;
  fact.version = version;
  fact.path = path;
  fact.wanted = true;
  fact.fitness = fitness;
  fact.source_size = size;
  return fact;
}

std::vector<std::string> order_of(const std::vector<Fact>& facts) {
  std::vector<std::string> lines;
  for (const Action& action : make_plan(facts, {}).actions) {
    lines.push_back(std::string(to_text(action.what)) + ' ' + facts[action.fact].path);
  }
  return lines;
}

BOOST_AUTO_TEST_CASE(removals_come_before_what_is_made_and_that_before_bytecode) {
  const std::vector<Fact> facts = {
      bytecode("/t/z.pyc", 1), link("/t/b"),
      removal("/t/b/c.py"),    bytecode("/t/a.pyc", 1, v311, Fitness::header_only),
      removal("/t/a"),         link("/t/a/b.py")};
  check_lines(order_of(facts), {"remove /t/a", "remove /t/b/c.py", "make /t/a/b.py", "make /t/b",
                                "rewrite header /t/a.pyc", "compile /t/z.pyc"});
}

BOOST_AUTO_TEST_CASE(the_removals_of_every_version_come_first) {
  const std::vector<Fact> facts = {link("/39/a", v39), bytecode("/39/a.pyc", 1, v39),
                                   removal("/311/b", v311), link("/311/c", v311)};
  const auto order = order_of(facts);
  BOOST_REQUIRE_EQUAL(order.size(), 4);
  BOOST_CHECK_EQUAL(order.front(), "remove /311/b");
  BOOST_CHECK_EQUAL(order.back(), "compile /39/a.pyc");
}

BOOST_AUTO_TEST_CASE(versions_are_compiled_one_after_the_other_as_numbers) {
  const std::vector<Fact> facts = {bytecode("/a/311.pyc", 9, v311), bytecode("/b/39.pyc", 1, v39),
                                   bytecode("/c/311.pyc", 1, v311), bytecode("/d/39.pyc", 9, v39)};
  const auto plan = make_plan(facts, {});
  std::vector<Version> versions;
  for (const Action& action : plan.actions) {
    versions.push_back(facts[action.fact].version);
  }
  BOOST_CHECK(versions == (std::vector<Version>{v39, v39, v311, v311}));
}

/// However few there are: no worker shall begin the longest when the others are done.
BOOST_AUTO_TEST_CASE(the_largest_sources_come_first) {
  check_lines(order_of({bytecode("/a.pyc", 1), bytecode("/b.pyc", 30), bytecode("/c.pyc", 20)}),
              {"compile /b.pyc", "compile /c.pyc", "compile /a.pyc"});
}

BOOST_AUTO_TEST_CASE(after_the_64_largest_the_directories_order_counts) {
  constexpr std::size_t count = 300;
  constexpr std::size_t largest = 64;
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < count; ++i) {
    facts.push_back(bytecode("/d" + std::to_string(i % 7) + '/' + std::to_string(i) + ".pyc",
                             (i * 7919) % 10'007)); // all different
  }
  std::mt19937 random(1);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(facts.begin(), facts.end(), random);
    const Plan plan = make_plan(facts, {});
    BOOST_REQUIRE_EQUAL(plan.actions.size(), count);
    const auto size = [&](std::size_t i) {
      return facts[plan.actions[i].fact].source_size;
    };
    const auto path = [&](std::size_t i) {
      return facts[plan.actions[i].fact].path;
    };
    for (std::size_t i = 1; i < count; ++i) {
      if (i < largest) {
        BOOST_CHECK_GT(size(i - 1), size(i));
      } else {
        BOOST_CHECK_LT(size(i), size(largest - 1));
      }
      if (i > largest) {
        BOOST_CHECK_LT(path(i - 1), path(i));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sources_of_one_size_keep_the_directories_order) {
  std::vector<Fact> facts;
  std::vector<std::string> expected;
  for (int i = 100; i < 300; ++i) {
    facts.push_back(bytecode("/" + std::to_string(i), 5));
    expected.push_back("compile /" + std::to_string(i));
  }
  std::shuffle(facts.begin(), facts.end(), std::mt19937(2));
  check_lines(order_of(facts), expected);
}

BOOST_AUTO_TEST_CASE(every_fact_is_done_once) {
  std::vector<Fact> facts;
  for (int i = 0; i < 200; ++i) {
    facts.push_back(bytecode("/b" + std::to_string(i), static_cast<std::uint64_t>(i) % 3,
                             i % 2 == 0 ? v39 : v311));
    facts.push_back(link("/l" + std::to_string(i)));
    facts.push_back(removal("/r" + std::to_string(i)));
  }
  const Plan plan = make_plan(facts, {});
  std::vector<std::size_t> done;
  for (const Action& action : plan.actions) {
    done.push_back(action.fact);
  }
  std::sort(done.begin(), done.end());
  BOOST_REQUIRE_EQUAL(done.size(), facts.size());
  for (std::size_t i = 0; i < done.size(); ++i) {
    BOOST_CHECK_EQUAL(done[i], i);
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_the_facts_does_not_matter) {
  std::vector<Fact> facts = {removal("/t/a"), link("/t/a/b"), link("/t/c"), bytecode("/t/d", 4),
                             bytecode("/t/e", 4)};
  const auto expected = order_of(facts);
  std::reverse(facts.begin(), facts.end());
  check_lines(order_of(facts), expected);
}

} // namespace
} // namespace pysup::plan
