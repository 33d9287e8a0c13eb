// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pysup::bytecode {

/// Bits in a digit of an int in a marshal stream.
constexpr unsigned marshal_digit_bits = 15;

/// The one encoding that marshal.dumps() gives an int, without type code: four bytes where it fits
/// 32 bits with sign, else the number of digits (negative for a negative int) and the digits.
std::string encode_integer(std::int64_t value);

/// The value of COUNT_AND_DIGITS if it has at most three digits and fits 32 bits with sign.
std::optional<std::int32_t> small_integer(std::string_view count_and_digits);

} // namespace pysup::bytecode
