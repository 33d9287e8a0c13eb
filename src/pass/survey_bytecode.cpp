// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/cache_path.hpp"
#include "pass/fitness.hpp"
#include "pass/surveyor.hpp"

namespace pysup::pass {

void Surveyor::survey_bytecode(const Served& served, const Module& module) {
  if (!module.place.ends_with(".py") || is_excepted(served.record.version, module)) {
    return;
  }
  for (const std::uint8_t level : levels_for(module)) {
    survey_bytecode(served, module, level);
  }
}

bool Surveyor::is_excepted(Version version, const Module& module) const {
  return !exceptions_.empty() && (exceptions_.excludes(version, module.name.str()) ||
                                  exceptions_.excludes(version, module.read_from.str()));
}

const std::vector<std::uint8_t>& Surveyor::levels_for(const Module& module) {
  if (!module.is_of_call()) {
    return levels_;
  }
  std::vector<std::uint8_t>& levels = levels_of_call_[*module.level];
  if (levels.empty()) {
    std::set<std::uint8_t> all = request_.config.levels.value_or(std::set<std::uint8_t>{});
    all.insert(*module.level);
    levels.assign(all.rbegin(), all.rend());
  }
  return levels;
}

os::Text Surveyor::bytecode_path(const state::Interpreter& interpreter, os::Text source,
                                 std::uint8_t level) {
  const Version version = interpreter.version;
  const std::string& tag = interpreter.cache_tag;
  if (source.folder().data() == last_folder_ && version == last_version_) {
    return last_bytecode_.with_name(bytecode::cache_name(version, tag, source.name(), level));
  }
  last_folder_ = source.folder().data();
  last_version_ = version;
  last_bytecode_ = bytecode::cache_path(version, tag, source.str(), level);
  return last_bytecode_;
}

void Surveyor::survey_bytecode(const Served& served, const Module& module, std::uint8_t level) {
  const Version version = served.record.version;
  const os::Text path = bytecode_path(served.record, module.place, level);
  // Python 2.7 has one name for levels 1 and 2; the higher one, which comes first, has it.
  if (!wanted_.insert(path) || !in_scope(version, module.reference, path, module.is_private)) {
    return;
  }
  const auto entry = seen(path);
  if (!entry) {
    return;
  }
  const auto source = ground_.stats.of(module.read_from);
  if (!source && module.is_of_call()) {
    wanted_.erase(path); // dpkg lists what somebody may have excluded or deleted
    return;
  }
  plan::Fact& fact = add(plan::Kind::bytecode, version, path, module.reference, module.name);
  Detail& detail = inventory_.details.back();
  fact.wanted = true;
  fact.forced = forced_by(request_, module.is_private) || is_in(ground_.forced, module.reference);
  fact.level = level;
  fact.link = module.link;
  detail.read_from = module.read_from;
  set_present(fact, *entry, entry->type != os::FileType::directory);
  if (!source) { // a marker that is not made yet, or a source that went meanwhile
    detail.reason = "missing";
    detail.defect = Defect::missing;
    return;
  }
  Evidence evidence;
  evidence.seen = *entry;
  evidence.source = *source;
  // Debian's py3compile may have been there before us.
  evidence.adopt =
      (ground_.without_state || module.is_of_call()) && !unfinished_.contains(fact.path);
  judge_bytecode(served, fact, detail, evidence);
  // A link that is in the way of the plan has a fact of its own, and needs this one beside it.
  if (module.link == plan::none && is_settled(fact, fact.fitness == plan::Fitness::fresh)) {
    ++inventory_.right[version];
    drop_last();
  }
}

void Surveyor::judge_bytecode(const Served& served, plan::Fact& fact, Detail& detail,
                              Evidence& evidence) {
  const bool same_kind = detail.record != nullptr && detail.record->level == fact.level &&
                         detail.record->kind == state::FileKind::bytecode;
  evidence.record = same_kind ? detail.record : nullptr;
  evidence.deep = request_.deep;
  evidence.source_in_doubt = is_in(ground_.upgraded, fact.reference);
  LazyFile source(root_, detail.read_from);
  LazyFile file(root_, fact.path);
  auto verdict =
      judge(evidence, {fact.version, served.record.magic, request_.config.mode}, source, file);
  fact.fitness = verdict.fitness;
  fact.source_size = evidence.source.size;
  detail.reason = verdict.reason;
  detail.defect = verdict.defect;
  if (verdict.record) {
    verdict.record->path = fact.path;
    verdict.record->kind = state::FileKind::bytecode;
    verdict.record->version = fact.version;
    verdict.record->level = fact.level;
    verdict.record->source = fact.target;
    verdict.record->reference = fact.reference;
    detail.renewed = std::make_unique<state::File>(*verdict.record);
  } else if (fact.fitness == plan::Fitness::fresh && detail.record->reference != fact.reference) {
    fact.fitness = plan::Fitness::unrecorded;
    detail.renewed = std::make_unique<state::File>(*detail.record);
    detail.renewed->reference = fact.reference;
  }
}

} // namespace pysup::pass
