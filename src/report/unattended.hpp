// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/request.hpp"

#include <string>
#include <string_view>

namespace pysup::report {

/// A message on standard error, begun with "python-support: ". Control characters are made visible.
void complain(std::string_view message);

/// How a pass that dpkg or APT starts is told of.
struct Telling {
  std::string before_summary =
      {};                ///< what the line begins with, where nobody has announced the pass
  bool silent = false;   ///< problems only
  bool log_idle = false; ///< a line in the log even for a pass that did nothing
};

/// Fills in what such a pass takes from configuration and environment, and complains of what is
/// wrong with them. WHO: what somebody who waits for it is told.
pass::Request unattended_request(const os::Root& root, std::string who);

/// Runs the pass: one line where something changed, every new problem, and all of it in the log.
/// Failures that were there before are in the log alone. Returns whether it came to its end.
bool run_unattended(const os::Root& root, const pass::Request& request, const Telling& telling);

} // namespace pysup::report
