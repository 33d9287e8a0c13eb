// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/execute.hpp"

#include <span>

namespace pysup::pass {

/// Compiles ACTIONS, all Do::compile and for one version, on that version's workers and writes the
/// bytecode files as the code comes back.
void compile_stage(Work& work, Version version, std::span<const plan::Action> actions);

} // namespace pysup::pass
