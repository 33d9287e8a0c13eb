// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"

#include <optional>

namespace CLI {
class App;
}

namespace pysup::cli {

/// Adds --invalidation-mode, which sets MODE.
void add_mode_option(CLI::App& app, std::optional<bytecode::InvalidationMode>& mode);

} // namespace pysup::cli
