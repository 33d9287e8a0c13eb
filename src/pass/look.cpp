// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/look.hpp"

namespace pysup::pass {

Result<Look> look_at(const os::Root& root, const Request& request, dpkg::Database* database) {
  auto base = read_base(root, request, state::Store::Access::read_only, database);
  if (!base) {
    return tl::unexpected(std::move(base.error()));
  }
  Look look{std::move(*base), {}};
  Base& ground = look.base;
  look.inventory = take_inventory({ground.stats, ground.ahead, request, ground.interpreters,
                                   ground.asked.references, ground.snapshot, ground.unfinished,
                                   ground.store.is_new(), database});
  return look;
}

} // namespace pysup::pass
