// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/root.hpp"

#include <cstdint>
#include <optional>

namespace pysup::interpreter {

/// The magic number of an interpreter that cannot be started here (another architecture, no
/// permission to chroot), read from what lies in ROOT: its importlib source (up to 3.13), else the
/// bytecode of its own standard library, else the number that all final releases of that X.Y share.
/// nullopt: not known, so nothing may be compiled for it.
std::optional<std::uint32_t> magic_without_starting(const os::Root& root, Version version);

} // namespace pysup::interpreter
