// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/code_rules.hpp"

#include "bytecode/little_endian.hpp"

#include <algorithm>
#include <cassert>

namespace pysup::bytecode {
namespace {

// Bits of co_flags and of a byte of co_localspluskinds (Include/cpython/code.h,
// Include/internal/pycore_code.h).
constexpr std::int32_t flag_varargs = 0x04;
constexpr std::int32_t flag_varkeywords = 0x08;
constexpr std::uint8_t kind_local = 0x20;

struct Code {
  const CodeLayout& layout;
  const MarshalTree& tree;
  std::string_view numbers;
  std::span<const NodeId> objects;

  [[nodiscard]] std::int32_t number(std::size_t index) const {
    return static_cast<std::int32_t>(load_le<std::uint32_t>(numbers.substr(4 * index)));
  }
  [[nodiscard]] const Node& object(std::size_t index) const { return tree[objects[index]]; }
};

bool is_name(const CodeLayout& layout, const Node& node) {
  return node.kind == (layout.has_argument_kinds ? NodeKind::text : NodeKind::bytes);
}

bool fits(const Code& code, std::size_t index) {
  const Node& node = code.object(index);
  switch (code.layout.objects[index]) {
  case FieldRole::bytes:
    return node.kind == NodeKind::bytes;
  case FieldRole::tuple:
    return node.kind == NodeKind::tuple;
  case FieldRole::name:
    return is_name(code.layout, node);
  case FieldRole::names: {
    const auto names = code.tree.children(code.objects[index]);
    return node.kind == NodeKind::tuple && std::all_of(names.begin(), names.end(), [&](NodeId id) {
             return is_name(code.layout, code.tree[id]);
           });
  }
  }
  assert(false);
  return false;
}

bool any_negative(const Code& code) {
  for (std::size_t i = 0; i < code.layout.not_negative; ++i) {
    if (code.number(i) < 0) {
      return true;
    }
  }
  return false;
}

/// How many variables can hold arguments.
std::int64_t local_count(const Code& code) {
  if (code.layout.variable_kinds == 0) {
    return code.object(code.layout.variables).child_count;
  }
  const std::string_view kinds = code.object(code.layout.variable_kinds).payload;
  return std::count_if(kinds.begin(), kinds.end(), [](char kind) {
    return (static_cast<std::uint8_t>(kind) & kind_local) != 0;
  });
}

std::string_view argument_fault(const Code& code) {
  const std::int64_t positional = code.number(code.layout.argument_count);
  const std::int64_t positional_only = code.number(code.layout.argument_count + 1);
  const std::int64_t keyword_only = code.number(code.layout.argument_count + 2);
  const std::int32_t flags = code.number(code.layout.flags);
  if (positional < positional_only) {
    return "code object with more positional-only arguments than positional ones";
  }
  const std::int64_t arguments = positional + keyword_only + ((flags & flag_varargs) != 0 ? 1 : 0) +
                                 ((flags & flag_varkeywords) != 0 ? 1 : 0);
  return arguments > local_count(code) ? "code object with more arguments than variables"
                                       : std::string_view();
}

} // namespace

std::string_view code_fault(const CodeLayout& layout, const MarshalTree& tree,
                            std::string_view numbers, std::span<const NodeId> objects) {
  assert(numbers.size() == layout.number_bytes() && objects.size() == layout.objects.size());
  const Code code{layout, tree, numbers, objects};
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!fits(code, i)) {
      return "code object with a field of the wrong type";
    }
  }
  if (any_negative(code)) {
    return "code object with a negative number";
  }
  if (layout.variable_kinds != 0) {
    if (code.object(layout.variables).child_count !=
        code.object(layout.variable_kinds).payload.size()) {
      return "code object whose variables and their kinds differ in number";
    }
    if (code.object(layout.code).payload.size() % 2 != 0) {
      return "code object with half an instruction";
    }
  }
  return layout.has_argument_kinds ? argument_fault(code) : std::string_view();
}

} // namespace pysup::bytecode
