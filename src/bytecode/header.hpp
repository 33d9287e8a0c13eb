// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/environment.hpp"
#include "os/error.hpp"
#include "os/root.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pysup::bytecode {

/// How an interpreter finds out that a bytecode file no longer fits its source (PEP 552).
enum class InvalidationMode : std::uint8_t { timestamp, checked_hash, unchecked_hash };

std::string_view to_text(InvalidationMode mode);
std::optional<InvalidationMode> parse_invalidation_mode(std::string_view text);
/// The mode of new bytecode where none was chosen: checked-hash when SOURCE_DATE_EPOCH is set to
/// anything but nothing, else timestamp; as py_compile has it since Python 3.7.
InvalidationMode default_mode(const os::Environment& environment);

/// Whether VERSION has hash-based bytecode files (PEP 552); those before know only times.
constexpr bool has_hash_modes(Version version) {
  return version >= Version{3, 7};
}

/// The fields in front of the marshalled code in a bytecode file.
/// 3.7 and later: 16 bytes (PEP 552). 2.7: 8 bytes, magic and mtime only. 3.3 to 3.6: 12 bytes.
struct Header {
  std::uint32_t magic = 0; ///< the four magic bytes as a little-endian number
  InvalidationMode mode = InvalidationMode::timestamp;
  std::uint32_t mtime = 0; ///< timestamp mode: see header_mtime()
  std::uint32_t size = 0;  ///< timestamp mode: source size modulo 2^32; absent on 2.7
  std::uint64_t hash = 0;  ///< hash modes: see source_hash()

  bool operator==(const Header&) const = default;
};

std::size_t header_size(Version version);
std::string encode_header(Version version, const Header& header);
/// Errors: fewer bytes than header_size(), or flag bits that PEP 552 does not define.
Result<Header> decode_header(Version version, std::string_view bytes);

/// The header for code made from a source: SOURCE and TEXT are what it is on disk.
Header header_for(Version version, std::uint32_t magic, InvalidationMode mode,
                  const os::FileInfo& source, std::string_view text);

/// The mtime field for a source modified at SEC + NSEC: 3.x as importlib computes it, in double
/// (uint32(int64(sec + 1e-9 * nsec))); 2.7 the whole seconds. Both modulo 2^32.
std::uint32_t header_mtime(Version version, std::int64_t sec, std::uint32_t nsec);

/// What that interpreter's importlib.util.source_hash() gives: SipHash-2-4 up to 3.10,
/// SipHash-1-3 from 3.11; k0 is MAGIC (four bytes, little-endian), k1 is 0.
std::uint64_t source_hash(Version version, std::uint32_t magic, std::string_view source);

} // namespace pysup::bytecode
