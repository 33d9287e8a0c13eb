// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/reference.hpp"
#include "state/records.hpp"

#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// What the packages of a root ask for.
struct Asked {
  std::vector<reference::Reference> references; ///< sorted by name
  /// Kept from the state, because they are there and cannot be read now.
  std::set<std::string> kept;
  std::vector<std::string> warnings;
};

/// Reads every reference. One that is there but cannot be read asks for what it asked for when it
/// was last read (RECORDED), so that nobody loses modules to a disk error.
/// Errors: the references' directory itself cannot be listed.
Result<Asked> read_references(os::Stats& stats, const std::vector<state::Reference>& recorded);

} // namespace pysup::pass
