// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/check.hpp"
#include "pass/outcome.hpp"
#include "pass/status.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pysup::report {

/// One line for an interpreter: "python3.11: 412 compiled, 3 restamped, 12 removed, 5021 up to date
/// in 1.9 s". What is rare (links, failures, files left for later) is named where it occurred.
std::string line(const pass::VersionReport& report);

/// One line for a whole pass, as a trigger tells it: "40 modules compiled, 3 files removed for
/// python3.11, python3.13 in 1.9 s"; "" where nothing changed and nothing failed anew.
std::string summary(const pass::Outcome& outcome);

/// One line for an action: "python3.11: compile /usr/...: the source changed".
std::string line(const pass::PlannedAction& action);

/// "changed: foo.public (python3-foo 1.2-1)", "gone: ...".
std::string line(const pass::ChangedReference& reference);

/// The warnings, conflicts and failures of a pass, a paragraph each, for stderr. Names of files are
/// shown as printable() has them. ERRORS_ONLY leaves out the warnings.
std::string problems(const pass::Outcome& outcome, bool errors_only);

std::string table(const pass::Status& status);

std::string text(const pass::CheckReport& report);

/// Each line of TEXT two blanks further in, and ended.
std::string indented(std::string_view text);

/// SECONDS since the epoch as local time, in the form of dpkg's log; "never" for 0.
std::string moment(std::int64_t seconds);

/// TEXT with control characters and bytes that are not UTF-8 written as \xNN, so that a file's name
/// cannot drive a terminal. A message's own line ends stay where KEEP_LINES says so.
std::string printable(std::string_view text, bool keep_lines = false);

} // namespace pysup::report
