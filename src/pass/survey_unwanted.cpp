// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/leftovers.hpp"
#include "pass/surveyor.hpp"
#include "pass/tree.hpp"
#include "reference/store.hpp"

namespace pysup::pass {

plan::Kind Surveyor::plan_kind(state::FileKind kind) {
  switch (kind) {
  case state::FileKind::link:
    return plan::Kind::link;
  case state::FileKind::init:
    return plan::Kind::init;
  case state::FileKind::path_file:
    return plan::Kind::path_file;
  case state::FileKind::bytecode:
    break;
  }
  return plan::Kind::bytecode;
}

void Surveyor::survey_recorded() {
  for (const state::File& file : ground_.snapshot.files) {
    if (!wanted_.contains(file.path) && may_go(file) &&
        in_scope(file.version, file.reference, file.path)) {
      add_unwanted(plan_kind(file.kind), file.version, file.path, file.reference);
    }
  }
}

bool Surveyor::may_go(const state::File& file) const {
  if (!ground_.interpreters.left.contains(file.version)) {
    return true;
  }
  const auto kind = reference::kind_of(file.reference.str());
  return request_.clean && request_.references.contains(file.reference) && kind &&
         !(request_.in_maintainer_script && is_public(*kind));
}

void Surveyor::add_unwanted(plan::Kind kind, Version version, os::Text path, os::Text reference) {
  if (!wanted_.insert(path)) {
    return; // wanted after all, or known already
  }
  const auto entry = seen(path);
  if (!entry) {
    return;
  }
  plan::Fact& fact = add(kind, version, path, reference, "");
  const bool bytecode = kind == plan::Kind::bytecode;
  const bool is_link = entry->type == os::FileType::symlink;
  const bool looks_ours =
      bytecode                   ? entry->type != os::FileType::directory
      : kind == plan::Kind::link ? is_link && (fact.recorded || is_module_source(entry->link_text))
      : kind == plan::Kind::init ? entry->type == os::FileType::regular && entry->size == 0
                                 : true;
  set_present(fact, *entry, looks_ours);
  if (fact.present == plan::Present::ours || bytecode) {
    fact.keep = keep_for(fact);
  }
}

std::string Surveyor::keep_for(const plan::Fact& fact) {
  const std::string place(fact.path.parent());
  const bool cached = os::name_of(place) == "__pycache__";
  std::string source_dir = cached ? std::string(os::parent_of(place)) : place;
  if (!trees_place_) {
    trees_place_ = place_of(root_, trees).value_or("");
  }
  if (!trees_place_->empty() && fact.path.starts_with(*trees_place_ + '/')) {
    return *trees_place_;
  }
  const state::File* const record = record_of(fact.path);
  if (record != nullptr && fact.kind == plan::Kind::bytecode && ground_.stats.of(record->source)) {
    return source_dir; // its package is still there, and the directory with it
  }
  return ownership_.kept_directory(fact.path.str());
}

void Surveyor::find_siblings(Leftovers& leftovers) {
  const std::size_t known = inventory_.facts.size();
  for (std::size_t i = 0; i < known; ++i) {
    const plan::Fact& fact = inventory_.facts[i];
    if (fact.wanted) {
      continue;
    }
    const state::File* const record = record_of(fact.path);
    if (fact.kind == plan::Kind::link || fact.kind == plan::Kind::init) {
      leftovers.note_source(fact.path, fact.version);
    } else if (fact.kind == plan::Kind::bytecode && record != nullptr &&
               !ground_.stats.of(record->source)) {
      leftovers.note_bytecode(fact.path, fact.version);
    }
  }
  for (auto& [path, version] : leftovers.bytecode()) {
    add_unwanted(plan::Kind::bytecode, version, path, "");
  }
}

void Surveyor::find_unfinished() {
  for (const os::Text path : ground_.unfinished) {
    if (!wanted_.contains(path)) {
      const bool bytecode = path.ends_with(".pyc") || path.ends_with(".pyo");
      const auto kind = bytecode                               ? plan::Kind::bytecode
                        : path.ends_with("python-support.pth") ? plan::Kind::path_file
                                                               : plan::Kind::link;
      const auto entry = seen(path);
      const bool is_init = kind == plan::Kind::link && entry && entry->exists &&
                           entry->type == os::FileType::regular;
      add_unwanted(is_init ? plan::Kind::init : kind, Version{}, path, "");
    }
  }
}

void Surveyor::find_orphans(Leftovers& leftovers) {
  const Orphans orphans = leftovers.orphans();
  const auto add_sources = [&](const Leftovers::Found& found, plan::Kind kind) {
    for (const auto& [path, version] : found) {
      if (!wanted_.contains(path)) {
        leftovers.note_source(path, version);
        add_unwanted(kind, version, path, "");
      }
    }
  };
  add_sources(orphans.links, plan::Kind::link);
  add_sources(orphans.markers, plan::Kind::init);
  for (const auto& [path, version] : orphans.path_files) {
    add_unwanted(plan::Kind::path_file, version, path, "");
  }
  for (const auto& [path, version] : orphans.bytecode) {
    add_unwanted(plan::Kind::bytecode, version, path, "");
  }
  for (const auto& [path, version] : leftovers.bytecode()) {
    add_unwanted(plan::Kind::bytecode, version, path, "");
  }
  for (const std::string& path : orphans.strangers) {
    if (!wanted_.contains(path) && ownership_.owner(path).empty()) {
      inventory_.warnings.push_back(path + ": not made by python-support, left as it is");
    }
  }
}

} // namespace pysup::pass
