// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace pysup::reference {

/// Whether bytecode of private modules may be written at PATH, a file or directory without links:
/// below /usr or /opt, where packages put programs, but not in /usr/local (the administrator's),
/// not where public modules lie, and not among the references.
bool is_private_place(std::string_view path);

} // namespace pysup::reference
