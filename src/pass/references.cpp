// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/references.hpp"

#include "pass/asked.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace pysup::pass {

namespace {

std::string describe(const reference::Problem& problem) {
  std::string where = std::string(reference::directory) + '/' + problem.reference;
  if (problem.line > 0) {
    where += fmt::format(":{}", problem.line);
  }
  return where + ": " + problem.message;
}

std::optional<reference::Reference> last_good(const reference::Listed& listed,
                                              const std::vector<state::Reference>& recorded) {
  const auto found = std::find_if(recorded.begin(), recorded.end(), [&](const auto& record) {
    return record.name == listed.name && record.kind == reference::to_text(listed.kind);
  });
  if (found == recorded.end()) {
    return std::nullopt;
  }
  return decode_asked(listed.name, listed.kind, found->asked);
}

} // namespace

Result<Asked> read_references(os::Stats& stats) {
  Asked asked;
  std::vector<reference::Problem> problems;
  auto names = reference::list(stats.root(), problems);
  if (!names) {
    return tl::unexpected(std::move(names.error()));
  }
  for (reference::Listed& listed : *names) {
    auto reference = reference::load(stats, listed, problems);
    if (reference) {
      asked.references.push_back(std::move(*reference));
    } else {
      asked.unread.push_back({std::move(listed), std::move(reference.error().message)});
    }
  }
  for (const reference::Problem& problem : problems) {
    asked.warnings.push_back(describe(problem));
  }
  return asked;
}

void keep_unread(Asked& asked, const std::vector<state::Reference>& recorded) {
  for (const auto& [listed, error] : std::exchange(asked.unread, {})) {
    auto before = last_good(listed, recorded);
    asked.warnings.push_back(error + (before ? "; what it had installed stays" : "; skipped"));
    if (before) {
      asked.kept.insert(listed.name);
      asked.references.push_back(std::move(*before));
    }
  }
  std::sort(asked.references.begin(), asked.references.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

} // namespace pysup::pass
