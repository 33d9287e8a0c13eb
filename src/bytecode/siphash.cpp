// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/siphash.hpp"

#include "bytecode/little_endian.hpp"

#include <bit>

namespace pysup::bytecode {
namespace {

struct State {
  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }

  void absorb(std::uint64_t word, int count) {
    v3 ^= word;
    rounds(count);
    v0 ^= word;
  }
};

template <int word_rounds, int final_rounds>
std::uint64_t siphash(SipKey key, std::string_view bytes) {
  // The starting values are the letters of "somepseudorandomlygeneratedbytes".
  State state{key.k0 ^ 0x736f6d6570736575U, key.k1 ^ 0x646f72616e646f6dU,
              key.k0 ^ 0x6c7967656e657261U, key.k1 ^ 0x7465646279746573U};
  // The last word is what remains, with the length modulo 256 in its top byte.
  std::uint64_t last = std::uint64_t{bytes.size()} << 56;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    state.absorb(load_le<std::uint64_t>(bytes), word_rounds);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    last |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  state.absorb(last, word_rounds);
  state.v2 ^= 0xff;
  state.rounds(final_rounds);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

} // namespace

std::uint64_t siphash24(SipKey key, std::string_view bytes) {
  return siphash<2, 4>(key, bytes);
}

std::uint64_t siphash13(SipKey key, std::string_view bytes) {
  return siphash<1, 3>(key, bytes);
}

} // namespace pysup::bytecode
