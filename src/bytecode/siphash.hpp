// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace pysup::bytecode {

/// A SipHash key: its 16 bytes read as two little-endian numbers.
struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

/// SipHash-2-4 with a 64-bit result (Aumasson and Bernstein, "SipHash: a fast short-input PRF").
std::uint64_t siphash24(SipKey key, std::string_view bytes);

/// SipHash-1-3: the same with one round a word and three at the end.
std::uint64_t siphash13(SipKey key, std::string_view bytes);

} // namespace pysup::bytecode
