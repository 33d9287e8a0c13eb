// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/problem_log.hpp"

namespace pysup::reference {

ProblemLog::~ProblemLog() {
  if (count_ > most) {
    problems_.push_back({std::move(name_), 0, fmt::format("and {} more problems", count_ - most)});
  }
}

} // namespace pysup::reference
