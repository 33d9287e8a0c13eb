// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/check.hpp"
#include "pass/outcome.hpp"
#include "pass/status.hpp"

#include <string>

namespace pysup::report {

/// The machine-readable forms, one JSON document each, ended by a newline. Members are described in
/// update-python-modules(8). Bytes of file names that are not UTF-8 are written as printable() has
/// them.
std::string json(const pass::Outcome& outcome);
std::string json(const pass::Status& status);
std::string json(const pass::CheckReport& report);

} // namespace pysup::report
