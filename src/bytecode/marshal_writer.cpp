// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/marshal_writer.hpp"

#include "bytecode/little_endian.hpp"
#include "bytecode/marshal_dialect.hpp"
#include "bytecode/marshal_reader.hpp"

#include <array>
#include <cassert>

namespace pysup::bytecode {
namespace {

constexpr std::size_t short_limit = 256;

/// The type codes of kinds that have only one, by kind.
constexpr std::array type_codes = {
    type_code::none,           type_code::bool_false,   type_code::bool_true,
    type_code::stop_iteration, type_code::ellipsis,     type_code::int32,
    type_code::text_float,     type_code::binary_float, type_code::text_complex,
    type_code::binary_complex, type_code::bytes,        type_code::unicode,
    type_code::tuple,          type_code::list,         type_code::dict,
    type_code::frozendict,     type_code::set,          type_code::frozenset,
    type_code::slice,          type_code::code,
};
static_assert(type_codes.size() == static_cast<std::size_t>(NodeKind::code) + 1);

char text_type(const Node& node, bool interned) {
  if (!node.ascii) {
    return interned ? type_code::interned : type_code::unicode;
  }
  if (node.payload.size() < short_limit) {
    return interned ? type_code::short_ascii_interned : type_code::short_ascii;
  }
  return interned ? type_code::ascii_interned : type_code::ascii;
}

char type_of(const Node& node, bool interned) {
  switch (node.kind) {
  case NodeKind::integer:
    return node.payload.size() == 4 ? type_code::int32 : type_code::long_int;
  case NodeKind::text:
    return text_type(node, interned);
  case NodeKind::tuple:
    return node.child_count < short_limit ? type_code::small_tuple : type_code::tuple;
  default:
    return type_codes[static_cast<std::size_t>(node.kind)];
  }
}

void append_length(std::size_t length, bool short_form, std::string& out) {
  if (short_form) {
    out += static_cast<char>(static_cast<unsigned char>(length));
  } else {
    store_le(out, static_cast<std::uint32_t>(length));
  }
}

bool is_mapping(NodeKind kind) {
  return kind == NodeKind::dict || kind == NodeKind::frozendict;
}

} // namespace

std::optional<std::string> MarshalWriter::write(NodeId root, std::size_t size_hint) {
  out_.clear();
  out_.reserve(size_hint);
  numbers_.assign(tree_.size(), 0);
  numbered_ = 0;
  if (!object(root, 1)) {
    return std::nullopt;
  }
  return std::move(out_);
}

void MarshalWriter::write_plain(NodeId id, std::string& out) const {
  assert(!tree_[id].holds_code);
  append_head(id, 0, out);
  for (const NodeId child : tree_.children(id)) {
    write_plain(child, out);
  }
  if (is_mapping(tree_[id].kind)) {
    out += type_code::null;
  }
}

bool MarshalWriter::object(NodeId id, int depth) {
  if (depth > max_marshal_depth) {
    return false;
  }
  if (numbers_[id] != 0) {
    out_ += type_code::reference;
    store_le(out_, numbers_[id] - 1);
    return true;
  }
  const bool shared = uses_.count[id] > 1 && !is_singleton(tree_[id].kind);
  if (shared) {
    numbers_[id] = ++numbered_;
  }
  append_head(id, shared ? type_code::flag_reference : 0, out_);
  return children(id, depth + 1);
}

bool MarshalWriter::children(NodeId id, int depth) {
  const Node& node = tree_[id];
  const auto children = tree_.children(id);
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (!object(children[i], depth)) {
      return false;
    }
    if (node.kind == NodeKind::code && i + 1 == layout_.objects_before_line) {
      store_le(out_, node.first_line);
    }
  }
  if (is_mapping(node.kind)) {
    out_ += type_code::null;
    return depth <= max_marshal_depth;
  }
  return true;
}

/// Appends everything of a value but its children: type, length, payload.
void MarshalWriter::append_head(NodeId id, unsigned char flag, std::string& out) const {
  const Node& node = tree_[id];
  const char type = type_of(node, uses_.interned[id]);
  out += static_cast<char>(static_cast<unsigned char>(type) | flag);
  switch (type) {
  case type_code::short_ascii:
  case type_code::short_ascii_interned:
    append_length(node.payload.size(), true, out);
    break;
  case type_code::bytes:
  case type_code::ascii:
  case type_code::ascii_interned:
  case type_code::unicode:
  case type_code::interned:
    append_length(node.payload.size(), false, out);
    break;
  case type_code::small_tuple:
    append_length(node.child_count, true, out);
    break;
  case type_code::tuple:
  case type_code::list:
  case type_code::set:
  case type_code::frozenset:
    append_length(node.child_count, false, out);
    break;
  default: // no length, or it is part of the payload
    break;
  }
  out += node.payload;
}

} // namespace pysup::bytecode
