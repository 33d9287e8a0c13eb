// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/bytecode_file.hpp"
#include "call/call.hpp"
#include "pass/surveyor.hpp"
#include "pass/tree.hpp"
#include "plan/package_markers.hpp"
#include "reference/store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::pass {

void Surveyor::survey_public(const Served& served, const std::string& tree,
                             std::vector<Module>& modules) {
  const Version version = served.record.version;
  auto wants = plan::public_wants(version, ground_.interpreters.default_version, references(),
                                  read_contested(version));
  inventory_.conflicts.insert(inventory_.conflicts.end(), wants.conflicts.begin(),
                              wants.conflicts.end());
  for (const plan::PublicWant& want : wants.files) {
    survey_link(served, tree, want, modules);
  }
  const auto lines = path_lines(version);
  if (version.major < 3) {
    survey_markers(version, tree, wants.files, lines, modules);
  }
  if (!wants.files.empty()) {
    survey_path_file(version, lines);
  }
}

std::optional<std::string> Surveyor::tree_of(Version version) {
  const std::string name = tree_name(version);
  const auto place = place_of(root_, name);
  const auto info = root_.info(name);
  if (!place || (info && info->type != os::FileType::directory)) {
    inventory_.warnings.push_back((place ? name + ": not a directory" : place.error().message) +
                                  "; the modules of " + version.name() + " are left as they were");
    return std::nullopt;
  }
  if (const auto link = root_.link_info(name); link && link->type == os::FileType::symlink) {
    inventory_.warnings.push_back(name + ": is a symbolic link to " + *place + ", taken as it is");
  }
  return *place;
}

void Surveyor::keep_public_records(Version version) {
  for (const state::File& file : ground_.snapshot.files) {
    const auto kind = reference::kind_of(file.reference.str());
    if (file.version == version && !call::is_call_name(file.reference.str()) &&
        (!kind || is_public(*kind))) {
      wanted_.insert(file.path);
    }
  }
}

plan::Contents Surveyor::read_contested(Version version) {
  plan::Contents contents;
  for (const auto& source :
       plan::contested(version, ground_.interpreters.default_version, references())) {
    if (const auto file = root_.read(source.str(), bytecode::module_size_limit)) {
      const auto digest = state::digest_of(file->bytes);
      contents[source] = {fmt::format("{:016x}{:016x}", digest.high, digest.low),
                          file->bytes.empty()};
    }
  }
  return contents;
}

std::vector<std::string> Surveyor::path_lines(Version version) const {
  std::vector<std::string> lines;
  for (const auto& reference : references()) {
    if (!is_public(reference.kind) ||
        !reference.versions.contains(version, ground_.interpreters.default_version)) {
      continue;
    }
    for (const auto& line : reference.path_lines) {
      if (!line.only || *line.only == version) {
        std::string path =
            line.text.starts_with('/') ? line.text : tree_name(version) + '/' + line.text;
        if (std::find(lines.begin(), lines.end(), path) == lines.end()) {
          lines.push_back(std::move(path));
        }
      }
    }
  }
  return lines;
}

void Surveyor::survey_link(const Served& served, const std::string& tree,
                           const plan::PublicWant& want, std::vector<Module>& modules) {
  const Version version = served.record.version;
  const os::Text relative = want.file->relative;
  const os::Text path = tree + "/" + relative;
  wanted_.insert(path);
  plan::Index index = plan::none;
  if (in_scope(version, want.by->name, path)) {
    const auto entry = seen(path);
    if (!entry) {
      return;
    }
    plan::Fact& fact = add(plan::Kind::link, version, path, want.by->name, want.file->source);
    fact.wanted = true;
    fact.forced = forced_by(request_, false);
    const bool is_link = entry->type == os::FileType::symlink;
    fact.right = is_link && entry->link_text == want.file->source;
    // A directory is emptied by removals first, or the link cannot be made and that is reported.
    if (entry->type != os::FileType::directory) {
      set_present(fact, *entry, is_link && (fact.recorded || is_module_source(entry->link_text)));
    }
    renew_row(fact, *entry);
    index = is_settled(fact, fact.right) ? drop_last() : last();
  }
  if (relative.ends_with(".py")) {
    modules.push_back({tree_name(version) + "/" + relative, path, want.file->source, want.by->name,
                       index, false});
  }
}

bool Surveyor::is_marker_in_scope(Version version, const std::string& relative, os::Text path,
                                  const std::vector<plan::PublicWant>& files) const {
  const std::string below = std::string(os::parent_of(relative)) + '/';
  return std::any_of(files.begin(), files.end(), [&](const plan::PublicWant& want) {
    return want.file->relative.starts_with(below) && in_scope(version, want.by->name, path);
  });
}

void Surveyor::survey_markers(Version version, const std::string& tree,
                              const std::vector<plan::PublicWant>& files,
                              const std::vector<std::string>& lines, std::vector<Module>& modules) {
  std::set<std::string> exempt;
  const std::string below = tree_name(version) + '/';
  for (const std::string& line : lines) {
    if (line.starts_with(below)) {
      exempt.insert(line.substr(below.size()));
    }
  }
  for (const auto& reference : references()) {
    if (reference.versions.contains(version, ground_.interpreters.default_version)) {
      exempt.insert(reference.noinit.begin(), reference.noinit.end());
    }
  }
  for (const std::string& relative : plan::package_markers(files, exempt)) {
    const os::Text path = fmt::format("{}/{}", tree, relative);
    wanted_.insert(path);
    plan::Index index = plan::none;
    if (is_marker_in_scope(version, relative, path, files)) {
      const auto entry = seen(path);
      if (!entry) {
        continue;
      }
      plan::Fact& fact = add(plan::Kind::init, version, path, "", "");
      fact.wanted = true;
      fact.forced = forced_by(request_, false);
      const bool is_empty = entry->type == os::FileType::regular && entry->size == 0;
      set_present(fact, *entry,
                  (is_empty && (fact.recorded || ground_.without_state)) ||
                      (entry->type == os::FileType::symlink && fact.recorded));
      // Whatever else is there marks the package just as well.
      fact.right = entry->type == os::FileType::regular;
      renew_row(fact, *entry);
      index = last();
    }
    modules.push_back({tree_name(version) + '/' + relative, path, path, "", index, false});
  }
}

void Surveyor::survey_path_file(Version version, const std::vector<std::string>& lines) {
  const auto path = place_of(root_, path_file_name(version));
  if (!path) {
    inventory_.warnings.push_back(path.error().message + "; " + version.name() +
                                  " does not see the modules in " + tree_name(version));
    return;
  }
  wanted_.insert(*path);
  if (request_.scope == Scope::interpreters && !whole(version)) {
    return;
  }
  std::string content = tree_name(version) + '\n';
  for (const std::string& line : lines) {
    content += line;
    content += '\n';
  }
  const auto entry = seen(*path);
  if (!entry) {
    return;
  }
  plan::Fact& fact = add(plan::Kind::path_file, version, *path, "", content);
  fact.wanted = true;
  fact.forced = forced_by(request_, false);
  set_present(fact, *entry, true);
  if (entry->type == os::FileType::regular) {
    const auto there = root_.read(*path, 1 << 20);
    fact.right = there && fact.target == there->bytes;
  }
  renew_row(fact, *entry);
}

} // namespace pysup::pass
