// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::bytecode {

enum class NodeKind : std::uint8_t {
  none,
  bool_false,
  bool_true,
  stop_iteration,
  ellipsis,
  integer,
  text_float, ///< written in decimal, by marshal versions 0 and 1
  binary_float,
  text_complex,
  binary_complex,
  bytes,
  text,
  tuple,
  list,
  dict,       ///< children: key, value, key, value, ...
  frozendict, ///< the same
  set,
  frozenset,
  slice, ///< children: start, stop, step
  code,  ///< children: its object fields, in stream order
};

/// The kinds that are written as one byte and never referenced, for the interpreter has one each.
constexpr bool is_singleton(NodeKind kind) {
  return kind <= NodeKind::ellipsis;
}
/// The kinds whose values can change after loading, so that two equal ones stay two.
constexpr bool is_mutable(NodeKind kind) {
  return kind == NodeKind::list || kind == NodeKind::dict || kind == NodeKind::set;
}
constexpr bool is_set(NodeKind kind) {
  return kind == NodeKind::set || kind == NodeKind::frozenset;
}

using NodeId = std::uint32_t;

/// One value of a stream.
struct Node {
  /// Leaves: the value in its one canonical encoding, without type code and, for bytes and text,
  /// without length; text is UTF-8 (surrogates encoded as well). Integers: four bytes if they fit
  /// 32 bits, else count and digits as after type code 'l'. Code: the numbers before the objects.
  std::string_view payload = {};
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
  std::uint32_t first_line = 0; ///< code only
  std::uint32_t hash = 0;
  NodeKind kind = NodeKind::none;
  bool hashable = true;    ///< hash() of the loaded value gives a number
  bool holds_code = false; ///< it is, or contains, a code object
  bool ascii = false;      ///< text only
};

/// The values of a stream. Equal immutable values are one node, so that equality is equality of
/// ids and a value that a stream refers to a thousand times costs no more than once. Code objects
/// and mutable containers are a node each. Children are made before their parents, so a child's id
/// is smaller than its parent's.
///
/// Bytes handed in are not copied; they must outlive the tree.
class MarshalTree {
 public:
  /// Ids of the singletons are their kinds as numbers. STREAM_SIZE (bytes) is a hint for memory.
  explicit MarshalTree(std::size_t stream_size);

  /// An immutable value without children.
  NodeId leaf(NodeKind kind, std::string_view payload);
  NodeId text(std::string_view utf8, bool ascii);
  /// An immutable container. CHILDREN of a set are put in order of their ids, each once.
  NodeId shared(NodeKind kind, std::span<NodeId> children);
  /// A mutable container. The same holds for CHILDREN of a set.
  NodeId separate(NodeKind kind, std::span<NodeId> children);
  NodeId code(std::string_view numbers, std::uint32_t first_line, std::span<const NodeId> objects,
              bool hashable);

  /// Keeps BYTES, made while reading, for as long as the tree.
  std::string_view keep(std::string bytes);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const;
  [[nodiscard]] std::span<NodeId> children(NodeId id);

 private:
  NodeId intern(Node node, std::span<const NodeId> children);
  NodeId append(Node node, std::span<const NodeId> children);
  [[nodiscard]] bool same(const Node& stored, const Node& node,
                          std::span<const NodeId> children) const;
  void grow_table();

  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
  std::vector<NodeId> table_; ///< open addressing over nodes_; id + 1, 0 where free
  std::size_t used_ = 0;      ///< places taken in table_
  std::deque<std::string> kept_;
  std::uint64_t seed_;
};

} // namespace pysup::bytecode
