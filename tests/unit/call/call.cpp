// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call.hpp"

#include "versions.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace pysup::call {
namespace {

using namespace std::string_literals;

Call full_call() {
  return {.package = "python3-foo",
          .caller = "foo-common",
          .places = {"/usr/share/foo", "/usr/share/b ar\n=x.py"},
          .versions = {v311, v313},
          .excludes = {".*/tests/", "", "a=b\xff"},
          .optimize = true,
          .force = true};
}

/// A call with nothing but a package to compile, one to be called by, and versions.
Call simple_call(std::string package, std::string caller = "",
                 const reference::VersionRange& versions = {}) {
  Call call;
  call.package = std::move(package);
  call.caller = std::move(caller);
  call.versions = versions;
  return call;
}

void check_comes_back(const Call& call) {
  const auto back = decode(encode(call));
  BOOST_REQUIRE_MESSAGE(back, test::why(back));
  BOOST_CHECK(*back == call);
  BOOST_CHECK(encode(*back) == encode(call));
}

} // namespace

BOOST_AUTO_TEST_SUITE(one_call)

BOOST_AUTO_TEST_CASE(what_is_encoded_comes_back) {
  check_comes_back(full_call());
  const reference::VersionRange all;
  check_comes_back(simple_call("foo"));
  check_comes_back(simple_call("", "foo"));
  check_comes_back(simple_call("foo", "", {v313, v313}));
  check_comes_back(simple_call("foo", "", {v313, all.end}));
  check_comes_back(simple_call("foo", "", {all.first, {4, 0}}));
}

/// Notes are named after their text, and one that differs is not to be lost.
BOOST_AUTO_TEST_CASE(calls_that_differ_have_texts_that_differ) {
  const std::string text = encode(full_call());
  std::vector<Call> others(8, full_call());
  others[0].package = "python3-bar";
  others[1].caller = "";
  others[2].places.pop_back();
  others[3].versions.end = v314;
  std::swap(others[4].excludes[0], others[4].excludes[2]);
  others[5].optimize = false;
  others[6].force = false;
  others[7].places = {"/usr/share/foo"};
  others[7].excludes.insert(others[7].excludes.begin(), "/usr/share/b ar\n=x.py");
  for (std::size_t i = 0; i < others.size(); ++i) {
    BOOST_CHECK_MESSAGE(encode(others[i]) != text, i);
  }
}

BOOST_AUTO_TEST_CASE(the_owner_is_the_package_or_else_the_caller) {
  BOOST_CHECK_EQUAL(full_call().owner(), "python3-foo");
  BOOST_CHECK_EQUAL(simple_call("", "foo-common").owner(), "foo-common");
}

BOOST_AUTO_TEST_CASE(what_was_not_encoded_is_refused) {
  for (const std::string& text :
       {""s, "\0"s, "py3compile=1"s, "py3compile=1\0"s, "py3compile=2\0package=foo\0"s,
        "package=foo\0"s, "\0py3compile=1\0package=foo\0"s, "py3compile=1\0package=foo"s,
        "py3compile=1\0package=foo\0\0"s, "py3compile=1\0package=foo\0place=relative\0"s,
        "py3compile=1\0package=foo\0place=\0"s, "py3compile=1\0package=foo\0place\0"s,
        "py3compile=1\0package=foo\0versions=x\0"s, "py3compile=1\0package=foo\0optimize=2\0"s,
        "py3compile=1\0package=foo\0force=\0"s, "py3compile=1\0package=foo\0colour=red\0"s,
        "py3compile=1\0package=\0caller=\0place=/a\0"s}) {
    BOOST_TEST_CONTEXT('"' << text << '"') {
      BOOST_CHECK(!decode(text));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused) {
  const std::string text = encode(full_call());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto cut = decode(text.substr(0, size));
    BOOST_CHECK_MESSAGE(!cut || *cut != full_call(), size);
    BOOST_CHECK_MESSAGE(!cut || text[size - 1] == '\0', size);
  }
}

/// What is refused names the field, but not all of a long one.
BOOST_AUTO_TEST_CASE(a_message_is_short) {
  const std::string why = test::why(decode("py3compile=1\0"s + std::string(1 << 20, 'x') + '\0'));
  BOOST_CHECK(why.size() < 200 && why.find("xxx") != std::string::npos);
}

/// Whatever bytes: an answer, and one that is stable.
BOOST_AUTO_TEST_CASE(random_damage_does_no_harm) {
  const std::string text = encode(full_call());
  std::mt19937 random(6); // the same each time
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = text;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    if (const auto call = decode(damaged)) {
      BOOST_CHECK(!call->owner().empty());
      const auto again = decode(encode(*call));
      BOOST_CHECK(again && *again == *call);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(several_calls)

BOOST_AUTO_TEST_CASE(all_come_back_in_their_order) {
  for (const std::vector<Call>& calls : {std::vector<Call>{},
                                         {full_call()},
                                         {full_call(), simple_call("b"), simple_call("", "a")}}) {
    const auto back = decode_all(encode_all(calls));
    BOOST_REQUIRE_MESSAGE(back, test::why(back));
    BOOST_CHECK(*back == calls);
  }
}

BOOST_AUTO_TEST_CASE(damage_is_refused) {
  const std::string one = encode(simple_call("foo"));
  const std::string size = std::to_string(one.size());
  BOOST_REQUIRE(decode_all(size + ":" + one)); // what the others are made of
  for (const std::string& text :
       {":"s, "x"s, "0:"s, size, size + ":"s, ":" + one, "-1:" + one, " " + size + ":" + one,
        size + one, std::to_string(one.size() + 1) + ":" + one,
        std::to_string(one.size() - 1) + ":" + one, "99999999999999999999999:" + one,
        "18446744073709551615:" + one, size + ":" + one + "x"}) {
    BOOST_TEST_CONTEXT('"' << text << '"') {
      BOOST_CHECK(!decode_all(text));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(names_of_calls)

BOOST_AUTO_TEST_CASE(no_reference_has_such_a_name) {
  BOOST_CHECK_EQUAL(reference_name("foo"), "py3compile/foo");
  BOOST_CHECK(is_call_name(reference_name("foo")));
  for (const char* name : {"", "foo", "py3compile", "py3compile.public", "foo.private", "x/foo"}) {
    BOOST_CHECK_MESSAGE(!is_call_name(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::call
