// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::bytecode {

/// From here on this process, and what it executes, can read and execute below /usr, /lib and
/// /lib64, read the loader's cache, and reach nothing else of the file system: no writing
/// anywhere, nor, where the kernel is new enough, TCP, abstract sockets or signals to others.
/// Descriptors that are open stay usable. Needs no privilege but no_new_privs. Async-signal-safe.
/// False where the kernel lacks Landlock or does not allow it.
bool restrict_by_landlock();

} // namespace pysup::bytecode
