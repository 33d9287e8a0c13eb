// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/code_layout.hpp"
#include "bytecode/marshal_tree.hpp"
#include "bytecode/value_uses.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysup::bytecode {

/// Appends values to a stream in marshal version 4 and later, each in its one encoding.
class MarshalWriter {
 public:
  MarshalWriter(const MarshalTree& tree, const CodeLayout& layout, const ValueUses& uses)
      : tree_(tree), layout_(layout), uses_(uses) {}

  /// Writes ROOT: a value that is used more than once is written at its first place, with the flag
  /// that numbers it, and is a reference at later ones. SIZE_HINT is in bytes. nullopt if objects
  /// would be nested more deeply than loads() reads.
  [[nodiscard]] std::optional<std::string> write(NodeId root, std::size_t size_hint);

  /// Appends ID without any references. It must not hold code, nor be higher than the stack allows.
  void write_plain(NodeId id, std::string& out) const;

 private:
  bool object(NodeId id, int depth);
  bool children(NodeId id, int depth);
  void append_head(NodeId id, unsigned char flag, std::string& out) const;

  const MarshalTree& tree_;
  const CodeLayout& layout_;
  const ValueUses& uses_;
  std::string out_;
  std::vector<std::uint32_t> numbers_; ///< reference numbers by id, plus one; 0: none yet
  std::uint32_t numbered_ = 0;
};

} // namespace pysup::bytecode
