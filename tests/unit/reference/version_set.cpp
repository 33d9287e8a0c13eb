// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/version_set.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

using pysup::parse_version;
using pysup::Version;
using pysup::reference::VersionSet;

namespace {

VersionSet parsed(std::string_view text) {
  auto set = VersionSet::parse(text);
  BOOST_REQUIRE_MESSAGE(set, pysup::test::why(set));
  return std::move(*set);
}

/// Which of some telling versions are in SET, blank-separated; 3.13 is the default.
std::string members(const VersionSet& set) {
  std::string found;
  for (const char* text : {"2.4", "2.5", "2.6", "2.7", "3.0", "3.1", "3.2", "3.9", "3.10", "3.11",
                           "3.13", "3.99", "4.0"}) {
    if (set.contains(parse_version(text).value(), Version{3, 13})) {
      found += (found.empty() ? "" : " ") + std::string(text);
    }
  }
  return found;
}

constexpr const char* everything = "2.4 2.5 2.6 2.7 3.0 3.1 3.2 3.9 3.10 3.11 3.13 3.99 4.0";

} // namespace

BOOST_AUTO_TEST_SUITE(version_set)

BOOST_AUTO_TEST_CASE(each_element_means_what_the_grammar_says) {
  const struct {
    const char* text;
    const char* members;
  } cases[] = {
      {"all", everything},
      {"-", everything},
      {" all ", everything},
      {"2.7,all", everything},
      {"current", "3.13"},
      {"2.7", "2.7"},
      {"2.6-", "2.6 2.7"},
      {"-2.6", "2.4 2.5 2.6"},
      {"-3.1", "3.0 3.1"},
      {"3.9-", "3.9 3.10 3.11 3.13 3.99"},
      {"3.9-3.10", "3.9 3.10"},
      {"3.2-3.2", "3.2"},
      {"2.5-3.1", "2.5 2.6 2.7 3.0 3.1"},
      {"2.7,3.2-", "2.7 3.2 3.9 3.10 3.11 3.13 3.99"},
      {"2.7, 3.2 - 3.9 ,3.11", "2.7 3.2 3.9 3.11"},
      {"2.6,current", "2.6 3.13"},
      {"\t3.1\t,\t-2.5", "2.4 2.5 3.1"},
      {"3.9-3.11,3.2-3.10", "3.2 3.9 3.10 3.11"},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.text) {
      BOOST_CHECK_EQUAL(members(parsed(one.text)), one.members);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_set_means_every_version) {
  BOOST_CHECK_EQUAL(members(VersionSet()), everything);
  BOOST_CHECK(VersionSet() == parsed("all"));
}

BOOST_AUTO_TEST_CASE(versions_are_compared_as_numbers) {
  const VersionSet set = parsed("3.9-");
  BOOST_CHECK(set.contains({3, 10}, std::nullopt));
  BOOST_CHECK(!set.contains({3, 1}, std::nullopt));
}

BOOST_AUTO_TEST_CASE(current_without_a_default_version_means_none) {
  BOOST_CHECK(!parsed("current").contains({3, 13}, std::nullopt));
  BOOST_CHECK(parsed("current,3.13").contains({3, 13}, std::nullopt));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named) {
  const struct {
    const char* text;
    const char* named;
  } cases[] = {
      {"", "\"\""},
      {"  ", "empty element"},
      {"2.7,", "\"2.7,\""},
      {",2.7", "\",2.7\""},
      {"2.7,,3.2", "\"2.7,,3.2\""},
      {"2.7,3", "\"3\""},
      {"foo", "\"foo\""},
      {"2.7 3.2", "\"2.7 3.2\""},
      {">= 2.6", "\">= 2.6\""},
      {"2.6-foo", "\"2.6-foo\""},
      {"2.6--", "\"2.6--\""},
      {"2.6-2.7-3.1", "\"2.6-2.7-3.1\""},
      {"3.300", "\"3.300\""},
      {"3.1.2", "\"3.1.2\""},
      {"ALL", "\"ALL\""},
      {"3.+1", "\"3.+1\""},
      {"2.7,3.5-3.2", "\"3.5-3.2\" holds no version"},
      {"3.2-2.7", "\"3.2-2.7\" holds no version"},
      {"3.10-3.9", "\"3.10-3.9\" holds no version"},
      {"2.7\x1b[31m", "\"2.7\\x1b[31m\""},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.text) {
      const auto set = VersionSet::parse(one.text);
      BOOST_REQUIRE(!set);
      BOOST_CHECK_MESSAGE(set.error().message.find(one.named) != std::string::npos,
                          set.error().message);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_text_is_canonical) {
  const struct {
    const char* text;
    const char* canonical;
  } cases[] = {
      {"-", "all"},
      {"3.2,all,current", "all"},
      {"3.2-,2.7", "2.7,3.2-"},
      {"2.7-2.7", "2.7"},
      {"2.0-2.5", "-2.5"},
      {"3.1, 3.2 ,3.3", "3.1-3.3"},
      {"3.1-3.3,3.2-3.5", "3.1-3.5"},
      {"3.1-3.9,3.2", "3.1-3.9"},
      {"2.5-3.1", "2.5-3.1"},
      {"2.7,current", "current,2.7"},
      {"2.7-,3.0-", "2.7-,3.0-"},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.text) {
      BOOST_CHECK_EQUAL(parsed(one.text).text(), one.canonical);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_set_of_exact_versions_holds_exactly_them) {
  const VersionSet set = VersionSet::of({{3, 11}, {2, 7}, {3, 11}});
  BOOST_CHECK_EQUAL(members(set), "2.7 3.11");
  BOOST_CHECK_EQUAL(set.text(), "2.7,3.11");
  BOOST_CHECK_EQUAL(members(VersionSet::of({})), "");
}

// Whatever is accepted is read back as the same set, and equal members have equal texts.
BOOST_AUTO_TEST_CASE(any_accepted_text_survives_the_way_through_the_canonical_form) {
  std::mt19937 random(20); // NOLINT: the same every time
  const std::vector<std::string> pieces = {"2.7", "3.1", "3.2", "3.10", "3.255",   "2.0", "-",  "-",
                                           ",",   ",",   " ",   "all",  "current", "x",   "256"};
  int accepted = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto left = random() % 8; left > 0; --left) {
      text += pieces[random() % pieces.size()];
    }
    const auto set = VersionSet::parse(text);
    if (!set) {
      BOOST_REQUIRE(!set.error().message.empty());
      continue;
    }
    ++accepted;
    const auto again = VersionSet::parse(set->text());
    BOOST_REQUIRE_MESSAGE(again && *again == *set, text << " became " << set->text());
    BOOST_REQUIRE_EQUAL(members(*again), members(*set));
  }
  BOOST_CHECK_GT(accepted, 1000);
}

BOOST_AUTO_TEST_SUITE_END()
