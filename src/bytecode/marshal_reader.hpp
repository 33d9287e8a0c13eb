// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/marshal_dialect.hpp"
#include "bytecode/marshal_tree.hpp"
#include "bytecode/normal_form.hpp"

#include <cstddef>
#include <string_view>
#include <tl/expected.hpp>

namespace pysup::bytecode {

/// How many objects may stand inside each other in a stream (MAX_MARSHAL_STACK_DEPTH).
constexpr int max_marshal_depth = 2000;

struct MarshalContent {
  NodeId root = 0;
  std::size_t size = 0; ///< bytes read; like marshal.loads() we ignore what follows
};

/// Reads one code object from STREAM into TREE, refusing what that interpreter's marshal.loads()
/// refuses. Time and memory are proportional to the stream, whatever it says of itself.
tl::expected<MarshalContent, MarshalError> read_marshal(const MarshalDialect& dialect,
                                                        std::string_view stream, MarshalTree& tree);

} // namespace pysup::bytecode
