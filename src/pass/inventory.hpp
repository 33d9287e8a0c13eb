// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/stats.hpp"
#include "pass/ahead.hpp"
#include "pass/fitness.hpp"
#include "pass/request.hpp"
#include "pass/served.hpp"
#include "plan/plan.hpp"
#include "plan/wants.hpp"
#include "reference/reference.hpp"
#include "state/store.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// What the pass, but not the plan, must know of a fact.
struct Detail {
  const state::File* record = nullptr;  ///< the state's row for the path
  os::Text read_from;                   ///< bytecode: where its source is read
  os::Text reason;                      ///< bytecode: why it is not fresh
  Defect defect = Defect::none;         ///< bytecode: the same, in the terms of --check
  std::unique_ptr<state::File> renewed; ///< the row for Do::record
};

/// What is wanted and what is there: everything a plan is made of.
struct Inventory {
  std::vector<plan::Fact> facts;
  /// Bytecode files that are as they should be and of which, by Ground::changes_only, no fact
  /// speaks.
  std::map<Version, std::size_t> right;
  std::vector<Detail> details; ///< one for each fact
  std::vector<plan::Conflict> conflicts;
  std::vector<std::string> warnings;
};

/// What an inventory is taken of.
struct Ground {
  os::Stats& stats;
  const Ahead* ahead; ///< may be null
  const Request& request;
  const Interpreters& interpreters;
  const std::vector<reference::Reference>& references; ///< sorted by name
  const state::Snapshot& snapshot;
  const std::vector<os::Text>& unfinished; ///< paths that a pass which crashed was to make
  bool without_state = false;              ///< nothing was ever recorded
  dpkg::Database* database = nullptr;
  /// References whose package has another version than when they were last read. Builds can set all
  /// times to one, so that a module is new with the old size and the old time.
  std::set<std::string> upgraded = {};
  std::set<std::string> forced = {}; ///< references whose bytecode is to be made again
  /// No facts are wanted of what is right: of many thousand files, a few are not, as a rule.
  bool changes_only = false;
};

/// Reads; writes nothing.
Inventory take_inventory(const Ground& ground);

/// The optimization levels of a pass: those configured, else those in use, else 0.
std::set<std::uint8_t> levels_of(const Config& config, const state::Snapshot& snapshot);

} // namespace pysup::pass
