// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "reference/reference.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace pysup::reference {

/// Collects the problems of one reference. A reference with a million bad lines is one nuisance,
/// not a million: after the first `most` they are only counted.
class ProblemLog {
 public:
  static constexpr std::size_t most = 20;

  /// Problems of the reference NAME go to PROBLEMS.
  ProblemLog(std::string name, std::vector<Problem>& problems)
      : name_(std::move(name)), problems_(problems) {}
  ProblemLog(const ProblemLog&) = delete;
  ProblemLog& operator=(const ProblemLog&) = delete;
  /// Says how many were only counted.
  ~ProblemLog();

  /// Notes a problem with LINE (from 1; 0 where it concerns the whole). The message is made only
  /// where it is kept.
  template <typename... Args>
  void add(std::size_t line, fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= most) {
      problems_.push_back({name_, line, fmt::format(format, std::forward<Args>(args)...)});
    }
  }

  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::string name_;
  std::vector<Problem>& problems_;
  std::size_t count_ = 0;
};

} // namespace pysup::reference
