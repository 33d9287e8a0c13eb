// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <vector>

namespace pysup::reference {

/// Sorts THINGS, which come sorted as a rule: lists are written in order, and most references are
/// for directories of their own. Looking is quicker than sorting. What BEFORE does not tell apart
/// stays as it was.
template <typename Thing, typename Before>
void sort_unless_sorted(std::vector<Thing>& things, Before before) {
  if (!std::is_sorted(things.begin(), things.end(), before)) {
    std::stable_sort(things.begin(), things.end(), before);
  }
}

} // namespace pysup::reference
