// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/lock.hpp"
#include "pass/outcome.hpp"
#include "pass/request.hpp"

namespace pysup::pass {

/// The lock that whoever changes anything in ROOT must hold, /var/lib/python-support/lock. Waits
/// for another holder and tells OBSERVER who that is.
Result<os::Lock> take_lock(const os::Root& root, const Request& request, Observer& observer);

} // namespace pysup::pass
