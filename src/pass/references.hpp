// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/reference.hpp"
#include "reference/store.hpp"
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

  /// There, and cannot be read now.
  struct Unread {
    reference::Listed listed;
    std::string error;
  };
  std::vector<Unread> unread; ///< until keep_unread() sees to them
};

/// Reads every reference. Errors: the references' directory itself cannot be listed.
Result<Asked> read_references(os::Stats& stats);

/// A reference that is there but could not be read asks for what it asked for when it was last read
/// (RECORDED), so that nobody loses modules to a disk error.
void keep_unread(Asked& asked, const std::vector<state::Reference>& recorded);

} // namespace pysup::pass
