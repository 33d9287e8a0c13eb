// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/public_files.hpp"

#include "reference/pth.hpp"
#include "reference/sort_unless_sorted.hpp"
#include "reference/text.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace pysup::reference {

namespace {

bool is_bytecode(os::Text path) {
  return path.ends_with(".pyc") || path.ends_with(".pyo");
}

/// Whether a component of PATH is the directory in which bytecode is written (PEP 3147).
bool is_in_cache(os::Text path) {
  constexpr std::string_view cache = "__pycache__";
  if (path.name() == cache) {
    return true;
  }
  const std::string_view folder = path.folder();
  for (auto at = folder.find(cache); at != folder.npos; at = folder.find(cache, at + 1)) {
    const bool begins = at == 0 || folder[at - 1] == '/';
    if (begins && folder[at + cache.size()] == '/') { // a folder ends with a slash
      return true;
    }
  }
  return false;
}

bool may_be_linked(os::FileType type, LinksTo links) {
  return type == os::FileType::regular ||
         (type == os::FileType::directory && links == LinksTo::files_or_anything);
}

bool before(const PublicFile& a, const PublicFile& b) {
  return std::tie(a.relative, a.only) < std::tie(b.relative, b.only);
}

bool same_place(const PublicFile& a, const PublicFile& b) {
  return a.relative == b.relative && a.only == b.only;
}

} // namespace

void add_public_file(os::Stats& stats, const PublicFile& file, LinksTo links, std::size_t line,
                     Reference& reference, ProblemLog& problems) {
  if (is_bytecode(file.relative)) {
    return;
  }
  if (is_in_cache(file.relative)) {
    problems.add(line, "{} would take the place of bytecode, skipped", quoted(file.source.str()));
    return;
  }
  const auto info = stats.of(file.source);
  if (!info) {
    problems.add(line, "{}, skipped",
                 system_error(quoted(file.source.str()), info.error().code).message);
    return;
  }
  if (!may_be_linked(info->type, links)) {
    problems.add(line, "{} is not a file, skipped", quoted(file.source.str()));
    return;
  }
  if (file.relative.name() == ".noinit") {
    reference.noinit.emplace_back(file.relative.parent());
    return;
  }
  reference.public_files.push_back(file);
}

void settle_public_files(const os::Root& root, Reference& reference, ProblemLog& problems) {
  auto& files = reference.public_files;
  sort_unless_sorted(files, before);
  for (std::size_t i = 1; i < files.size(); ++i) {
    if (same_place(files[i - 1], files[i]) && files[i - 1].source != files[i].source) {
      problems.add(0, "{} has the place of {}, which is skipped", quoted(files[i - 1].source.str()),
                   quoted(files[i].source.str()));
    }
  }
  files.erase(std::unique(files.begin(), files.end(), same_place), files.end());
  auto& noinit = reference.noinit;
  std::sort(noinit.begin(), noinit.end());
  noinit.erase(std::unique(noinit.begin(), noinit.end()), noinit.end());
  read_path_lines(root, reference, problems);
}

} // namespace pysup::reference
