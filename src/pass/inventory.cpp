// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/inventory.hpp"

#include "call/call.hpp"
#include "pass/surveyor.hpp"
#include "plan/wants.hpp"

#include <algorithm>
#include <iterator>

namespace pysup::pass {

Surveyor::Surveyor(const Ground& ground)
    : ground_(ground), root_(ground.stats.root()), request_(ground.request),
      ownership_(ground.database) {
  const auto levels = levels_of(request_.config, ground.snapshot);
  levels_.assign(levels.rbegin(), levels.rend());
  for (const state::File& file : ground.snapshot.files) {
    records_.resize(std::max<std::size_t>(records_.size(), file.path.id() + std::size_t{1}));
    records_[file.path.id()] = &file;
  }
  for (const os::Text path : ground.unfinished) {
    unfinished_.insert(path);
  }
}

Inventory Surveyor::run() {
  choose_references();
  load_exceptions();
  for (const Served& served : ground_.interpreters.served) {
    survey_version(served);
  }
  survey_recorded();
  Leftovers leftovers(root_, ground_.interpreters);
  find_siblings(leftovers);
  find_unfinished();
  if (ground_.without_state || request_.cleans_everything()) {
    find_orphans(leftovers);
  }
  report(exceptions_.take_problems());
  return std::move(inventory_);
}

void Surveyor::choose_references() {
  if (!request_.clean) {
    return;
  }
  std::copy_if(ground_.references.begin(), ground_.references.end(),
               std::back_inserter(not_cleaned_), [this](const reference::Reference& reference) {
                 return !request_.references.contains(reference.name) ||
                        (request_.in_maintainer_script && is_public(reference.kind));
               });
}

const std::vector<reference::Reference>& Surveyor::references() const {
  return request_.clean ? not_cleaned_ : ground_.references;
}

void Surveyor::load_exceptions() {
  std::vector<reference::Problem> problems;
  exceptions_ = reference::Exceptions::load(root_, problems);
  report(problems);
}

void Surveyor::report(const std::vector<reference::Problem>& problems) {
  for (const auto& problem : problems) {
    inventory_.warnings.push_back(
        fmt::format("{}:{}: {}", problem.reference, problem.line, problem.message));
  }
}

bool Surveyor::whole(Version version) const {
  if (request_.scope == Scope::everything || ground_.interpreters.default_changed ||
      !unfinished_.empty()) { // what a crash left may be anybody's
    return true;
  }
  const Served* const served = ground_.interpreters.find(version);
  return served == nullptr || served->changed;
}

bool Surveyor::in_scope(Version version, os::Text wanted_by, os::Text path, bool is_private) const {
  if (whole(version) || (request_.force_private && is_private)) {
    return true;
  }
  if (request_.scope != Scope::named) {
    return false;
  }
  const state::File* const record = record_of(path);
  return request_.references.contains(wanted_by) ||
         (record != nullptr && request_.references.contains(record->reference));
}

void Surveyor::survey_version(const Served& served) {
  const Version version = served.record.version;
  const auto default_version = ground_.interpreters.default_version;
  std::vector<Module> modules;
  if (const auto tree = tree_of(version)) {
    survey_public(served, *tree, modules);
  } else {
    keep_public_records(version);
  }
  for (const Module& module : modules) {
    survey_bytecode(served, module);
  }
  const reference::Reference* last = nullptr;
  os::Text name; // of the last reference: neighbours have the same
  for (const auto& want : plan::private_wants(version, default_version, references())) {
    name = want.by == last ? name : os::Text(want.by->name);
    last = want.by;
    survey_bytecode(served, {want.file->path, want.file->place, want.file->place, name, plan::none,
                             want.by->kind != reference::Kind::calls, want.file->level});
  }
}

std::optional<Seen> Surveyor::seen(os::Text path) {
  const state::File* const record = record_of(path);
  if (record != nullptr && ground_.ahead != nullptr) {
    if (auto before = ground_.ahead->at(*record, ground_.snapshot.files)) {
      return before;
    }
  }
  auto entry = look(ground_.stats.directories(), path);
  if (!entry) {
    inventory_.warnings.push_back(entry.error().message + "; left as it was");
    return std::nullopt;
  }
  return std::move(*entry);
}

plan::Fact& Surveyor::add(plan::Kind kind, Version version, os::Text path, os::Text reference,
                          os::Text target) {
  plan::Fact fact;
  fact.kind = kind;
  fact.version = version;
  fact.path = path;
  fact.reference = reference;
  fact.target = target;
  Detail detail;
  detail.record = record_of(fact.path);
  fact.recorded = detail.record != nullptr;
  inventory_.facts.push_back(fact);
  inventory_.details.push_back(std::move(detail));
  return inventory_.facts.back();
}

void Surveyor::set_present(plan::Fact& fact, const Seen& entry, bool looks_ours) {
  if (!entry.exists) {
    fact.present = plan::Present::nothing;
    return;
  }
  if (as_recorded(entry, record_of(fact.path))) {
    fact.present = plan::Present::ours;
    return;
  }
  fact.owner = ownership_.owner(fact.path.str());
  if (!fact.owner.empty()) {
    fact.present = plan::Present::packaged;
  } else {
    fact.present =
        looks_ours || unfinished_.contains(fact.path) ? plan::Present::ours : plan::Present::other;
  }
}

bool Surveyor::is_settled(const plan::Fact& fact, bool right) const {
  return ground_.changes_only && right && fact.recorded && !fact.forced &&
         fact.present == plan::Present::ours && !inventory_.details.back().renewed;
}

plan::Index Surveyor::drop_last() {
  inventory_.facts.pop_back();
  inventory_.details.pop_back();
  return plan::none;
}

void Surveyor::renew_row(plan::Fact& fact, const Seen& entry) {
  if (!fact.right || fact.present != plan::Present::ours) {
    return;
  }
  state::File row;
  row.path = fact.path;
  row.kind = fact.kind == plan::Kind::link   ? state::FileKind::link
             : fact.kind == plan::Kind::init ? state::FileKind::init
                                             : state::FileKind::path_file;
  row.version = fact.version;
  row.source = fact.kind == plan::Kind::link ? fact.target : os::Text();
  row.reference = fact.reference;
  row.size = entry.size;
  row.mtime_ns = entry.mtime_ns;
  row.digest = state::digest_of(fact.target.str());
  Detail& detail = inventory_.details.back();
  if (detail.record == nullptr || *detail.record != row) {
    fact.recorded = false;
    detail.renewed = std::make_unique<state::File>(row);
  }
}

std::set<std::uint8_t> levels_of(const Config& config, const state::Snapshot& snapshot) {
  if (config.levels) {
    return *config.levels;
  }
  std::set<std::uint8_t> levels;
  os::Text last;
  bool last_is_call = false;
  for (const state::File& file : snapshot.files) {
    if (file.reference != last) {
      last = file.reference;
      last_is_call = call::is_call_name(last.str());
    }
    if (file.kind == state::FileKind::bytecode && !last_is_call) {
      levels.insert(file.level);
    }
  }
  return levels.empty() ? std::set<std::uint8_t>{0} : levels;
}

Inventory take_inventory(const Ground& ground) {
  return Surveyor(ground).run();
}

} // namespace pysup::pass
