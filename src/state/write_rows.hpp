// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "state/connection.hpp"

namespace pysup::state {

/// Writes CHANGES into the tables, inside a transaction of the caller.
Outcome<void> write_rows(const Connection& connection, const Changes& changes);

} // namespace pysup::state
