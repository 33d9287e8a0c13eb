// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/base.hpp"

#include "state/journal.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <iterator>

namespace pysup::pass {

namespace {

constexpr const char* admin_directory = "/var/lib/dpkg";

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

/// What earlier passes left.
struct Recorded {
  state::Store store;
  state::Snapshot snapshot;
  std::vector<os::Text> unfinished;
  Ahead ahead;
};

Result<Recorded> read_recorded(const os::Root& root, state::Store::Access access, Scope scope) {
  auto store = state::Store::open(root, access);
  if (!store) {
    return tl::unexpected(std::move(store.error()));
  }
  auto snapshot = store->load();
  if (!snapshot) {
    return tl::unexpected(std::move(snapshot.error()));
  }
  auto unfinished = state::Journal::read(root);
  if (!unfinished) {
    return tl::unexpected(std::move(unfinished.error()));
  }
  Recorded recorded{std::move(*store), std::move(*snapshot), std::move(*unfinished), {}};
  if (scope == Scope::everything) {
    recorded.ahead = Ahead(root, recorded.snapshot.files);
  }
  return recorded;
}

} // namespace

std::optional<dpkg::Database> open_database(const os::Root& root,
                                            std::vector<std::string>& warnings) {
  if (!root.info(std::string(admin_directory) + "/status")) {
    warnings.push_back(root.host_path(admin_directory) +
                       ": no dpkg database; interpreters are left as they were");
    return std::nullopt;
  }
  const auto place = root.canonical(admin_directory);
  auto database = place ? dpkg::Database::open(root.host_path(*place))
                        : Result<dpkg::Database>(tl::unexpected(place.error()));
  if (!database) {
    warnings.push_back(database.error().message + "; interpreters are left as they were");
    return std::nullopt;
  }
  return std::move(*database);
}

Result<Base> read_base(const os::Root& root, const Request& request, state::Store::Access access,
                       dpkg::Database* database) {
  // Without a thread to be had it is read when it is needed.
  auto reading = std::async(std::launch::async | std::launch::deferred, read_recorded,
                            std::cref(root), access, request.scope);
  os::Stats stats(root);
  auto asked = read_references(stats);
  auto recorded = reading.get(); // from here on there is one thread
  if (!recorded) {
    return tl::unexpected(std::move(recorded.error()));
  }
  if (!asked) {
    return tl::unexpected(std::move(asked.error()));
  }
  keep_unread(*asked, recorded->snapshot.references);
  std::vector<std::string> warnings;
  if (recorded->store.damaged()) {
    warnings.push_back(root.host_path(state::directory) + '/' + state::file_name +
                       ": damaged; set aside and begun anew from what is on disk");
  }
  auto interpreters = find_interpreters(root, database, recorded->snapshot.interpreters);
  Calls calls = read_calls(stats, request, database, recorded->snapshot, interpreters);
  add_calls(calls, *asked);
  return Base{std::move(stats),
              std::move(recorded->ahead),
              std::move(recorded->store),
              std::move(recorded->snapshot),
              std::move(recorded->unfinished),
              std::move(interpreters),
              std::move(*asked),
              std::move(calls),
              std::move(warnings)};
}

} // namespace pysup::pass
