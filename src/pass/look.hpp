// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/base.hpp"
#include "pass/inventory.hpp"

namespace pysup::pass {

/// What a question (--status, --explain, --check) is answered from. Nothing is changed by looking.
struct Look {
  Base base;
  Inventory inventory;
};

/// Looks at ROOT as a pass would that is asked for REQUEST. Errors: as of read_base().
Result<Look> look_at(const os::Root& root, const Request& request, Packages& packages);

} // namespace pysup::pass
