// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"

#include <optional>
#include <tl/expected.hpp>

namespace CLI {
class App;
}

namespace pysup::cli {

/// Has APP read the command line. Prints help, the version, or what is wrong with it, and then
/// gives the status to exit with.
tl::expected<void, int> read_command_line(CLI::App& app, int argc, const char* const* argv);

/// Adds --invalidation-mode, which sets MODE.
void add_mode_option(CLI::App& app, std::optional<bytecode::InvalidationMode>& mode);

} // namespace pysup::cli
