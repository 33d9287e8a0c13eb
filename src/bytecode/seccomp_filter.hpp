// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/filter.h>
#include <vector>

namespace pysup::bytecode {

/// The filter that lets through the system calls an interpreter needs to start, to read its
/// standard library and to answer; every other call fails with EPERM. Files can be opened for
/// reading only. execve(2) is among the allowed ones, for the filter is there before the
/// interpreter is. Empty where it cannot be made. Not async-signal-safe.
std::vector<sock_filter> make_seccomp_filter();

/// Puts FILTER in force for this process and what it executes. Needs no privilege but no_new_privs.
/// Async-signal-safe. False where the kernel, or an emulator, does not take it.
bool install_seccomp_filter(const std::vector<sock_filter>& filter);

} // namespace pysup::bytecode
