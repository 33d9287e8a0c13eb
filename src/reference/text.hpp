// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace pysup::reference {

/// TEXT without blanks (those of C's isspace in the C locale) at both ends.
std::string_view trim(std::string_view text);

/// BYTES without a leading UTF-8 byte order mark.
std::string_view without_byte_order_mark(std::string_view bytes);

/// Takes the next line off REST, without its line feed; a last line needs none. REST must not be
/// empty.
std::string_view next_line(std::string_view& rest);

/// TEXT for a message: in double quotes, with control bytes written as \xNN so that a file name
/// cannot steer a terminal, and cut where it is too long to be read.
std::string quoted(std::string_view text);

} // namespace pysup::reference
