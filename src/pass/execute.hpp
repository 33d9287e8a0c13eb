// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "apply/writer.hpp"
#include "os/root.hpp"
#include "pass/inventory.hpp"
#include "pass/outcome.hpp"
#include "pass/request.hpp"
#include "pass/served.hpp"
#include "plan/plan.hpp"
#include "state/store.hpp"

#include <map>

namespace pysup::pass {

/// Everything that the stages of carrying out a plan share.
struct Work {
  const os::Root& root;
  const Request& request;
  const Inventory& inventory;
  const plan::Plan& plan;
  Interpreters& interpreters; ///< get their last pass and confinement noted
  apply::Writer& writer;
  Observer& observer;

  Outcome& outcome;
  state::Changes& changes;
  std::map<Version, VersionReport>& reports;

  [[nodiscard]] const plan::Fact& fact(const plan::Action& action) const {
    return inventory.facts[action.fact];
  }
  [[nodiscard]] const Detail& detail(const plan::Action& action) const {
    return inventory.details[action.fact];
  }
  /// Whether to go on: no signal came, and there is room to write.
  [[nodiscard]] bool may_go_on() const;
  /// Reports a file that could not be made or removed; a full or read-only disk ends the pass.
  void failed(const plan::Fact& fact, const Error& error);
};

/// Carries the plan out, file by file: what fails is reported, and the rest is done. Fills in what
/// the state has to learn of it, also when it is stopped half-way.
void execute(Work& work);

/// One action in words.
PlannedAction describe(const plan::Action& action, const Inventory& inventory);

} // namespace pysup::pass
