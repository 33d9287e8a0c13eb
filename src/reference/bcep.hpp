// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/root.hpp"
#include "reference/pattern.hpp"
#include "reference/problem_log.hpp"
#include "reference/version_range.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// Byte-compilation exceptions: files that some versions must not compile, as the files in
/// /usr/share/python3/bcep say it, which Debian's py3compile reads (python3-defaults).
///
/// A line is `KIND|VERSIONS|PATH|PATTERN`. KIND is `file` (PATH alone), `dir` (all below PATH) or
/// `re` (what lies below PATH and matches PATTERN, by its whole path or by its path below PATH;
/// without a PATTERN all of it). VERSIONS is X.Y, or a range X.Y-A.B, X.Y-, -A.B whose end, other
/// than in a reference's SET, does not belong to it; empty or `-` means all.
///
/// Where py3compile would stop at a line it cannot read, the line is skipped with a Problem.
class Exceptions {
 public:
  /// Reads all files whose names do not begin with a dot. A missing directory has none; what cannot
  /// be read is a Problem, whose reference is the path of the file.
  static Exceptions load(const os::Root& root, std::vector<Problem>& problems);

  /// Whether VERSION must not compile PATH. A pattern whose match takes too long does not exclude
  /// anything from then on; take_problems() tells. Not to be called from several threads at once.
  [[nodiscard]] bool excludes(Version version, std::string_view path) const;

  /// What was noticed by excludes() since the last call.
  [[nodiscard]] std::vector<Problem> take_problems() const;

  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  enum class Kind : std::uint8_t { file, dir, re };
  struct Rule {
    Kind kind = Kind::file;
    VersionRange versions;
    std::string path;               ///< of directories with a slash at the end
    std::optional<Pattern> pattern; ///< of Kind::re
    std::string file;               ///< where the rule stands
    std::size_t line = 0;
    mutable bool given_up = false;
  };
  static Result<Rule> parse_rule(std::string_view line);
  void read_file(std::string_view bytes, const std::string& path, ProblemLog& problems);
  bool applies(const Rule& rule, std::string_view path) const;

  std::vector<Rule> rules_;
  mutable std::vector<Problem> problems_;
};

} // namespace pysup::reference
