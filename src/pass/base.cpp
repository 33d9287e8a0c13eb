// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/base.hpp"

#include "state/journal.hpp"

namespace pysup::pass {

namespace {

constexpr const char* admin_directory = "/var/lib/dpkg";

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

Result<Base> read_base(const os::Root& root, state::Store::Access access,
                       dpkg::Database* database) {
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
  std::vector<std::string> warnings;
  if (store->damaged()) {
    warnings.push_back(root.host_path(state::directory) + '/' + state::file_name +
                       ": damaged; set aside and begun anew from what is on disk");
  }
  auto interpreters = find_interpreters(root, database, snapshot->interpreters);
  auto asked = read_references(root, snapshot->references);
  if (!asked) {
    return tl::unexpected(std::move(asked.error()));
  }
  return Base{std::move(*store),       std::move(*snapshot), std::move(*unfinished),
              std::move(interpreters), std::move(*asked),    std::move(warnings)};
}

} // namespace pysup::pass
