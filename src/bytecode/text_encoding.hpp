// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace pysup::bytecode {

/// Whether all of BYTES are below 0x80.
bool is_ascii(std::string_view bytes);

/// Whether Python decodes BYTES as UTF-8 with errors="surrogatepass", as marshal reads a str:
/// shortest forms up to U+10FFFF, surrogates among them.
bool is_utf8_with_surrogates(std::string_view bytes);

/// The UTF-8 of a text whose code points are the BYTES, one each.
std::string utf8_of_latin1(std::string_view bytes);

/// Whether TEXT is empty or all of [A-Za-z0-9_]: the constants that CPython interns when it makes
/// a code object.
bool is_identifier_like(std::string_view text);

/// Whether Python reads TEXT as a float, as marshal versions 0 and 1 wrote it: decimal with
/// optional sign, point and exponent, or "inf", "infinity", "nan" in any case. What stands after
/// a NUL byte is not looked at.
bool is_float_text(std::string_view text);

} // namespace pysup::bytecode
