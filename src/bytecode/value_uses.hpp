// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/code_layout.hpp"
#include "bytecode/marshal_tree.hpp"

#include <cstdint>
#include <vector>

namespace pysup::bytecode {

/// How a code object uses the values of its stream, by their ids.
struct ValueUses {
  /// At how many places a value stands when each value is written out once; 0: nowhere.
  std::vector<std::uint32_t> count;
  /// Whether a text is written as an interned one: it stands in a name position, or is
  /// identifier-like ASCII. A rule instead of the state of the worker's string table.
  std::vector<bool> interned;
};

ValueUses find_uses(const MarshalTree& tree, const CodeLayout& layout, NodeId root);

} // namespace pysup::bytecode
