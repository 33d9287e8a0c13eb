// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/presence.hpp"
#include "state/store.hpp"

#include <atomic>
#include <optional>
#include <span>
#include <vector>

namespace pysup::pass {

/// What lies where recorded bytecode should be. Most of the time of a pass with nothing to do goes
/// into asking the kernel about files, and two threads ask in half the time.
class Ahead {
 public:
  /// Of FILES, which must stay where they are until the last look() ends.
  Ahead(const os::Root& root, std::span<const state::File> files);

  /// Looks at bytecode until all was looked at. Threads that do this at once share the work.
  void look();

  /// What is at the path of RECORD, one of FILES, which has not changed since; nullopt where that
  /// has still to be looked at. After all looks have ended.
  [[nodiscard]] std::optional<Seen> at(const state::File& record,
                                       std::span<const state::File> files) const;

 private:
  void look_at(os::Directories& directories, std::size_t index);

  const os::Root& root_;
  std::span<const state::File> files_;
  std::vector<Entry> entries_; ///< one for each file; Entry::type symlink: not looked at
  std::atomic<std::size_t> next_{0};
};

} // namespace pysup::pass
