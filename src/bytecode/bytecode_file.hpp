// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "bytecode/pool.hpp"
#include "os/root.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace pysup::bytecode {

/// Sources and bytecode over this many bytes are refused: no interpreter could parse such a source
/// within a worker's memory.
inline constexpr std::uint64_t module_size_limit = 256ULL << 20;

/// The content of a bytecode file.
struct BytecodeFile {
  std::string bytes;       ///< header and code
  std::size_t header_size; ///< where the code begins
  /// Why the code stands there as the interpreter gave it, and not in normal form.
  std::optional<std::string> not_normal;

  [[nodiscard]] std::string_view code() const {
    return std::string_view(bytes).substr(header_size);
  }
};

/// Puts HEADER before CODE, which came from a worker and is brought into normal form. Errors: it
/// does not unmarshal (CompileError::Kind::interpreter).
tl::expected<BytecodeFile, CompileError> bytecode_file(Version version, const Header& header,
                                                       std::string_view code);

/// The permission bits of a bytecode file before the umask takes its part, as importlib gives them:
/// the source's, writable for its owner and never executable; 2.7 does not look at the source.
unsigned bytecode_permissions(Version version, const os::FileInfo& source);

} // namespace pysup::bytecode
