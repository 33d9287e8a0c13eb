// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/package_markers.hpp"

#include <string_view>

namespace pysup::plan {

std::vector<std::string> package_markers(const std::vector<PublicWant>& files,
                                         const std::set<std::string>& exempt) {
  std::set<std::string> present;
  std::set<std::string> directories;
  for (const PublicWant& want : files) {
    const std::string text = want.file->relative;
    const std::string_view path = text;
    present.emplace(path);
    if (!path.ends_with(".py") && !path.ends_with(".so")) {
      continue;
    }
    for (auto slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      directories.emplace(path.substr(0, slash));
    }
  }
  std::vector<std::string> markers;
  for (const std::string& directory : directories) {
    std::string marker = directory + "/__init__.py";
    if (!exempt.contains(directory) && !present.contains(marker)) {
      markers.push_back(std::move(marker));
    }
  }
  return markers;
}

} // namespace pysup::plan
