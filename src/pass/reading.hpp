// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/ahead.hpp"
#include "pass/request.hpp"
#include "state/store.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace pysup::pass {

/// What earlier passes left.
struct Recorded {
  state::Store store;
  state::Snapshot snapshot;
  std::vector<os::Text> unfinished; ///< paths of a pass that crashed
  /// Null where single files are asked for, and not everything.
  std::unique_ptr<Ahead> ahead;
};

/// Reads the state, in a second thread from the moment that the object is made, and then looks at
/// the bytecode that the state speaks of. Until finish() no relative paths may be used (the
/// database is opened by one, see WorkingDirectory), and no process may be forked.
class Reading {
 public:
  /// Errors of the state are those of state::Store.
  Reading(const os::Root& root, state::Store::Access access, Scope scope);

  /// Does its share of what is left to do, and waits for the rest. To be called once.
  Result<Recorded> finish();

 private:
  Result<void> read();

  const os::Root& root_;
  state::Store::Access access_;
  Scope scope_;
  std::optional<Recorded> recorded_;
  std::atomic<Ahead*> ahead_{nullptr};   ///< as soon as there is something to be looked at
  std::future<Result<void>> background_; ///< the last member: it ends before the others do
};

} // namespace pysup::pass
