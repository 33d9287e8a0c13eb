// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/stats.hpp"
#include "pass/ahead.hpp"
#include "pass/calls.hpp"
#include "pass/references.hpp"
#include "pass/request.hpp"
#include "pass/served.hpp"
#include "state/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::pass {

/// Opens the dpkg database of ROOT. Without one nobody can be told to be installed: nullopt and a
/// word in WARNINGS. libdpkg reads one database a process and once, so this is called once, and
/// with the lock held by whoever is going to change something.
std::optional<dpkg::Database> open_database(const os::Root& root,
                                            std::vector<std::string>& warnings);

/// What every look at a root begins with: the state, interpreters, references.
struct Base {
  os::Stats stats;
  Ahead ahead;
  state::Store store;
  state::Snapshot snapshot;
  std::vector<os::Text> unfinished; ///< paths of a pass that crashed
  Interpreters interpreters;
  Asked asked; ///< references in their directory, and calls
  Calls calls;
  std::vector<std::string> warnings;
};

/// Reads it. DATABASE may be null. Errors: the state cannot be opened or read, or the references
/// cannot be listed.
Result<Base> read_base(const os::Root& root, const Request& request, state::Store::Access access,
                       dpkg::Database* database);

} // namespace pysup::pass
