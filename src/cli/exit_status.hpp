// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::cli {

/// Exit statuses of update-python-modules(8) and pysupport-compile(1).
inline constexpr int exit_done = 0;
inline constexpr int exit_failures = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_impossible = 3;

} // namespace pysup::cli
