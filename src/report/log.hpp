// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/outcome.hpp"

#include <string>

namespace pysup::report {

inline constexpr const char* log_path = "/var/log/python-support.log";

/// A pass in full: when it ran and for whom (WHO), which references changed, what was done for each
/// interpreter, and every problem. The first line has the form of dpkg's log.
std::string log_entry(const std::string& who, const pass::Outcome& outcome);

/// Appends that entry to the log of ROOT, in one write(2). The log must be a regular file: a
/// symbolic link in its place is an error, because others than root may be able to write to that
/// directory. Where there is no /var/log, nothing is written. Errors: it cannot be opened or
/// written.
Result<void> append_to_log(const os::Root& root, const std::string& who,
                           const pass::Outcome& outcome);

} // namespace pysup::report
