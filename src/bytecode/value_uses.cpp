// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/value_uses.hpp"

#include "bytecode/text_encoding.hpp"

namespace pysup::bytecode {
namespace {

void mark_names(const MarshalTree& tree, const CodeLayout& layout, NodeId code,
                std::vector<bool>& interned) {
  const auto objects = tree.children(code);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (layout.objects[i] == FieldRole::name) {
      interned[objects[i]] = true;
    } else if (layout.objects[i] == FieldRole::names) {
      for (const NodeId name : tree.children(objects[i])) {
        interned[name] = true;
      }
    }
  }
}

} // namespace

ValueUses find_uses(const MarshalTree& tree, const CodeLayout& layout, NodeId root) {
  ValueUses uses;
  uses.count.resize(tree.size());
  uses.interned.resize(tree.size());
  uses.count[root] = 1;
  // Ids fall from parents to children, so each value's count is complete when its turn comes.
  for (NodeId id = root + 1; id-- > 0;) {
    if (uses.count[id] == 0) {
      continue;
    }
    for (const NodeId child : tree.children(id)) {
      ++uses.count[child];
    }
    const Node& node = tree[id];
    if (node.kind == NodeKind::code) {
      mark_names(tree, layout, id, uses.interned);
    } else if (node.kind == NodeKind::text && node.ascii && is_identifier_like(node.payload)) {
      uses.interned[id] = true;
    }
  }
  return uses;
}

} // namespace pysup::bytecode
