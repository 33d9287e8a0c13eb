// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/base.hpp"

#include <algorithm>
#include <iterator>

namespace pysup::pass {

namespace {

/// Calls are references like others from here on.
void add_calls(Calls& calls, Asked& asked) {
  std::move(calls.references.begin(), calls.references.end(), std::back_inserter(asked.references));
  calls.references.clear();
  std::sort(asked.references.begin(), asked.references.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  asked.kept.insert(calls.kept.begin(), calls.kept.end());
  std::move(calls.warnings.begin(), calls.warnings.end(), std::back_inserter(asked.warnings));
  calls.warnings.clear();
}

} // namespace

Result<Base> read_base(const os::Root& root, const Request& request, state::Store::Access access,
                       Packages& packages) {
  std::vector<std::string> warnings;
  Reading reading(root, access, request.scope);
  dpkg::Database* const database = packages.open(warnings);
  os::Stats stats(root);
  auto asked = read_references(stats);
  auto recorded = reading.finish(); // from here on there is one thread
  if (!recorded) {
    return tl::unexpected(std::move(recorded.error()));
  }
  if (!asked) {
    return tl::unexpected(std::move(asked.error()));
  }
  keep_unread(*asked, recorded->snapshot.references);
  if (recorded->store.damaged()) {
    warnings.push_back(root.host_path(state::directory) + '/' + state::file_name +
                       ": damaged; set aside and begun anew from what is on disk");
  }
  auto interpreters = find_interpreters(root, database, recorded->snapshot.interpreters);
  Calls calls = read_calls(stats, request, database, recorded->snapshot, interpreters);
  add_calls(calls, *asked);
  return Base{std::move(stats),  std::move(*recorded), std::move(interpreters),
              std::move(*asked), std::move(calls),     std::move(warnings)};
}

} // namespace pysup::pass
