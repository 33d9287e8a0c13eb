// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace pysup::reference {

/// A regular expression of Python's `re`, matched as re.match() does (from the start of the
/// subject, not necessarily to its end) or found anywhere in it as re.search() does.
///
/// It works on bytes, because paths are bytes: `.` is one byte, and `\w`, `\d`, `\s` know ASCII
/// only. Other known differences from `re`: `\Z` also matches before a final line feed, `{,n}` is
/// literal text with older PCRE2, and inline flags (?a), (?L), (?u) may be refused.
class Pattern {
 public:
  enum class Verdict : std::uint8_t {
    matches,
    differs,
    too_hard, ///< the limits on steps and memory were reached, about a tenth of a second
  };

  enum class Where : std::uint8_t { start, anywhere };

  /// Errors say what is wrong with TEXT, and where in it.
  static Result<Pattern> compile(std::string_view text, Where where = Where::start);

  [[nodiscard]] Verdict match(std::string_view subject) const;

 private:
  struct Program;
  struct Delete {
    void operator()(Program* program) const;
  };
  explicit Pattern(std::unique_ptr<Program, Delete> program) : program_(std::move(program)) {}

  std::unique_ptr<Program, Delete> program_;
};

} // namespace pysup::reference
