// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "pass/execute.hpp"

#include <cstdint>
#include <span>

namespace pysup::pass {

/// Compiles ACTIONS, all Do::compile and for one version, on that version's workers and writes the
/// bytecode files as the code comes back.
void compile_stage(Work& work, Version version, std::span<const plan::Action> actions);

/// The header for code made from a source: in the mode and for the magic number that ROW says.
bytecode::Header header_for(Version version, const state::File& row, const os::FileInfo& source,
                            std::string_view text);

} // namespace pysup::pass
