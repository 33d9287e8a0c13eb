// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "state/connection.hpp"

namespace pysup::state {

/// Everything in the database, which has the current schema. Rows that this program would not have
/// written are damage.
Outcome<Snapshot> read_rows(const Connection& connection);

} // namespace pysup::state
