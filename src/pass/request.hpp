// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "pass/config.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// How much one pass looks at. Interpreters that came, went or changed are always looked at whole.
enum class Scope : std::uint8_t {
  interpreters, ///< nothing else
  named,        ///< and the references in `references`
  everything,
};

/// What an entry point (command, trigger, hook) asks of a pass.
struct Request {
  Scope scope = Scope::interpreters;
  std::set<std::string> references; ///< names, for Scope::named
  /// For Scope::named too: packages, each of which stands for the references that the state knows
  /// to be its own (without --clean, those of them that are still there).
  std::set<std::string> packages;
  /// Calls of py3compile to be done in this pass; with Scope::named.
  std::vector<call::Call> calls;
  /// Treat the named references as if they were gone; with Scope::everything, all references and
  /// all interpreters: what passes ever made goes.
  bool clean = false;
  /// Called by a maintainer script of another package: links are made at once and compilation is
  /// left to the trigger, and public modules of cleaned references stay until that pass.
  bool in_maintainer_script = false;
  /// Called by dpkg or APT rather than by a person: `compile = later` holds back.
  bool automatic = false;
  bool force_private = false; ///< compile all private modules again
  bool force_all = false;     ///< make everything again
  bool dry_run = false;       ///< plan only
  bool deep = false;          ///< read every file instead of trusting size and mtime
  Config config;
  bytecode::InvalidationMode new_mode = bytecode::InvalidationMode::timestamp;
  std::string who; ///< what another process that waits for us is told: "pid 12, update-..."

  [[nodiscard]] bool cleans_everything() const { return clean && scope == Scope::everything; }
};

} // namespace pysup::pass
