// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/asked.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

namespace pysup::pass {
namespace {

using reference::Reference;
using reference::VersionSet;

Reference with_set(const char* set) {
  Reference reference;
  reference.name = "foo.public";
  reference.versions = VersionSet::parse(set).value();
  return reference;
}

void check_round_trip(const Reference& reference) {
  const std::string asked = encode_asked(reference);
  const auto back = decode_asked(reference.name, reference.kind, asked);
  BOOST_REQUIRE(back);
  BOOST_CHECK(*back == reference);
  BOOST_CHECK(encode_asked(*back) == asked);
}

BOOST_AUTO_TEST_CASE(an_empty_reference_comes_back) {
  for (const reference::Kind kind : {reference::Kind::public_list, reference::Kind::private_list,
                                     reference::Kind::dirs, reference::Kind::tree}) {
    Reference reference;
    reference.name = "foo";
    reference.kind = kind;
    check_round_trip(reference);
  }
}

BOOST_AUTO_TEST_CASE(every_set_comes_back) {
  for (const char* set : {"all", "current", "3.11", "2.7,3.2-", "-3.1", "3.1-3.4,3.9,current"}) {
    BOOST_TEST_CONTEXT(set) {
      check_round_trip(with_set(set));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_set_of_no_version_comes_back) {
  Reference reference;
  reference.name = "foo";
  reference.kind = reference::Kind::tree;
  reference.versions = VersionSet::of({});
  check_round_trip(reference);
}

BOOST_AUTO_TEST_CASE(sources_beside_the_rule_come_back) {
  Reference reference = with_set("all");
  reference.public_files = {
      {"a.py", "/usr/share/pyshared/a.py", {}},
      {"a.py", "/usr/lib/pyshared/python3.11/a.py", Version{3, 11}},
      {"a/b.py", "/usr/share/pyshared/a/b.py", {}},
      {"a/b.py", "/somewhere/else.py", Version{3, 9}},
      {"a/c.py", "/a/c.py", {}}, // nothing before the relative part
      {"d.py", "d.py", {}},
      {"e.py", "/usr/share/pyshared/xe.py", {}}, // ends with it, but in the middle of a name
  };
  check_round_trip(reference);
}

BOOST_AUTO_TEST_CASE(private_files_come_back) {
  Reference reference;
  reference.name = "foo.private";
  reference.kind = reference::Kind::private_list;
  reference.private_files = {{"/p/a.py", "/p/a.py", {}},
                             {"/p/b.py", "/real/b.py", Version{3, 9}},
                             {"/p/c.py", "/p/c.py", Version{3, 9}},
                             {"/p/d.py", "/p/d.py", {}}};
  check_round_trip(reference);
}

BOOST_AUTO_TEST_CASE(everything_else_comes_back) {
  Reference reference = with_set("3.9-");
  reference.kind = reference::Kind::tree;
  reference.noinit = {"", "a", "a/b"};
  reference.path_lines = {{"sub", {}}, {"/abs", Version{3, 9}}, {"sub2", {}}};
  check_round_trip(reference);
}

/// A path shares at most 254 bytes with the one before it, by the byte that counts them.
BOOST_AUTO_TEST_CASE(paths_of_any_length_come_back) {
  Reference reference = with_set("all");
  for (const std::size_t length : {1U, 253U, 254U, 255U, 256U, 1000U, 4000U}) {
    const std::string start(length, 'p');
    for (const char* end : {"", "a", "b"}) {
      reference.public_files.push_back({start + end, "/s/" + start + end, {}});
    }
  }
  check_round_trip(reference);
}

/// Any byte but NUL and "/" may stand in a name.
std::string name_of_chance(std::mt19937& random) {
  std::string name;
  const std::size_t length = 1 + random() % 5;
  while (name.size() < length) {
    const char byte =
        random() % 2 == 0 ? "aB.S1"[random() % 5] : static_cast<char>(1 + random() % 255);
    name += byte == '/' ? '_' : byte;
  }
  return name;
}

std::string path_of_chance(std::mt19937& random, const std::string& before) {
  std::string path = before.substr(0, before.empty() ? 0 : random() % before.size());
  for (std::size_t parts = 1 + random() % 3; parts > 0; --parts) {
    path += (path.empty() ? "" : "/") + name_of_chance(random);
  }
  return path;
}

std::optional<Version> version_of_chance(std::mt19937& random) {
  return random() % 3 == 0 ? std::optional(Version{3, static_cast<std::uint8_t>(random() % 20)})
                           : std::nullopt;
}

Reference reference_of_chance(std::mt19937& random) {
  Reference reference;
  reference.name = "foo";
  reference.kind = static_cast<reference::Kind>(random() % 4);
  std::string path;
  for (std::size_t count = random() % 12; count > 0; --count) {
    path = path_of_chance(random, path);
    const auto version = version_of_chance(random);
    if (is_public(reference.kind)) {
      std::string source = random() % 2 == 0 ? "/usr/share/pyshared/" : "/b/";
      source += path;
      if (random() % 4 == 0) {
        source = '/' + path_of_chance(random, "");
      }
      reference.public_files.push_back({path, source, version});
    } else {
      std::string here = "/";
      here += path;
      const std::string place = random() % 4 == 0 ? '/' + path_of_chance(random, "") : here;
      reference.private_files.push_back({here, place, version});
    }
    if (random() % 4 == 0) {
      reference.path_lines.push_back({path, version_of_chance(random)});
      reference.noinit.push_back(path_of_chance(random, path));
    }
  }
  if (is_public(reference.kind) && random() % 2 == 0) {
    reference.versions = VersionSet::of({{2, 7}, {3, 9}, {3, 11}});
  }
  return reference;
}

BOOST_AUTO_TEST_CASE(references_of_chance_come_back) {
  std::mt19937 random(20);
  for (int round = 0; round < 3000; ++round) {
    check_round_trip(reference_of_chance(random));
  }
}

/// A database that a disk spoiled must not give a reference that nobody asked for.
BOOST_AUTO_TEST_CASE(nothing_is_read_but_what_was_written) {
  std::mt19937 random(21);
  std::size_t refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string asked = encode_asked(reference_of_chance(random));
    const auto place = static_cast<std::ptrdiff_t>(random() % asked.size());
    switch (random() % 4) {
    case 0:
      asked.resize(static_cast<std::size_t>(place));
      break;
    case 1:
      asked[static_cast<std::size_t>(place)] = static_cast<char>(random() % 256);
      break;
    case 2:
      asked.erase(asked.begin() + place);
      break;
    default:
      asked.insert(asked.begin() + place, static_cast<char>(random() % 256));
    }
    const auto kind = static_cast<reference::Kind>(random() % 4);
    const auto back = decode_asked("foo", kind, asked);
    if (back) {
      BOOST_REQUIRE(encode_asked(*back) == asked);
    } else {
      ++refused;
    }
  }
  BOOST_CHECK_GT(refused, 1000);
}

BOOST_AUTO_TEST_CASE(what_is_of_no_known_form_is_refused) {
  using namespace std::string_literals;
  for (const std::string& asked :
       {""s, "1"s, "2\0"s, "11\0"s, "\0"s, "1\0S"s, "1\0Sall"s, "1\0Snonsense\0"s, "1\0Zx\0"s,
        "1\0P\0"s, "1\0P\x05x\0"s, "1\0Sall\0V3\0"s}) {
    BOOST_CHECK_MESSAGE(!decode_asked("foo", reference::Kind::public_list, asked),
                        "accepted: " << asked);
  }
}

} // namespace
} // namespace pysup::pass
