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
  /// A closed range. Versions are compared as numbers, so 2.5 to 3.1 holds every 2.Y from 2.5 on,
  /// 3.0 and 3.1.
  struct Range {
    Version first;
    Version last;
    bool operator==(const Range&) const = default;
  };

  /// Every version: what a missing header, "all" and "-" mean.
  VersionSet() = default;

  /// Exactly VERSIONS; without any, no version at all.
  static VersionSet of(const std::vector<Version>& versions);

  /// Reads a comma list of "all", "current", "-" (all), X.Y, X.Y-, X.Y-A.B and -A.B: the union of
  /// its elements. Blanks around elements and versions are allowed. Ranges include both ends; one
  /// that is open at a side stays inside its major version: "2.6-" never means 3.x, "-3.2" never
  /// 2.x. A closed range means what it says, across major versions too. python-support 1.0 knew
  /// "all" and "current" alone only; in a list they can have but one meaning.
  /// Errors name the element: it is empty, cannot be read, or ends before it begins.
  static Result<VersionSet> parse(std::string_view text);

  /// Whether VERSION is meant. DEFAULT_VERSION is what "current" stands for; without one,
  /// "current" means no version.
  [[nodiscard]] bool contains(Version version, std::optional<Version> default_version) const;

  /// The canonical form, the same for equal sets, that parse() reads back: "all", "current",
  /// "2.7,3.2-". Only the set of no version, which of() alone can make, gives "", which parse()
  /// refuses.
  [[nodiscard]] std::string text() const;

  bool operator==(const VersionSet&) const = default;

 private:
  void settle();

  bool all_ = true;
  bool current_ = false;
  std::vector<Range> ranges_; ///< sorted; no two overlap or follow each other in one major version
};

} // namespace pysup::reference
