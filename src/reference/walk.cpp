// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/walk.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace pysup::reference {

namespace {

/// Bytecode, and the stores of version control systems, which may hold copies of sources.
bool is_never_entered(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"__pycache__", ".git", ".hg", ".svn", ".bzr"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Result<std::vector<Found>> walk(const os::Root& root, const std::string& top, const Enter& enter,
                                std::size_t line, ProblemLog& problems) {
  std::vector<Found> found;
  std::vector<std::string> pending{""}; // not recursion: how deep it goes is not ours to choose
  while (!pending.empty()) {
    const std::string above = std::move(pending.back());
    pending.pop_back();
    const auto entries = root.list(above.empty() ? top : fmt::format("{}/{}", top, above));
    if (!entries && above.empty()) {
      return tl::unexpected(entries.error());
    }
    if (!entries) {
      problems.add(line, "{}, skipped", entries.error().message);
      continue;
    }
    for (const os::DirEntry& entry : *entries) {
      std::string relative = above.empty() ? entry.name : above + '/' + entry.name;
      if (entry.type != os::FileType::directory) {
        found.push_back({std::move(relative), entry.type});
      } else if (!is_never_entered(entry.name) && enter(relative)) {
        pending.push_back(std::move(relative));
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.relative < b.relative; });
  return found;
}

} // namespace pysup::reference
