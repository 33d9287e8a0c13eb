// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/header.hpp"

#include "bytecode/little_endian.hpp"
#include "bytecode/siphash.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace pysup::bytecode {
namespace {

// The flag word of PEP 552. Without `hash_based`, importlib ignores `check_source`.
constexpr std::uint32_t hash_based = 1;
constexpr std::uint32_t check_source = 2;

constexpr std::array<std::string_view, 3> mode_names = {"timestamp", "checked-hash",
                                                        "unchecked-hash"};

bool has_size(Version version) {
  return version >= Version{3, 3};
}
std::uint32_t flags_of(InvalidationMode mode) {
  switch (mode) {
  case InvalidationMode::timestamp:
    return 0;
  case InvalidationMode::checked_hash:
    return hash_based | check_source;
  case InvalidationMode::unchecked_hash:
    return hash_based;
  }
  assert(false);
  return 0;
}

InvalidationMode mode_of(std::uint32_t flags) {
  if ((flags & hash_based) == 0) {
    return InvalidationMode::timestamp;
  }
  return (flags & check_source) != 0 ? InvalidationMode::checked_hash
                                     : InvalidationMode::unchecked_hash;
}

} // namespace

std::string_view to_text(InvalidationMode mode) {
  return mode_names[static_cast<std::size_t>(mode)];
}

std::optional<InvalidationMode> parse_invalidation_mode(std::string_view text) {
  for (std::size_t i = 0; i < mode_names.size(); ++i) {
    if (mode_names[i] == text) {
      return static_cast<InvalidationMode>(i);
    }
  }
  return std::nullopt;
}

InvalidationMode default_mode(const os::Environment& environment) {
  return environment("SOURCE_DATE_EPOCH").value_or("").empty() ? InvalidationMode::timestamp
                                                               : InvalidationMode::checked_hash;
}

std::size_t header_size(Version version) {
  if (has_hash_modes(version)) {
    return 16;
  }
  return has_size(version) ? 12 : 8;
}

std::string encode_header(Version version, const Header& header) {
  assert(has_hash_modes(version) || header.mode == InvalidationMode::timestamp);
  std::string bytes;
  bytes.reserve(header_size(version));
  store_le(bytes, header.magic);
  if (has_hash_modes(version)) {
    store_le(bytes, flags_of(header.mode));
  }
  if (header.mode != InvalidationMode::timestamp) {
    store_le(bytes, header.hash);
    return bytes;
  }
  store_le(bytes, header.mtime);
  if (has_size(version)) {
    store_le(bytes, header.size);
  }
  return bytes;
}

Result<Header> decode_header(Version version, std::string_view bytes) {
  if (bytes.size() < header_size(version)) {
    return fail(fmt::format("bytecode header of {} cut short: {} of {} bytes", version.name(),
                            bytes.size(), header_size(version)));
  }
  Header header;
  header.magic = load_le<std::uint32_t>(bytes);
  bytes.remove_prefix(4);
  if (has_hash_modes(version)) {
    const auto flags = load_le<std::uint32_t>(bytes);
    if ((flags & ~(hash_based | check_source)) != 0) {
      return fail(fmt::format("bytecode header of {} with unknown flags {:#x}", version.name(), //
                              flags));
    }
    header.mode = mode_of(flags);
    bytes.remove_prefix(4);
  }
  if (header.mode != InvalidationMode::timestamp) {
    header.hash = load_le<std::uint64_t>(bytes);
    return header;
  }
  header.mtime = load_le<std::uint32_t>(bytes);
  if (has_size(version)) {
    header.size = load_le<std::uint32_t>(bytes.substr(4));
  }
  return header;
}

Header header_for(Version version, std::uint32_t magic, InvalidationMode mode,
                  const os::FileInfo& source, std::string_view text) {
  Header header{.magic = magic, .mode = mode};
  if (mode == InvalidationMode::timestamp) {
    header.mtime = header_mtime(version, source.mtime_sec, source.mtime_nsec);
    header.size = static_cast<std::uint32_t>(source.size);
  } else {
    header.hash = source_hash(version, magic, text);
  }
  return header;
}

std::uint32_t header_mtime(Version version, std::int64_t sec, std::uint32_t nsec) {
  if (version.major < 3) {
    return static_cast<std::uint32_t>(sec);
  }
  // os.stat() hands importlib this very double, and int() of it goes towards zero. Just below a
  // full second it rounds up to the next one, and bytecode that says otherwise counts as stale.
  const double stamp = std::trunc(static_cast<double>(sec) + 1e-9 * static_cast<double>(nsec));
  // Modulo 2^32 before the conversion: a time near the ends of int64 does not fit an integer.
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::fmod(stamp, 4294967296.0)));
}

std::uint64_t source_hash(Version version, std::uint32_t magic, std::string_view source) {
  const SipKey key{magic, 0};
  return version >= Version{3, 11} ? siphash13(key, source) : siphash24(key, source);
}

} // namespace pysup::bytecode
