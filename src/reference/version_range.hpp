// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/error.hpp"

#include <string>
#include <string_view>

namespace pysup::reference {

/// Versions as python3-defaults writes them, for `py3compile -V` and in byte-compilation
/// exceptions: X.Y alone, or a range X.Y-A.B, X.Y-, -A.B whose end, other than in a reference's
/// SET, does not belong to it; empty or `-` means all.
struct VersionRange {
  Version first{0, 0};
  Version end{255, 255}; ///< not in the range; the same as `first` where that alone is meant

  bool operator==(const VersionRange&) const = default;

  /// Whether one version is named rather than a range.
  [[nodiscard]] bool is_single() const { return first == end; }
  [[nodiscard]] bool contains(Version version) const {
    return is_single() ? version == first : first <= version && version < end;
  }
};

/// Errors: TEXT is none.
Result<VersionRange> parse_version_range(std::string_view text);

/// The text that stands for RANGE.
std::string to_text(const VersionRange& range);

} // namespace pysup::reference
