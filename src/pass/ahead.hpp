// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/presence.hpp"
#include "state/store.hpp"

#include <optional>
#include <vector>

namespace pysup::pass {

/// What lies where recorded bytecode should be, found out while references are still being read:
/// most of the time of a pass with nothing to do is spent waiting for the kernel's answers about
/// files, and a second thread can ask for half of them.
class Ahead {
 public:
  Ahead() = default;
  /// Looks at all bytecode of FILES. Uses nothing that another thread changes.
  Ahead(const os::Root& root, const std::vector<state::File>& files);

  /// What is at the path of RECORD, one of FILES, which has not changed since; nullopt where that
  /// has still to be looked at.
  [[nodiscard]] std::optional<Seen> at(const state::File& record,
                                       const std::vector<state::File>& files) const;

 private:
  std::vector<Entry> entries_; ///< one for each file; Entry::type symlink: not looked at
};

} // namespace pysup::pass
