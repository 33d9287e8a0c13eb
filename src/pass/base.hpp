// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/root.hpp"
#include "pass/references.hpp"
#include "pass/served.hpp"
#include "state/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::pass {

/// What every look at a root begins with: the state, dpkg's database, interpreters, references.
struct Base {
  state::Store store;
  state::Snapshot snapshot;
  std::vector<std::string> unfinished; ///< paths of a pass that crashed
  std::optional<dpkg::Database> database;
  Interpreters interpreters;
  Asked asked;
  std::vector<std::string> warnings;

  dpkg::Database* database_or_null() { return database ? &*database : nullptr; }
};

/// Reads it. Errors: the state cannot be opened or read, or the references cannot be listed.
Result<Base> read_base(const os::Root& root, state::Store::Access access);

} // namespace pysup::pass
