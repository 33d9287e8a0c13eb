// SPDX-License-Identifier: GPL-2.0-or-later
//
// Marshal streams written by hand, piece by piece, from the format's description in
// Python/marshal.c. Nothing here uses the code under test.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace marshal_stream {

using namespace std::string_literals;

inline std::string u32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> shift));
  }
  return bytes;
}

inline std::string join(std::initializer_list<std::string> parts) {
  std::string all;
  for (const std::string& part : parts) {
    all += part;
  }
  return all;
}

/// The same object with FLAG_REF on its type code.
inline std::string flagged(std::string object) {
  object[0] = static_cast<char>(static_cast<unsigned char>(object[0]) | 0x80U);
  return object;
}

inline std::string ref(std::uint32_t number) {
  return "r" + u32(number);
}
inline std::string int32(std::int32_t value) {
  return "i" + u32(static_cast<std::uint32_t>(value));
}
inline std::string bytes(std::string_view text) {
  return "s" + u32(static_cast<std::uint32_t>(text.size())) + std::string(text);
}

/// A text of less than 256 ASCII characters under type code TYPE: 'z', or 'Z' if interned.
inline std::string short_text(char type, std::string_view text) {
  return type + std::string(1, static_cast<char>(static_cast<unsigned char>(text.size()))) +
         std::string(text);
}
inline std::string plain(std::string_view text) {
  return short_text('z', text);
}
inline std::string name(std::string_view text) {
  return short_text('Z', text);
}
/// A text under a type code with a four-byte length: 'a', 'A', 'u', 't'.
inline std::string long_text(char type, std::string_view text) {
  return type + u32(static_cast<std::uint32_t>(text.size())) + std::string(text);
}

inline std::string tuple(std::initializer_list<std::string> items) {
  return ")" + std::string(1, static_cast<char>(items.size())) + join(items);
}
/// '(', '[', '<' or '>', with a four-byte length.
inline std::string sequence(char type, std::initializer_list<std::string> items) {
  return type + u32(static_cast<std::uint32_t>(items.size())) + join(items);
}

/// INNER inside LEVELS tuples, which hold nothing else.
inline std::string tuples_around(int levels, const std::string& inner) {
  std::string text;
  for (int i = 0; i < levels; ++i) {
    text += ")\x01";
  }
  return text + inner;
}

/// A code object of 3.11 and later, by default one without variables at line 1 of "<f>".
struct Code {
  std::string numbers = u32(0) + u32(0) + u32(0) + u32(1) + u32(0); // argcount, ..., flags
  std::string code = bytes("\x97\x00"s);
  std::string consts = tuple({});
  std::string names = tuple({});
  std::string variables = tuple({});
  std::string kinds = bytes("");
  std::string filename = name("<f>");
  std::string own_name = name("<m>");
  std::string qualname = name("<q>");
  std::string line = u32(1);
  std::string lines = bytes("\x01");
  std::string exceptions = bytes("\x02");

  [[nodiscard]] std::string stream() const {
    return "c" + join({numbers, code, consts, names, variables, kinds, filename, own_name, qualname,
                       line, lines, exceptions});
  }
};

inline std::string code_with(std::string consts) {
  Code code;
  code.consts = std::move(consts);
  return code.stream();
}

/// What normalize() makes of code_with(CONSTS) is, but for the constants and for the three places
/// of the empty tuple, the same bytes. NUMBER is the empty tuple's reference number.
inline std::string normal_code_with(std::string consts, std::uint32_t number) {
  Code code;
  code.consts = std::move(consts);
  code.names = flagged(tuple({}));
  code.variables = ref(number);
  return code.stream();
}

/// A code object of 3.8 to 3.10.
inline std::string code_3_8(std::string_view consts) {
  return join({"c", u32(0), u32(0), u32(0), u32(0), u32(1), u32(64), bytes("d\x00S\x00"s),
               std::string(consts), tuple({plain("n")}), sequence('(', {}), tuple({}), tuple({}),
               plain("<f>"), plain("<m>"), u32(1), bytes("")});
}

/// A code object of 2.7.
inline std::string code_2_7(std::string_view consts) {
  return join({"c", u32(0), u32(0), u32(1), u32(64), bytes("d\x00\x00S"s), std::string(consts),
               sequence('(', {long_text('t', "n")}), sequence('(', {"R" + u32(0)}),
               sequence('(', {}), sequence('(', {}), bytes("<f>"), long_text('t', "<m>"), u32(1),
               bytes("")});
}

} // namespace marshal_stream
