// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace pysup::bytecode {

/// The text of worker.py.
extern const std::string_view worker_program;

} // namespace pysup::bytecode
