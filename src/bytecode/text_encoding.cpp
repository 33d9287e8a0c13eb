// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace pysup::bytecode {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xc0U) == 0x80U;
}

/// Length of the UTF-8 sequence that BYTES (not empty) begins with, 0 if it is none.
std::size_t sequence_length(std::string_view bytes) {
  const std::uint8_t lead = byte_at(bytes, 0);
  if (lead < 0x80) {
    return 1;
  }
  // Leads below 0xc2 are continuations or longer than needed; above 0xf4 lies no code point.
  if (lead < 0xc2 || lead > 0xf4) {
    return 0;
  }
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte_at(bytes, i))) {
      return 0;
    }
  }
  // The second byte tells the longer-than-needed forms, and 0xf4 what lies above U+10FFFF.
  const std::uint8_t second = byte_at(bytes, 1);
  const bool too_low = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool too_high = lead == 0xf4 && second > 0x8f;
  return too_low || too_high ? 0 : length;
}

constexpr std::array<bool, 256> identifier_bytes = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789_")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits that TEXT begins with off it; whether there were any.
bool skip_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

void skip_sign(std::string_view& text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    text.remove_prefix(1);
  }
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

} // namespace

bool is_ascii(std::string_view bytes) {
  for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    if ((word & high_bits) != 0) {
      return false;
    }
  }
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_utf8_with_surrogates(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = sequence_length(bytes);
    if (length == 0) {
      return false;
    }
    bytes.remove_prefix(length);
  }
  return true;
}

std::string utf8_of_latin1(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0U | byte >> 6U);
      text += static_cast<char>(0x80U | (byte & 0x3fU));
    }
  }
  return text;
}

bool is_identifier_like(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return identifier_bytes[static_cast<unsigned char>(c)]; });
}

bool is_float_text(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  skip_sign(text);
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "infinity") ||
      equals_ignoring_case(text, "nan")) {
    return true;
  }
  bool digits = skip_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits = skip_digits(text) || digits;
  }
  if (!digits) {
    return false;
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    skip_sign(text);
    return skip_digits(text) && text.empty();
  }
  return text.empty();
}

} // namespace pysup::bytecode
