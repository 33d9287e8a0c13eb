// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// The SET of a reference: for which pythonX.Y a package's public modules are.
class VersionSet {
public:
  /// A closed range of versions of one major version.
  struct Range {
    Version first;
    Version last;
    bool operator==(const Range&) const = default;
  };

  /// Every version: what a missing header, "all" and "-" mean.
  VersionSet() = default;

  /// Reads "all", "current", "-" or a comma list of X.Y, X.Y-, X.Y-A.B, -A.B; blanks around the
  /// elements are allowed. Ranges include both ends; an open one stays inside its major version:
  /// "2.6-" never means 3.x. Errors name the element that cannot be read.
  static Result<VersionSet> parse(std::string_view text);

  /// Whether VERSION is meant. DEFAULT_VERSION is what "current" stands for; without one,
  /// "current" means no version.
  [[nodiscard]] bool contains(Version version, std::optional<Version> default_version) const;

  /// The canonical form that parse() reads back: "all", "current", "2.7,3.2-".
  [[nodiscard]] std::string text() const;

  bool operator==(const VersionSet&) const = default;

private:
  bool all_ = true;
  bool current_ = false;
  std::vector<Range> ranges_;
};

} // namespace pysup::reference
