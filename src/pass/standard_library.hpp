// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/inventory.hpp"
#include "pass/served.hpp"

namespace pysup::pass {

/// Looks at the bytecode of an interpreter's own modules, /usr/lib/pythonX.Y, which its packages
/// make and a crash may damage: then every program that imports it fails. Each source becomes a
/// fact as if a reference asked for it; bytecode of sources that are not there becomes one that
/// nobody wants. Directories in which nothing was ever compiled count as left so on purpose.
void survey_standard_library(const os::Root& root, const Served& served, Inventory& inventory);

} // namespace pysup::pass
