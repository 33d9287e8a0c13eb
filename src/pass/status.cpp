// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/status.hpp"

#include "pass/look.hpp"

#include <map>
#include <unordered_set>

namespace pysup::pass {

namespace {

void count(VersionStatus& status, const plan::Fact& fact, const Detail& detail) {
  switch (fact.fitness) {
  case plan::Fitness::fresh:
  case plan::Fitness::unrecorded:
    ++status.fresh;
    break;
  case plan::Fitness::hopeless:
    ++status.failed;
    return;
  case plan::Fitness::header_only:
  case plan::Fitness::stale:
  case plan::Fitness::stale_unchecked:
    const bool tried = detail.record != nullptr && !detail.record->error.empty();
    ++(tried ? status.failed : status.stale);
    break;
  }
  if (fact.present != plan::Present::nothing && detail.record != nullptr) {
    status.bytes += detail.record->size;
  }
}

void describe(VersionStatus& status, const state::Interpreter& record) {
  status.path = record.path;
  status.is_default = record.is_default;
  status.cache_tag = record.cache_tag;
  status.magic = record.magic;
  status.last_pass = record.last_pass;
  status.last_pass_msec = record.last_pass_msec;
  status.confinement = record.confinement;
}

} // namespace

Result<Status> read_status(const os::Root& root, const Request& request) {
  Packages packages(root);
  auto look = look_at(root, request, packages);
  if (!look) {
    return tl::unexpected(std::move(look.error()));
  }
  const Base& base = look->base;
  const Inventory& inventory = look->inventory;
  std::map<Version, VersionStatus> versions;
  for (const Served& served : base.interpreters.served) {
    describe(versions[served.record.version], served.record);
  }
  for (const state::Interpreter& record : base.recorded.snapshot.interpreters) {
    if (base.interpreters.left.contains(record.version)) {
      describe(versions[record.version], record);
      versions[record.version].usable = false;
    }
  }
  std::map<Version, std::unordered_set<os::Text>> modules;
  for (std::size_t i = 0; i < inventory.facts.size(); ++i) {
    const plan::Fact& fact = inventory.facts[i];
    if (fact.kind == plan::Kind::bytecode && fact.wanted) {
      count(versions[fact.version], fact, inventory.details[i]);
      modules[fact.version].insert(fact.target);
    }
  }
  Status status;
  status.references = base.asked.references.size();
  status.unfinished = !base.recorded.unfinished.empty();
  for (const auto* part : std::initializer_list<const std::vector<std::string>*>{
           &base.warnings, &base.interpreters.warnings, &base.asked.warnings}) {
    status.warnings.insert(status.warnings.end(), part->begin(), part->end());
  }
  for (auto& [version, one] : versions) {
    one.version = version;
    one.modules = modules[version].size();
    status.versions.push_back(std::move(one));
  }
  return status;
}

} // namespace pysup::pass
