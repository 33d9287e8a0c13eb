// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace pysup::bytecode {

/// The number in the first sizeof(T) bytes of BYTES, least significant byte first. BYTES must be
/// that long.
template <std::unsigned_integral T>
T load_le(std::string_view bytes) {
  assert(bytes.size() >= sizeof(T));
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[i]));
  }
  return value;
}

/// Appends VALUE to OUT in sizeof(T) bytes, least significant byte first.
template <std::unsigned_integral T>
void store_le(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
  out.append(bytes.data(), bytes.size());
}

} // namespace pysup::bytecode
