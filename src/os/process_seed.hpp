// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pysup::os {

/// A number that is another in every process, for hash tables of what others have named or written:
/// nobody can know beforehand what would fall into one slot. The kernel gives every process random
/// bytes (AT_RANDOM, getauxval(3)), without a call that an emulator might lack; 0 where it gives
/// none.
std::uint64_t process_seed();

} // namespace pysup::os
