// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/text.hpp"

#include "os/root.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>

namespace pysup::os {
namespace {

using namespace std::string_literals;

/// Texts of every shape: with and without slashes at every place, with bytes of every kind.
const std::vector<std::string> shapes = {"",
                                         "a",
                                         "/",
                                         "//",
                                         "/a",
                                         "a/",
                                         "a/b",
                                         "/a/b.py",
                                         "/a//b",
                                         "/a/b/",
                                         "/a-b",
                                         "/a-b/c",
                                         "/a/b-c",
                                         "/a/b/c",
                                         "/a/b",
                                         "nul\0in it"s,
                                         "\0"s,
                                         "/\0/\0"s,
                                         "\xff\x80/\n"s,
                                         std::string(70'000, 'x'),
                                         "/" + std::string(70'000, 'y') + "/z"};

BOOST_AUTO_TEST_CASE(a_text_has_the_bytes_it_was_made_of) {
  for (const std::string& bytes : shapes) {
    const Text text = bytes;
    BOOST_CHECK(text.str() == bytes);
    BOOST_CHECK_EQUAL(text.size(), bytes.size());
    BOOST_CHECK_EQUAL(text.empty(), bytes.empty());
    BOOST_CHECK(std::string(text.folder()) + std::string(text.name()) == bytes);
    BOOST_CHECK_EQUAL(text.parent(), parent_of(bytes));
    BOOST_CHECK(text.name() == name_of(bytes));
    BOOST_CHECK_EQUAL(text.name().data()[text.name().size()], '\0');
    BOOST_CHECK(text.with_name("other") == std::string(text.folder()) + "other");
    BOOST_CHECK(text.with_name(text.name()) == text);
  }
}

BOOST_AUTO_TEST_CASE(equal_texts_are_one_and_others_are_not) {
  for (const std::string& a : shapes) {
    for (const std::string& b : shapes) {
      BOOST_CHECK_EQUAL(Text(a) == Text(b), a == b);
      BOOST_CHECK_EQUAL(Text(a).id() == Text(b).id(), a == b);
      BOOST_CHECK_EQUAL(Text(a) == b, a == b);
      BOOST_CHECK((Text(a) <=> Text(b)) == (a <=> b));
      BOOST_CHECK_EQUAL(Text(a).starts_with(b), a.starts_with(b));
      BOOST_CHECK_EQUAL(Text(a).ends_with(b), a.ends_with(b));
    }
  }
}

BOOST_AUTO_TEST_CASE(many_texts_are_told_apart) {
  std::unordered_set<std::uint32_t> numbers;
  for (int i = 0; i < 50'000; ++i) {
    const std::string bytes = "/d" + std::to_string(i % 700) + "/m" + std::to_string(i);
    const Text text = bytes;
    BOOST_REQUIRE(text == bytes);
    BOOST_REQUIRE(numbers.insert(text.id()).second);
  }
  for (int i = 0; i < 50'000; ++i) {
    const Text again = "/d" + std::to_string(i % 700) + "/m" + std::to_string(i);
    BOOST_REQUIRE(numbers.contains(again.id()));
  }
}

BOOST_AUTO_TEST_CASE(threads_that_make_the_same_texts_have_the_same) {
  constexpr std::size_t count = 20'000;
  std::array<std::vector<Text>, 2> made;
  const auto make = [](std::vector<Text>& texts) {
    for (std::size_t i = 0; i < count; ++i) {
      texts.emplace_back("/t" + std::to_string(i / 50) + "/" + std::to_string(i));
    }
  };
  std::thread other(make, std::ref(made[1]));
  make(made[0]);
  other.join();
  BOOST_CHECK(made[0] == made[1]);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_REQUIRE_EQUAL(made[0][i].name(), std::to_string(i));
  }
}

BOOST_AUTO_TEST_CASE(a_set_of_texts_holds_what_was_put_in) {
  TextSet set;
  BOOST_CHECK(set.empty() && !set.contains("/set/a") && !set.contains(""));
  BOOST_CHECK(set.insert("/set/a"));
  BOOST_CHECK(!set.insert("/set/a"));
  BOOST_CHECK(set.insert(""));
  BOOST_CHECK(set.contains("/set/a") && set.contains("") && !set.contains("/set/b"));
  set.erase("/set/a");
  set.erase("/set/b");
  BOOST_CHECK(!set.contains("/set/a") && !set.empty());
  set.erase("");
  BOOST_CHECK(set.empty());
}

} // namespace
} // namespace pysup::os
