// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/text.hpp"

#include <fmt/format.h>
#include <iterator>

namespace pysup::reference {

namespace {

constexpr std::string_view blanks = " \t\r\v\f\n";

/// Longer texts are cut in messages: as long as a path of several ordinary components.
constexpr std::size_t readable = 256;

} // namespace

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view without_byte_order_mark(std::string_view bytes) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (bytes.starts_with(mark)) {
    bytes.remove_prefix(mark.size());
  }
  return bytes;
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char byte : text.substr(0, readable)) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
    } else {
      out += byte;
    }
  }
  out += text.size() > readable ? "...\"" : "\"";
  return out;
}

} // namespace pysup::reference
