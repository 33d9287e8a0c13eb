// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>

namespace pysup {

/// The X.Y of pythonX.Y. Compared as numbers, so 3.9 < 3.10.
struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;

  auto operator<=>(const Version&) const = default;

  /// "3.13"
  [[nodiscard]] std::string text() const { return fmt::format("{}.{}", major, minor); }
  /// "python3.13"
  [[nodiscard]] std::string name() const { return "python" + text(); }
};

/// Reads exactly "X.Y" (decimal, no sign, no blanks, each at most 255); anything else is nullopt.
inline std::optional<Version> parse_version(std::string_view text) {
  const char* const end = text.data() + text.size();
  Version version;
  auto [dot, error] = std::from_chars(text.data(), end, version.major);
  if (error != std::errc() || dot == end || *dot != '.') {
    return std::nullopt;
  }
  auto [stop, error2] = std::from_chars(dot + 1, end, version.minor);
  if (error2 != std::errc() || stop != end) {
    return std::nullopt;
  }
  return version;
}

} // namespace pysup
