// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/code_layout.hpp"
#include "bytecode/marshal_tree.hpp"

#include <span>
#include <string_view>

namespace pysup::bytecode {

/// Why an interpreter would refuse to make a code object of these NUMBERS (the bytes before the
/// objects) and OBJECTS, or an empty view if it would not. The rules are those of PyCode_New on
/// 2.7, PyCode_NewWithPosOnlyArgs up to 3.10 and _PyCode_Validate since 3.11.
std::string_view code_fault(const CodeLayout& layout, const MarshalTree& tree,
                            std::string_view numbers, std::span<const NodeId> objects);

} // namespace pysup::bytecode
