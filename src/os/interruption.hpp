// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::os {

/// From now on SIGINT, SIGTERM and SIGHUP only set what interruption() points to, so that a pass
/// can stop in an orderly way; SIGPIPE is ignored. System calls that wait return EINTR.
void catch_interruptions();

/// The number of the signal that asked this process to stop; 0 while none did.
const volatile int* interruption();

/// Ends this process by the signal that interrupted it, as its caller expects of a killed program.
void die_of_interruption();

} // namespace pysup::os
