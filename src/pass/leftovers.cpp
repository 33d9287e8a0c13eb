// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/leftovers.hpp"

#include "pass/tree.hpp"

#include <cerrno>
#include <fmt/format.h>

namespace pysup::pass {

namespace {

constexpr std::string_view cache_directory = "__pycache__";

/// Deeper trees than any package has; a bound for a walk through files of unknown origin.
constexpr int deepest = 64;

/// Python 3.2 and later have bytecode in a directory of its own (PEP 3147).
bool has_cache_directories(Version version) {
  return version >= Version{3, 2};
}

std::string_view without_last_part(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

} // namespace

std::string_view stem_of_bytecode(std::string_view name, bool cached) {
  if (!name.ends_with(".pyc") && !(name.ends_with(".pyo") && !cached)) {
    return {};
  }
  std::string_view stem = without_last_part(name);
  if (!cached) {
    return stem;
  }
  const auto last = stem.substr(stem.rfind('.') + 1);
  if (last.starts_with("opt-")) { // PEP 488
    stem = without_last_part(stem);
  }
  return without_last_part(stem); // the tag has no dot (PEP 3147)
}

void Leftovers::note_source(const std::string& path, Version version) {
  const std::string_view name = os::name_of(path);
  if (name.ends_with(".py")) {
    stems_[{std::string(os::parent_of(path)), version}].emplace(without_last_part(name));
  }
}

void Leftovers::note_bytecode(const std::string& path, Version version) {
  const std::string_view directory = os::parent_of(path);
  const bool cached = os::name_of(directory) == cache_directory;
  const auto stem = stem_of_bytecode(os::name_of(path), cached);
  if (!stem.empty()) {
    stems_[{std::string(cached ? os::parent_of(directory) : directory), version}].emplace(stem);
  }
}

Leftovers::Found Leftovers::bytecode() {
  Found found;
  for (const auto& [place, stems] : stems_) {
    const auto& [directory, version] = place;
    const bool cached = has_cache_directories(version);
    const std::string where = cached ? directory + '/' + std::string(cache_directory) : directory;
    const auto entries = root_.list(where);
    if (!entries) {
      continue; // nothing is there to be found
    }
    for (const os::DirEntry& entry : *entries) {
      if (entry.type == os::FileType::regular &&
          stems.contains(std::string(stem_of_bytecode(entry.name, cached)))) {
        found.emplace_back(where + '/' + entry.name, version);
      }
    }
  }
  stems_.clear();
  return found;
}

Orphans Leftovers::orphans() const {
  Orphans found;
  const auto entries = root_.list(trees);
  if (!entries) {
    return found;
  }
  for (const os::DirEntry& entry : *entries) {
    constexpr std::string_view prefix = "python";
    const auto version = entry.name.starts_with(prefix)
                             ? parse_version(std::string_view(entry.name).substr(prefix.size()))
                             : std::nullopt;
    if (version && !interpreters_.left.contains(*version)) {
      if (const auto place = place_of(root_, tree_name(*version))) {
        walk(*place, *version, 0, found);
      }
    }
  }
  return found;
}

bool Leftovers::walk(const std::string& directory, Version version, int depth,
                     Orphans& found) const {
  const auto entries = root_.list(directory);
  if (!entries || depth > deepest) {
    return true; // what cannot be looked at may be anybody's
  }
  const bool cached = os::name_of(directory) == cache_directory;
  bool strange = false;
  std::string marker;
  for (const os::DirEntry& entry : *entries) {
    std::string path = directory + '/' + entry.name;
    const bool regular = entry.type == os::FileType::regular;
    const auto stem = stem_of_bytecode(entry.name, cached);
    if (entry.type == os::FileType::directory) {
      strange |= walk(path, version, depth + 1, found);
    } else if (entry.type == os::FileType::symlink && is_link_to_module(path)) {
      found.links.emplace_back(std::move(path), version);
    } else if (regular && depth == 0 && entry.name == ".path") {
      found.path_files.emplace_back(std::move(path), version);
    } else if (regular && entry.name == "__init__.py" && is_empty(path)) {
      marker = std::move(path);
    } else if (regular && !stem.empty() && may_have_source(directory, stem, cached)) {
      continue; // it stays or goes with its source
    } else if (regular && !stem.empty() && (cached || !has_cache_directories(version))) {
      found.bytecode.emplace_back(std::move(path), version);
    } else {
      strange = true;
      found.strangers.push_back(std::move(path));
    }
  }
  if (!marker.empty() && !strange) {
    found.markers.emplace_back(std::move(marker), version);
  }
  return strange;
}

bool Leftovers::is_link_to_module(const std::string& path) const {
  const auto text = root_.read_link(path);
  return text && is_module_source(*text);
}

bool Leftovers::is_empty(const std::string& path) const {
  const auto info = root_.link_info(path);
  return info && info->size == 0;
}

bool Leftovers::may_have_source(const std::string& directory, std::string_view stem,
                                bool cached) const {
  const std::string_view place = cached ? os::parent_of(directory) : std::string_view(directory);
  const auto info = root_.link_info(fmt::format("{}/{}.py", place, stem));
  return info || info.error().code != ENOENT;
}

} // namespace pysup::pass
