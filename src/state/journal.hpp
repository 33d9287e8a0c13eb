// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "os/text.hpp"

#include <vector>

namespace pysup::state {

/// What a pass is about to make, written down before it makes it, so that whatever a crash leaves
/// behind can be told from files of others. Lies beside the state database as "unfinished".
///
/// A file of records, each PATH NUL; the whole is begun with a magic line and closed with a count,
/// so that one cut short by a crash is known as such (then nothing had been made yet, because
/// begin() returns only when it is on disk).
class Journal {
 public:
  /// Writes the list durably (written beside, synced, renamed, directory synced). Paths that an
  /// earlier unfinished pass had listed must be given again, or they are forgotten.
  static Result<void> begin(const os::Root& root, const std::vector<os::Text>& paths);

  /// The paths of an unfinished pass; empty where the last one finished.
  static Result<std::vector<os::Text>> read(const os::Root& root);

  /// Removes the journal: the pass is recorded. A missing one is no error.
  static Result<void> finish(const os::Root& root);
};

} // namespace pysup::state
