// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/code_layout.hpp"
#include "interpreter/version.hpp"

#include <string_view>

namespace pysup::bytecode {

/// The type codes of marshal streams, as Python/marshal.c numbers them.
namespace type_code {
constexpr char null = '0'; ///< no object: ends a dict
constexpr char none = 'N';
constexpr char bool_false = 'F';
constexpr char bool_true = 'T';
constexpr char stop_iteration = 'S';
constexpr char ellipsis = '.';
constexpr char int32 = 'i';
constexpr char int64 = 'I';
constexpr char long_int = 'l'; ///< digits in base 2^15
constexpr char text_float = 'f';
constexpr char binary_float = 'g';
constexpr char text_complex = 'x';
constexpr char binary_complex = 'y';
constexpr char bytes = 's';
constexpr char interned = 't'; ///< a str; on 2.7 a byte string
constexpr char unicode = 'u';
constexpr char ascii = 'a';
constexpr char ascii_interned = 'A';
constexpr char short_ascii = 'z';
constexpr char short_ascii_interned = 'Z';
constexpr char tuple = '(';
constexpr char small_tuple = ')';
constexpr char list = '[';
constexpr char dict = '{';
constexpr char frozendict = '}';
constexpr char set = '<';
constexpr char frozenset = '>';
constexpr char slice = ':';
constexpr char code = 'c';
constexpr char reference = 'r';
constexpr char string_reference = 'R'; ///< 2.7: to an interned byte string
constexpr char unknown = '?';          ///< written for what cannot be marshalled, never read back

/// Added to a type code whose object gets the next reference number (marshal version 3 and later).
constexpr unsigned char flag_reference = 0x80;
} // namespace type_code

/// What one interpreter version reads and writes.
struct MarshalDialect {
  int marshal_version = 0;     ///< marshal.version
  std::string_view type_codes; ///< all that marshal.loads() knows
  const CodeLayout* code = nullptr;

  /// 2.7 shares interned byte strings and nothing else, and its output depends on nothing but the
  /// code.
  [[nodiscard]] bool is_python2() const { return marshal_version < 3; }
};

/// The dialect of VERSION, or nullptr for versions that this program does not know.
const MarshalDialect* find_dialect(Version version);

} // namespace pysup::bytecode
