// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "plan/wants.hpp"

#include <set>
#include <string>
#include <vector>

namespace pysup::plan {

/// The `__init__.py` files, relative to the tree, that Python 2 needs besides the wanted ones: it
/// has no implicit namespace packages (PEP 420), so every directory that holds or leads to a .py or
/// .so file gets an empty one, as python-support 1.0 did. EXEMPT directories, relative too, get
/// none: those that a .pth file names or that hold a `.noinit`.
std::vector<std::string> package_markers(const std::vector<PublicWant>& files,
                                         const std::set<std::string>& exempt);

} // namespace pysup::plan
