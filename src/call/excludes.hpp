// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "os/error.hpp"
#include "reference/pattern.hpp"

#include <string_view>
#include <vector>

namespace pysup::call {

/// The -X expressions of a call, ready to be matched.
class Excludes {
 public:
  /// Errors: one of them is no expression of Python's re.
  static Result<Excludes> compile(const Call& call);

  /// Whether PATH, which was found below the directory PLACE, is left out: one matches from the
  /// start of the path or of what is below PLACE. One whose match takes too long excludes nothing.
  [[nodiscard]] bool match(std::string_view path, std::string_view place) const;

 private:
  std::vector<reference::Pattern> patterns_;
};

} // namespace pysup::call
