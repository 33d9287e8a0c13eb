// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "state/connection.hpp"

namespace pysup::state {

/// Which schema a database file has; SCHEMA.md says what it holds.
enum class Schema : std::uint8_t {
  none,    ///< an empty database: nothing was ever recorded
  current, ///< the one that this program reads and writes
};

/// Looks what CONNECTION has. Errors: a newer schema; a database of something else, or one that
/// was cut off (damaged).
Outcome<Schema> schema_of(const Connection& connection);

/// Makes the tables, inside a transaction of the caller.
Outcome<void> create_schema(const Connection& connection);

} // namespace pysup::state
