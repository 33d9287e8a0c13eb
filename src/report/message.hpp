// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace pysup::report {

/// Writes MESSAGE and a line end to standard error, as printable() shows it with its lines.
void warn(std::string_view message);

/// The same, with "PROGRAM: " before it.
void warn_as(std::string_view program, std::string_view message);

} // namespace pysup::report
