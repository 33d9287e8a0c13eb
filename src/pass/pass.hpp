// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/outcome.hpp"
#include "pass/packages.hpp"
#include "pass/request.hpp"

namespace pysup::pass {

/// One pass: reads what is wanted and what is there, plans, carries the plan out, records it.
///
/// The only way to change anything: the command, the trigger, the hook all call this. At most one
/// runs at a time (another waits for the lock). Whenever it ends, and however, no file that an
/// interpreter may read is half-written, and the next pass finishes what this one could not.
Outcome run(const os::Root& root, const Request& request, Observer& observer);

/// The same for a caller that holds the lock.
Outcome run_locked(const os::Root& root, const Request& request, Observer& observer,
                   Packages& packages);

} // namespace pysup::pass
