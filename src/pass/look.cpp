// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/look.hpp"

namespace pysup::pass {

Result<Look> look_at(const os::Root& root, const Request& request, Packages& packages) {
  auto base = read_base(root, request, state::Store::Access::read_only, packages);
  if (!base) {
    return tl::unexpected(std::move(base.error()));
  }
  Look look{std::move(*base), {}};
  Base& ground = look.base;
  look.inventory =
      take_inventory({ground.stats, ground.recorded.ahead.get(), request, ground.interpreters,
                      ground.asked.references, ground.recorded.snapshot, ground.recorded.unfinished,
                      ground.recorded.store.is_new(), packages.database()});
  return look;
}

} // namespace pysup::pass
