// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/packages.hpp"

#include <utility>

namespace pysup::pass {

namespace {

constexpr const char* admin_directory = "/var/lib/dpkg";
constexpr const char* consequence = "; interpreters are left as they were";

} // namespace

dpkg::Database* Packages::open(std::vector<std::string>& warnings) {
  if (std::exchange(opened_, true)) {
    return database();
  }
  if (!root_.info(std::string(admin_directory) + "/status")) {
    warnings.push_back(root_.host_path(admin_directory) + ": no dpkg database" + consequence);
    return nullptr;
  }
  const auto place = root_.canonical(admin_directory);
  auto opened = place ? dpkg::Database::open(root_.host_path(*place))
                      : Result<dpkg::Database>(tl::unexpected(place.error()));
  if (!opened) {
    warnings.push_back(opened.error().message + consequence);
    return nullptr;
  }
  database_.emplace(std::move(*opened));
  return database();
}

} // namespace pysup::pass
