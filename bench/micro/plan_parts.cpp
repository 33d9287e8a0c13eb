// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixtures.hpp"
#include "parts.hpp"

#include "plan/plan.hpp"
#include "plan/wants.hpp"

#include <memory>

namespace pysup::bench {

namespace {

using References = std::vector<reference::Reference>;

std::shared_ptr<const References> shared(References references) {
  return std::make_shared<const References>(std::move(references));
}

Operation plan_all(std::size_t modules, plan::Fitness fitness) {
  const auto facts =
      std::make_shared<const std::vector<plan::Fact>>(bytecode_facts(modules, fitness));
  return {{}, [facts] {
            const plan::Plan plan = plan::make_plan(*facts, {});
            return plan.actions.size() + plan.up_to_date.size();
          }};
}

} // namespace

Operation want_private(std::size_t modules) {
  const auto references = shared(private_references(modules));
  return {{}, [references] {
            return plan::private_wants(version, version, *references).size();
          }};
}

Operation want_public(std::size_t modules) {
  const auto references = shared(public_references(modules));
  return {{}, [references] {
            return plan::public_wants(version, version, *references, {}).files.size();
          }};
}

Operation plan_fresh(std::size_t modules) {
  return plan_all(modules, plan::Fitness::fresh);
}

Operation plan_stale(std::size_t modules) {
  return plan_all(modules, plan::Fitness::stale);
}

} // namespace pysup::bench
