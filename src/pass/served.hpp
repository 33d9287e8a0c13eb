// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/root.hpp"
#include "state/records.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// An interpreter that this pass works for.
struct Served {
  state::Interpreter record; ///< what it is now, as the state will have it
  /// Its answers are new: it came, was replaced by one with another magic number or tag.
  bool changed = false;
};

/// The interpreters of a root, compared with the last time.
struct Interpreters {
  std::vector<Served> served;           ///< sorted by version
  std::vector<state::Interpreter> gone; ///< recorded, and no longer there
  /// There, but not fit to be run now (unpacked only, does not start): what they have stays.
  std::set<Version> left;
  std::optional<Version> default_version;
  bool default_changed = false;
  std::vector<std::string> warnings;

  [[nodiscard]] const Served* find(Version version) const;
};

/// Finds the interpreters of ROOT that dpkg calls installed. One that is as RECORDED is not started
/// to ask who it is. DATABASE may be null: then nobody is known to be installed.
Interpreters find_interpreters(const os::Root& root, dpkg::Database* database,
                               const std::vector<state::Interpreter>& recorded);

/// An interpreter of the host that makes the same bytecode as INTERPRETER of another root, which
/// cannot be started here: the same version and magic number. So an image of another architecture
/// gets its bytecode at native speed. Returns its path on the host. Errors: there is none.
Result<std::string> host_substitute(const state::Interpreter& interpreter);

} // namespace pysup::pass
