// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "pass/calls.hpp"
#include "pass/packages.hpp"
#include "pass/reading.hpp"
#include "pass/references.hpp"
#include "pass/request.hpp"
#include "pass/served.hpp"

#include <string>
#include <vector>

namespace pysup::pass {

/// What every look at a root begins with: the state, interpreters, references.
struct Base {
  os::Stats stats;
  Recorded recorded;
  Interpreters interpreters;
  Asked asked; ///< references in their directory, and calls
  Calls calls;
  std::vector<std::string> warnings;
};

/// Reads it, and opens PACKAGES. Errors: the state cannot be opened or read, or the references
/// cannot be listed.
Result<Base> read_base(const os::Root& root, const Request& request, state::Store::Access access,
                       Packages& packages);

} // namespace pysup::pass
