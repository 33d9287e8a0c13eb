// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/marshal_tree.hpp"

#include "os/process_seed.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <xxhash.h>

namespace pysup::bytecode {
namespace {

std::string_view as_bytes(std::span<const NodeId> ids) {
  return {reinterpret_cast<const char*>(ids.data()), ids.size_bytes()};
}

/// Equal sets have equal children, whatever order the stream has: ids in order stand for the set.
std::span<NodeId> sort_unique(std::span<NodeId> ids) {
  std::sort(ids.begin(), ids.end());
  const auto end = std::unique(ids.begin(), ids.end());
  return ids.first(static_cast<std::size_t>(end - ids.begin()));
}

} // namespace

MarshalTree::MarshalTree(std::size_t stream_size) {
  static const std::uint64_t seed = os::process_seed();
  seed_ = seed;
  // Compiled code has about a value in 20 bytes; more grow the vectors.
  nodes_.reserve(64 + stream_size / 16);
  children_.reserve(64 + stream_size / 8);
  table_.resize(std::bit_ceil(128 + stream_size / 8));
  for (const NodeKind kind : {NodeKind::none, NodeKind::bool_false, NodeKind::bool_true,
                              NodeKind::stop_iteration, NodeKind::ellipsis}) {
    [[maybe_unused]] const NodeId id = append({.kind = kind}, {});
    assert(is_singleton(kind) && id == static_cast<NodeId>(kind));
  }
}

NodeId MarshalTree::leaf(NodeKind kind, std::string_view payload) {
  return intern({.payload = payload, .kind = kind}, {});
}

NodeId MarshalTree::text(std::string_view utf8, bool ascii) {
  return intern({.payload = utf8, .kind = NodeKind::text, .ascii = ascii}, {});
}

NodeId MarshalTree::shared(NodeKind kind, std::span<NodeId> children) {
  assert(!is_mutable(kind));
  return intern({.kind = kind}, kind == NodeKind::frozenset ? sort_unique(children) : children);
}

NodeId MarshalTree::separate(NodeKind kind, std::span<NodeId> children) {
  assert(is_mutable(kind));
  return append({.kind = kind}, kind == NodeKind::set ? sort_unique(children) : children);
}

NodeId MarshalTree::code(std::string_view numbers, std::uint32_t first_line,
                         std::span<const NodeId> objects, bool hashable) {
  const NodeId id =
      append({.payload = numbers, .first_line = first_line, .kind = NodeKind::code}, objects);
  nodes_[id].hashable = hashable;
  nodes_[id].holds_code = true;
  return id;
}

std::string_view MarshalTree::keep(std::string bytes) {
  return kept_.emplace_back(std::move(bytes));
}

std::span<const NodeId> MarshalTree::children(NodeId id) const {
  const Node& node = nodes_[id];
  return std::span(children_).subspan(node.first_child, node.child_count);
}

std::span<NodeId> MarshalTree::children(NodeId id) {
  const Node& node = nodes_[id];
  return std::span(children_).subspan(node.first_child, node.child_count);
}

NodeId MarshalTree::intern(Node node, std::span<const NodeId> children) {
  if (2 * (used_ + 1) > table_.size()) {
    grow_table();
  }
  // A value has a payload or children, never both, and the kind keeps them apart.
  const std::string_view key = children.empty() ? node.payload : as_bytes(children);
  node.hash = static_cast<std::uint32_t>(
      XXH3_64bits_withSeed(key.data(), key.size(), seed_ ^ static_cast<std::uint64_t>(node.kind)));
  const std::size_t mask = table_.size() - 1;
  for (std::size_t place = node.hash & mask;; place = (place + 1) & mask) {
    if (table_[place] == 0) {
      const NodeId id = append(node, children);
      table_[place] = id + 1;
      ++used_;
      return id;
    }
    if (same(nodes_[table_[place] - 1], node, children)) {
      return table_[place] - 1;
    }
  }
}

bool MarshalTree::same(const Node& stored, const Node& node,
                       std::span<const NodeId> children) const {
  return stored.hash == node.hash && stored.kind == node.kind &&
         stored.child_count == children.size() && stored.payload == node.payload &&
         std::equal(children.begin(), children.end(), children_.begin() + stored.first_child);
}

NodeId MarshalTree::append(Node node, std::span<const NodeId> children) {
  node.first_child = static_cast<std::uint32_t>(children_.size());
  node.child_count = static_cast<std::uint32_t>(children.size());
  bool children_hashable = true;
  for (const NodeId child : children) {
    children_hashable = children_hashable && nodes_[child].hashable;
    node.holds_code = node.holds_code || nodes_[child].holds_code;
  }
  node.hashable = !is_mutable(node.kind) && children_hashable;
  children_.insert(children_.end(), children.begin(), children.end());
  nodes_.push_back(node);
  return static_cast<NodeId>(nodes_.size() - 1);
}

void MarshalTree::grow_table() {
  std::vector<NodeId> old(2 * table_.size());
  old.swap(table_);
  const std::size_t mask = table_.size() - 1;
  for (const NodeId entry : old) {
    if (entry == 0) {
      continue;
    }
    std::size_t place = nodes_[entry - 1].hash & mask;
    while (table_[place] != 0) {
      place = (place + 1) & mask;
    }
    table_[place] = entry;
  }
}

} // namespace pysup::bytecode
