// SPDX-License-Identifier: GPL-2.0-or-later
//
// Damaged and hostile streams by the thousand, always the same ones. What is checked is that
// nothing crashes or hangs (under sanitizers as well) and that verify() and normalize() agree.
#include "bytecode/normal_form.hpp"

#include "marshal_stream.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>
#include <vector>

namespace {

using namespace marshal_stream;
using pysup::Version;
using pysup::bytecode::MarshalError;
using pysup::bytecode::normalize;
using pysup::bytecode::verify;

constexpr std::string_view type_codes = "0NFTS.iIlfgxystuRaAzZ()[]{}<>c?r:";

struct Seed {
  Version version;
  std::string stream;
};

std::vector<Seed> seeds() {
  const std::string mixed =
      tuple({flagged(int32(1)), "l" + u32(3) + "\0\0\0\0\2\0"s, "I" + u32(1) + u32(1),
             flagged(plain("a b")), long_text('u', "\xc3\xa9"), ref(0), ref(1),
             sequence('>', {name("x"), tuple({ref(0), "N"}), bytes("b")}),
             "{" + name("k") + sequence('[', {"T"}) + "0", "f\x03"s + "1.5", "y0123456789abcdef",
             sequence('<', {int32(5), int32(4)})});
  const std::string later =
      tuple({mixed, ":" + join({"N", ref(0), "N"}), code_with(tuple({flagged(tuple({}))}))});
  const std::string latest = tuple({later, "}" + name("k") + "N0"});
  const std::string old = sequence('(', {long_text('t', "a"), "R" + u32(0), "l" + u32(1) + "\1\0"s,
                                         sequence('>', {int32(2), int32(1)}), "{" + int32(1) + "N0",
                                         code_2_7(sequence('(', {bytes("x"), "g01234567"}))});
  return {
      {{2, 7}, code_2_7(old)},     {{3, 9}, code_3_8(mixed)},
      {{3, 11}, code_with(mixed)}, {{3, 13}, code_with(tuple({code_with(mixed)}))},
      {{3, 14}, code_with(later)}, {{3, 15}, code_with(latest)},
  };
}

using Random = std::minstd_rand;

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

void mutate_once(std::string& stream, Random& random) {
  const std::size_t at = below(random, stream.size());
  switch (below(random, 7)) {
  case 0:
    stream[at] = static_cast<char>(below(random, 256));
    break;
  case 1:
    stream.resize(at + 1);
    break;
  case 2:
    stream[at] = type_codes[below(random, type_codes.size())];
    break;
  case 3:
    stream[at] = static_cast<char>(static_cast<unsigned char>(stream[at]) ^ 0x80U);
    break;
  case 4:
    stream.erase(at, 1 + below(random, 5));
    break;
  case 5:
    stream.insert(at, stream.substr(below(random, stream.size()), 1 + below(random, 40)));
    break;
  default:
    stream.replace(at, 4, u32(static_cast<std::uint32_t>(below(random, 64))));
    break;
  }
  if (stream.empty()) {
    stream = "c";
  }
}

/// Checks one stream; whether verify() took it.
bool check(Version version, std::string_view stream) {
  const bool taken = verify(version, stream).has_value();
  const auto normal = normalize(version, stream);
  if (!taken) {
    BOOST_REQUIRE(!normal.has_value());
    return false;
  }
  if (!normal) {
    BOOST_REQUIRE((normal.error().kind == MarshalError::Kind::unknown));
    return true;
  }
  BOOST_REQUIRE(verify(version, *normal).has_value());
  BOOST_REQUIRE((normalize(version, *normal).value() == *normal));
  return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(damaged_streams_are_judged_and_never_crash) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::seconds(3);
  std::size_t taken = 0;
  std::size_t refused = 0;
  for (unsigned round = 0; round < 10000 && clock::now() < end; ++round) {
    for (const Seed& seed : seeds()) {
      Random random(round + 1);
      std::string stream = seed.stream;
      for (std::size_t count = 1 + below(random, 3); count > 0; --count) {
        mutate_once(stream, random);
      }
      ++(check(seed.version, stream) ? taken : refused);
    }
  }
  // Both must have been tried for the test to mean anything.
  BOOST_TEST(taken > 100U);
  BOOST_TEST(refused > 100U);
}

BOOST_AUTO_TEST_CASE(seeds_of_the_mutations_are_good_streams) {
  for (const Seed& seed : seeds()) {
    const auto verdict = verify(seed.version, seed.stream);
    BOOST_TEST(verdict.has_value(),
               seed.version.text() + ": " + (verdict ? "" : verdict.error().message));
  }
}

BOOST_AUTO_TEST_CASE(random_bytes_never_crash) {
  Random random(42);
  for (int i = 0; i < 20000; ++i) {
    std::string stream = "c";
    for (std::size_t size = below(random, 120); size > 0; --size) {
      stream += below(random, 2) == 0 ? type_codes[below(random, type_codes.size())]
                                      : static_cast<char>(below(random, 8));
    }
    const auto version = Version{3, static_cast<std::uint8_t>(8 + below(random, 8))};
    check(version, stream);
    check({2, 7}, stream);
  }
}
