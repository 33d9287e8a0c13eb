// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixtures.hpp"
#include "parts.hpp"
#include "scratch.hpp"

#include <memory>
#include <optional>

namespace pysup::bench {

namespace {

using state::Store;

struct StateOnDisk {
  ScratchRoot scratch;
  os::Root root = must(os::Root::open(scratch.dir()));

  [[nodiscard]] Store open(Store::Access access) const { return must(Store::open(root, access)); }
  void commit(const state::Changes& changes) const {
    must(open(Store::Access::read_write).commit(changes));
  }
};

} // namespace

Operation state_first(std::size_t modules) {
  const auto disk = std::make_shared<const StateOnDisk>();
  const auto changes = std::make_shared<const state::Changes>(first_changes(modules));
  return {[disk] { disk->scratch.remove(state::directory); },
          [disk, changes] {
            disk->commit(*changes);
            return changes->files.size();
          }};
}

Operation state_load(std::size_t modules) {
  const auto disk = std::make_shared<const StateOnDisk>();
  disk->commit(first_changes(modules));
  return {{}, [disk] {
            Store store = disk->open(Store::Access::read_only);
            return must(store.load()).files.size();
          }};
}

Operation state_change(std::size_t modules) {
  struct Input : StateOnDisk {
    std::optional<Store> store;
    state::Changes changes;
    std::uint64_t times = 0;
  };
  const auto input = std::make_shared<Input>();
  input->commit(first_changes(modules));
  input->store.emplace(input->open(Store::Access::read_write));
  return {[input, modules] { input->changes = one_change(modules / 2, ++input->times); },
          [input, modules] {
            must(input->store->commit(input->changes));
            return modules;
          }};
}

} // namespace pysup::bench
