// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/marshal_tree.hpp"
#include "bytecode/marshal_writer.hpp"
#include "bytecode/value_uses.hpp"

#include <string_view>

namespace pysup::bytecode {

/// Puts the elements of all sets of TREE that are in use in the order of their bytes, as WRITER
/// writes them without references. Returns what stands against it, else an empty view: a code
/// object among the elements (its bytes are not unlike all others'), or references that make the
/// bytes of a short stream too many to write out. No compiler makes either.
std::string_view order_sets(MarshalTree& tree, const ValueUses& uses, const MarshalWriter& writer);

} // namespace pysup::bytecode
