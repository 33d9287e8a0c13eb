// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pysup::bytecode {

/// What an object field of a code object must be for the code object to be made.
enum class FieldRole : std::uint8_t {
  bytes, ///< a byte string
  tuple, ///< a tuple of anything
  names, ///< a tuple of names, each a `name`
  name,  ///< a str; on 2.7 a byte string
};

/// The order of a code object's fields in a marshal stream: numbers, objects, the first line's
/// number among them. Taken from the TYPE_CODE case of Python/marshal.c of each version.
struct CodeLayout {
  std::size_t numbers = 0;            ///< 32-bit numbers before the first object
  std::span<const FieldRole> objects; ///< in stream order
  std::size_t objects_before_line = 0;

  // Where the numbers that are checked stand.
  std::size_t not_negative = 0;   ///< how many of the first numbers must not be below 0
  bool has_argument_kinds = true; ///< positional-only and keyword-only counts, which 2.7 lacks
  std::size_t argument_count = 0; ///< the position of argcount; the kinds follow it
  std::size_t flags = 0;          ///< the position of co_flags among the numbers

  std::size_t code = 0;           ///< the position of co_code among the objects
  std::size_t constants = 1;      ///< of co_consts
  std::size_t variables = 3;      ///< of co_varnames or co_localsplusnames
  std::size_t variable_kinds = 0; ///< of co_localspluskinds; 0: this layout has none

  /// Bytes of the numbers before the first object.
  [[nodiscard]] std::size_t number_bytes() const { return 4 * numbers; }
};

extern const CodeLayout code_layout_2_7;
extern const CodeLayout code_layout_3_8;  ///< 3.8 to 3.10
extern const CodeLayout code_layout_3_11; ///< 3.11 to 3.15

} // namespace pysup::bytecode
