// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/set_order.hpp"

#include "bytecode/marshal_reader.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace pysup::bytecode {
namespace {

/// The most bytes that the elements of a stream's sets may have together, written out without
/// references. Sources with sets of constants of that size are far over every worker's limits.
constexpr std::uint64_t max_plain_bytes = 64U << 20U;

/// What a value would be if it were written without references.
struct Extent {
  std::uint64_t bytes = 0; ///< at least; saturates above max_plain_bytes
  int height = 0;          ///< objects inside each other
};

bool needs_order(const MarshalTree& tree, const ValueUses& uses, NodeId id) {
  return is_set(tree[id].kind) && tree[id].child_count > 1 && uses.count[id] > 0;
}

std::vector<Extent> measure(const MarshalTree& tree) {
  // Type, length, and a dict's end take at most this many bytes.
  constexpr std::uint64_t head = 6;
  std::vector<Extent> extents(tree.size());
  for (NodeId id = 0; id < tree.size(); ++id) {
    Extent extent{head + tree[id].payload.size(), 0};
    for (const NodeId child : tree.children(id)) {
      extent.bytes = std::min(extent.bytes + extents[child].bytes, max_plain_bytes + 1);
      extent.height = std::max(extent.height, extents[child].height);
    }
    extent.height = std::min(extent.height + 1, max_marshal_depth);
    extents[id] = extent;
  }
  return extents;
}

void order(std::span<NodeId> elements, const MarshalWriter& writer) {
  struct Element {
    std::size_t first;
    std::size_t size;
    NodeId id;
  };
  std::string plain;
  std::vector<Element> sorted;
  sorted.reserve(elements.size());
  for (const NodeId id : elements) {
    const std::size_t first = plain.size();
    writer.write_plain(id, plain);
    sorted.push_back({first, plain.size() - first, id});
  }
  const std::string_view all = plain;
  std::sort(sorted.begin(), sorted.end(), [all](const Element& a, const Element& b) {
    return all.substr(a.first, a.size) < all.substr(b.first, b.size);
  });
  std::transform(sorted.begin(), sorted.end(), elements.begin(),
                 [](const Element& element) { return element.id; });
}

} // namespace

std::string_view order_sets(MarshalTree& tree, const ValueUses& uses, const MarshalWriter& writer) {
  std::vector<Extent> extents;
  std::uint64_t total = 0;
  // Inner sets have smaller ids, so they are in order before they count as bytes of outer ones.
  for (NodeId id = 0; id < tree.size(); ++id) {
    if (!needs_order(tree, uses, id)) {
      continue;
    }
    if (tree[id].holds_code) {
      return "code object in a set";
    }
    if (extents.empty()) {
      extents = measure(tree);
    }
    total += extents[id].bytes;
    if (total > max_plain_bytes || extents[id].height >= max_marshal_depth) {
      return "set with too many references to sort it";
    }
    order(tree.children(id), writer);
  }
  return {};
}

} // namespace pysup::bytecode
