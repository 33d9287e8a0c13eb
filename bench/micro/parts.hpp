// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "operation.hpp"

#include <span>

namespace pysup::bench {

/// A part of a pass that runs for every module, and its floor: the least that a program could do
/// on the same input for a like result. Floors use nothing of the rooms, so that no change there
/// moves the measure.
struct Part {
  const char* name;
  Maker part;
  Maker floor;
};

std::span<const Part> parts();

// reference_parts.cpp: references read from disk.
Operation read_private(std::size_t modules);
Operation read_public(std::size_t modules);
// plan_parts.cpp
Operation want_private(std::size_t modules);
Operation want_public(std::size_t modules);
Operation plan_fresh(std::size_t modules);
Operation plan_stale(std::size_t modules);
// bytecode_parts.cpp
Operation normalize_streams(std::size_t modules);
// state_parts.cpp
Operation state_first(std::size_t modules);  ///< open without a state, commit all modules
Operation state_load(std::size_t modules);   ///< open and load all
Operation state_change(std::size_t modules); ///< commit one module among all

// text_floors.cpp
Operation stat_private_lines(std::size_t modules); ///< split into lines, stat(2) each path
Operation stat_public_lines(std::size_t modules);
// order_floors.cpp
Operation sort_private_paths(std::size_t modules);    ///< sort pointers by path
Operation sort_public_paths(std::size_t modules);     ///< the same
Operation number_rows(std::size_t modules);           ///< look at each row, keep its number
Operation sort_bytecode_paths(std::size_t modules);   ///< sort pointers by path
Operation copy_streams_bytewise(std::size_t modules); ///< hash each byte of a stream, copy it
// sqlite_floors.cpp: one table with the same columns, and the same settings.
Operation sqlite_first(std::size_t modules);
Operation sqlite_load(std::size_t modules);
Operation sqlite_change(std::size_t modules);

} // namespace pysup::bench
