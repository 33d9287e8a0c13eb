// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/error.hpp"

#include <cstdint>
#include <string>

namespace pysup::bytecode {

/// What an interpreter says of itself.
struct Identity {
  Version version;
  std::uint32_t magic = 0; ///< the four bytes that begin its bytecode files, little-endian
  std::string cache_tag;   ///< "cpython-313"; on 2.7, which has none, "cpython-27"
};

/// Starts EXECUTABLE once as a worker (confined, in ROOT) and asks.
/// Errors: it does not start, or what starts is not a CPython that answers.
Result<Identity> probe(const std::string& executable, const std::string& root);

} // namespace pysup::bytecode
