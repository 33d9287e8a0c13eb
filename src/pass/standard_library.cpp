// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/standard_library.hpp"

#include "bytecode/cache_path.hpp"
#include "os/directories.hpp"
#include "pass/leftovers.hpp"
#include "pass/presence.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace pysup::pass {

namespace {

/// Not the interpreter's own: packages install there.
constexpr std::array<std::string_view, 2> others = {"dist-packages", "site-packages"};
constexpr std::string_view cache = "__pycache__";
constexpr int deepest_package = 32;

std::string below(const std::string& directory, const std::string& name) {
  return fmt::format("{}/{}", directory, name);
}

class Library {
 public:
  Library(const os::Root& root, const Served& served, Inventory& inventory)
      : root_(root), served_(served), version_(served.record.version), inventory_(inventory),
        directories_(root) {}

  void walk(const std::string& directory, int depth) {
    const auto entries = root_.list(directory);
    if (!entries || depth > deepest_package) {
      return;
    }
    std::vector<std::string> sources;
    for (const os::DirEntry& entry : *entries) {
      if (entry.type == os::FileType::directory) {
        const bool skipped = entry.name == cache ||
                             std::find(others.begin(), others.end(), entry.name) != others.end();
        if (!skipped) {
          walk(below(directory, entry.name), depth + 1);
        }
      } else if (entry.type == os::FileType::regular && entry.name.ends_with(".py")) {
        sources.push_back(entry.name);
      }
    }
    const std::vector<std::string> compiled = bytecode_in(directory, *entries);
    if (compiled.empty()) {
      return;
    }
    for (const std::string& source : sources) {
      examine(below(directory, source));
    }
    find_strays(directory, sources, compiled);
  }

 private:
  [[nodiscard]] bool cached() const { return version_.major >= 3; }

  [[nodiscard]] std::string place(const std::string& directory) const {
    return cached() ? directory + '/' + std::string(cache) : directory;
  }

  /// The names of this interpreter's bytecode files for a directory.
  [[nodiscard]] std::vector<std::string>
  bytecode_in(const std::string& directory, const std::vector<os::DirEntry>& beside) const {
    std::vector<std::string> names;
    const auto listed = cached() ? root_.list(place(directory)) : beside;
    if (!listed) {
      return names;
    }
    const std::string tag = '.' + served_.record.cache_tag + '.';
    for (const os::DirEntry& entry : *listed) {
      const bool ours = !cached() || entry.name.find(tag) != std::string::npos;
      if (ours && !stem_of_bytecode(entry.name, cached()).empty()) {
        names.push_back(entry.name);
      }
    }
    return names;
  }

  void examine(const std::string& source) {
    const std::string path = bytecode::cache_path(version_, served_.record.cache_tag, source, 0);
    const auto entry = look(directories_, path);
    const auto info = root_.info(source);
    if (!entry || !info) {
      return;
    }
    Evidence evidence;
    evidence.seen = *entry;
    evidence.source = *info;
    evidence.adopt = true;
    LazyFile text(root_, source);
    LazyFile file(root_, path);
    const auto verdict =
        judge(evidence, {version_, served_.record.magic, std::nullopt}, text, file);
    plan::Fact fact;
    fact.wanted = true;
    fact.target = source;
    fact.fitness = verdict.fitness;
    fact.source_size = info->size;
    fact.present = entry->exists ? plan::Present::ours : plan::Present::nothing;
    Detail detail;
    detail.read_from = source;
    detail.reason = verdict.reason;
    detail.defect = verdict.defect;
    add(fact, std::move(detail), path);
  }

  void find_strays(const std::string& directory, const std::vector<std::string>& sources,
                   const std::vector<std::string>& compiled) {
    for (const std::string& name : compiled) {
      const std::string source = std::string(stem_of_bytecode(name, cached())) + ".py";
      if (!std::binary_search(sources.begin(), sources.end(), source) &&
          !root_.info(below(directory, source))) {
        plan::Fact fact;
        fact.present = plan::Present::other; // never removed: it is not ours
        Detail detail;
        detail.reason = "there is no " + source;
        detail.defect = Defect::stray;
        add(fact, std::move(detail), place(directory) + '/' + name);
      }
    }
  }

  void add(plan::Fact fact, Detail detail, const std::string& path) {
    fact.kind = plan::Kind::bytecode;
    fact.version = version_;
    fact.path = path;
    inventory_.facts.push_back(fact);
    inventory_.details.push_back(std::move(detail));
  }

  const os::Root& root_;
  const Served& served_;
  Version version_;
  Inventory& inventory_;
  os::Directories directories_;
};

} // namespace

void survey_standard_library(const os::Root& root, const Served& served, Inventory& inventory) {
  if (const auto place = root.canonical("/usr/lib/" + served.record.version.name())) {
    Library(root, served, inventory).walk(*place, 0);
  }
}

} // namespace pysup::pass
