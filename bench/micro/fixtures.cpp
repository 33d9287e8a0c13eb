// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixtures.hpp"

#include "modules.hpp"

namespace pysup::bench {

namespace {

/// References without files, COUNT of them, called package_NNN and SUFFIX.
std::vector<reference::Reference> empty_references(std::size_t modules, reference::Kind kind,
                                                   const std::string& suffix) {
  std::vector<reference::Reference> references(reference_count(modules));
  for (std::size_t i = 0; i < references.size(); ++i) {
    references[i].name = package_of(i * modules_per_reference) + suffix;
    references[i].kind = kind;
  }
  return references;
}

state::File file_of(const FileRow& row) {
  state::File file;
  file.path = row.path;
  file.kind = state::FileKind::bytecode;
  file.version = version;
  file.source = row.source;
  file.reference = row.reference;
  file.size = row.size;
  file.mtime_ns = row.mtime_ns;
  file.digest = {row.digest_high, row.digest_low};
  file.magic = magic;
  file.source_size = row.source_size;
  file.source_mtime_ns = row.source_mtime_ns;
  file.source_digest = {row.source_digest_high, row.source_digest_low};
  return file;
}

state::Interpreter interpreter() {
  state::Interpreter it;
  it.version = version;
  it.path = "/usr/bin/python3.11";
  it.magic = magic;
  it.cache_tag = "cpython-311";
  it.is_default = true;
  return it;
}

} // namespace

std::vector<reference::Reference> private_references(std::size_t modules) {
  auto references = empty_references(modules, reference::Kind::private_list, ".private");
  for (std::size_t number = 0; number < modules; ++number) {
    const std::string path = private_path(number);
    references[number / modules_per_reference].private_files.push_back({path, path, std::nullopt});
  }
  return references;
}

std::vector<reference::Reference> public_references(std::size_t modules) {
  auto references = empty_references(modules, reference::Kind::public_list, ".public");
  for (std::size_t number = 0; number < modules; ++number) {
    references[number / modules_per_reference].public_files.push_back(
        {relative_path(number), public_path(number), std::nullopt});
  }
  return references;
}

std::vector<plan::Fact> bytecode_facts(std::size_t modules, plan::Fitness fitness) {
  std::vector<plan::Fact> facts;
  for (const FileRow& row : state_rows(modules).files) {
    plan::Fact& fact = facts.emplace_back();
    fact.kind = plan::Kind::bytecode;
    fact.version = version;
    fact.path = row.path;
    fact.keep = "/usr/share";
    fact.reference = row.reference;
    fact.target = row.source;
    fact.wanted = true;
    fact.recorded = true;
    fact.present = plan::Present::ours;
    fact.fitness = fitness;
    fact.source_size = row.source_size;
  }
  return facts;
}

state::Changes first_changes(std::size_t modules) {
  const StateRows rows = state_rows(modules);
  state::Changes changes;
  changes.interpreters.push_back(interpreter());
  for (const ReferenceRow& row : rows.references) {
    changes.references.push_back({row.name, "private", "package", "1.0-1", row.asked});
  }
  for (const FileRow& row : rows.files) {
    changes.files.push_back(file_of(row));
  }
  return changes;
}

state::Changes one_change(std::size_t number, std::uint64_t times) {
  state::Changes changes;
  changes.interpreters.push_back(interpreter());
  changes.files.push_back(file_of(file_row(number, times)));
  return changes;
}

} // namespace pysup::bench
