// SPDX-License-Identifier: GPL-2.0-or-later
//
// The made-up modules in the types of the rooms. No other file here fills these in.
#pragma once

#include "plan/plan.hpp"
#include "reference/reference.hpp"
#include "state/store.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pysup::bench {

inline constexpr Version version{3, 11};

/// References as load() gives them, sorted by name.
std::vector<reference::Reference> private_references(std::size_t modules);
std::vector<reference::Reference> public_references(std::size_t modules);

/// One bytecode file a module, wanted and recorded, sorted by path.
std::vector<plan::Fact> bytecode_facts(std::size_t modules, plan::Fitness fitness);

/// What the first pass over the modules records.
state::Changes first_changes(std::size_t modules);
/// What a pass records that compiled module NUMBER for the TIMES-th time.
state::Changes one_change(std::size_t number, std::uint64_t times);

} // namespace pysup::bench
