// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/normal_form.hpp"

#include "bytecode/marshal_dialect.hpp"
#include "bytecode/marshal_reader.hpp"
#include "bytecode/marshal_tree.hpp"
#include "bytecode/marshal_writer.hpp"
#include "bytecode/set_order.hpp"
#include "bytecode/value_uses.hpp"

#include <fmt/format.h>

namespace pysup::bytecode {
namespace {

tl::unexpected<MarshalError> unknown(std::string message) {
  return tl::unexpected(MarshalError{MarshalError::Kind::unknown, 0, std::move(message)});
}

tl::unexpected<MarshalError> unknown_version(Version version) {
  return unknown(fmt::format("marshal format of {} is not known", version.name()));
}

} // namespace

tl::expected<std::string, MarshalError> normalize(Version version, std::string_view marshalled) {
  const MarshalDialect* const dialect = find_dialect(version);
  if (dialect == nullptr) {
    return unknown_version(version);
  }
  MarshalTree tree(marshalled.size());
  const auto content = read_marshal(*dialect, marshalled, tree);
  if (!content) {
    return tl::unexpected(content.error());
  }
  if (dialect->is_python2()) {
    // What it writes depends on the code alone: it shares interned strings and nothing else.
    return std::string(marshalled.substr(0, content->size));
  }
  const ValueUses uses = find_uses(tree, *dialect->code, content->root);
  MarshalWriter writer(tree, *dialect->code, uses);
  if (const auto obstacle = order_sets(tree, uses, writer); !obstacle.empty()) {
    return unknown(std::string(obstacle));
  }
  auto normal = writer.write(content->root, marshalled.size());
  if (!normal) {
    return unknown("objects nested too deeply once the elements of sets are in order");
  }
  return std::move(*normal);
}

tl::expected<void, MarshalError> verify(Version version, std::string_view marshalled) {
  const MarshalDialect* const dialect = find_dialect(version);
  if (dialect == nullptr) {
    return unknown_version(version);
  }
  MarshalTree tree(marshalled.size());
  const auto content = read_marshal(*dialect, marshalled, tree);
  if (!content) {
    return tl::unexpected(content.error());
  }
  return {};
}

} // namespace pysup::bytecode
