// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::os {

/// Opens whichever of the descriptors 0, 1 and 2 the caller has left closed, so that no file that
/// is opened later gets one of these numbers, and with it messages that are not for it. Works
/// without /dev/null.
void guard_standard_streams();

/// Replaces standard input by nothing: a trigger or hook never reads a terminal or a script.
void drop_standard_input();

} // namespace pysup::os
