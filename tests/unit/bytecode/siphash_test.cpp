// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/siphash.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using pysup::bytecode::siphash13;
using pysup::bytecode::siphash24;
using pysup::bytecode::SipKey;

/// The bytes 0, 1, 2, ..., as the vectors published with SipHash use them for key and message.
std::string counting(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    bytes += static_cast<char>(i);
  }
  return bytes;
}

constexpr SipKey counting_key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};

struct Vector {
  std::size_t size;
  std::uint64_t hash;
};

} // namespace

// The vectors of the reference implementation (vectors_sip64), read as little-endian numbers; the
// one of 15 bytes is also in the paper's appendix.
BOOST_AUTO_TEST_CASE(siphash_2_4_gives_the_published_values) {
  const Vector vectors[] = {
      {0, 0x726fdb47dd0e0e31U},  {1, 0x74f839c593dc67fdU},  {2, 0x0d6c8009d9a94f5aU},
      {3, 0x85676696d7fb7e2dU},  {4, 0xcf2794e0277187b7U},  {5, 0x18765564cd99a68dU},
      {6, 0xcbc9466e58fee3ceU},  {7, 0xab0200f58b01d137U},  {8, 0x93f5f5799a932462U},
      {9, 0x9e0082df0ba9e4b0U},  {12, 0x751e8fbc860ee5fbU}, {15, 0xa129ca6149be45e5U},
      {16, 0x3f2acc7f57c29bdbU}, {63, 0x958a324ceb064572U},
  };
  for (const auto& [size, hash] : vectors) {
    BOOST_TEST(siphash24(counting_key, counting(size)) == hash, size);
  }
}

// No vectors were published for 1-3. These are what CPython 3.11's _imp.source_hash(key, bytes)
// gives, whose second key half is 0.
BOOST_AUTO_TEST_CASE(siphash_1_3_gives_what_cpython_computes) {
  const Vector vectors[] = {
      {0, 0xf46d3bfe2ea281dcU},  {1, 0x5bb2c195fe70a449U},  {7, 0x3dd20bc6123b60e0U},
      {8, 0x5124317f8cfc24cbU},  {9, 0x9d1f9dbb9125d122U},  {15, 0x7f501f340ece0c62U},
      {16, 0xa07bf4038d638986U}, {63, 0x9c56dbe0649233f3U},
  };
  for (const auto& [size, hash] : vectors) {
    BOOST_TEST(siphash13({counting_key.k0, 0}, counting(size)) == hash, size);
  }
}

BOOST_AUTO_TEST_CASE(both_key_halves_and_the_length_count) {
  const std::string zeros(8, '\0');
  const std::string more_zeros(9, '\0');
  BOOST_TEST(siphash13({1, 0}, zeros) != siphash13({0, 0}, zeros));
  BOOST_TEST(siphash13({0, 1}, zeros) != siphash13({0, 0}, zeros));
  BOOST_TEST(siphash13({0, 0}, more_zeros) != siphash13({0, 0}, zeros));
}
