// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "reference/problem_log.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// Something below a directory that is not itself a directory.
struct Found {
  std::string relative; ///< to the directory that was walked
  os::FileType type = os::FileType::other;
};

/// Decides whether a directory, given relative to the one that is walked, is entered.
using Enter = std::function<bool(std::string_view relative)>;

/// Everything below directory TOP, sorted by relative path. Links are found, never followed;
/// directories `__pycache__` and those of version control are not entered, nor those that ENTER
/// refuses. A directory below that cannot be listed is a Problem of LINE. Names may be any bytes.
/// Errors: TOP itself cannot be listed.
Result<std::vector<Found>> walk(const os::Root& root, const std::string& top, const Enter& enter,
                                std::size_t line, ProblemLog& problems);

} // namespace pysup::reference
