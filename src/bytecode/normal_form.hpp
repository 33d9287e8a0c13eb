// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace pysup::bytecode {

/// Why a marshal stream was not brought into normal form.
struct MarshalError {
  enum class Kind : std::uint8_t {
    unknown, ///< a type code or a version that this program does not know; the stream may be fine
    invalid, ///< that interpreter's marshal.loads() would refuse it: cut short, bad reference, ...
  };
  Kind kind = Kind::invalid;
  std::size_t offset = 0; ///< where in the stream, in bytes
  std::string message;
};

/// Rewrites a marshalled code object so that equal code gives equal bytes, whatever the worker
/// compiled before and whatever the hash seed was. Loads to the same value.
/// MARSHALLED is the stream after the header of a bytecode file; it is untrusted.
tl::expected<std::string, MarshalError> normalize(Version version, std::string_view marshalled);

/// Whether the stream unmarshals to one code object with nothing missing.
tl::expected<void, MarshalError> verify(Version version, std::string_view marshalled);

} // namespace pysup::bytecode
