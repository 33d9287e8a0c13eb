// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/outcome.hpp"

namespace pysup::pass {

int Outcome::exit_status() const {
  if (fatal) {
    return 3;
  }
  return failures.empty() && conflicts.empty() ? 0 : 1;
}

} // namespace pysup::pass
