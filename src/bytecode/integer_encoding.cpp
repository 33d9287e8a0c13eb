// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/integer_encoding.hpp"

#include "bytecode/little_endian.hpp"

#include <limits>

namespace pysup::bytecode {
namespace {

constexpr std::uint64_t digit_mask = (1U << marshal_digit_bits) - 1;

std::optional<std::int32_t> as_int32(std::int64_t value) {
  if (value < std::numeric_limits<std::int32_t>::min() ||
      value > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(value);
}

} // namespace

std::string encode_integer(std::int64_t value) {
  std::string encoded;
  if (const auto small = as_int32(value)) {
    store_le(encoded, static_cast<std::uint32_t>(*small));
    return encoded;
  }
  std::string digits;
  // Unsigned negation, for the lowest value has no positive counterpart.
  std::uint64_t rest = static_cast<std::uint64_t>(value);
  rest = value < 0 ? 0 - rest : rest;
  for (; rest != 0; rest >>= marshal_digit_bits) {
    store_le(digits, static_cast<std::uint16_t>(rest & digit_mask));
  }
  const auto count = static_cast<std::int32_t>(digits.size() / 2);
  store_le(encoded, static_cast<std::uint32_t>(value < 0 ? -count : count));
  return encoded + digits;
}

std::optional<std::int32_t> small_integer(std::string_view count_and_digits) {
  constexpr std::size_t most = 4 + 2 * 3;
  if (count_and_digits.size() > most) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (std::size_t at = count_and_digits.size(); at > 4; at -= 2) {
    const auto digit = load_le<std::uint16_t>(count_and_digits.substr(at - 2));
    value = value << marshal_digit_bits | digit;
  }
  const bool negative = static_cast<std::int32_t>(load_le<std::uint32_t>(count_and_digits)) < 0;
  return as_int32(negative ? -value : value);
}

} // namespace pysup::bytecode
