// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/maintainer_script.hpp"

#include <filesystem>

namespace pysup::cli {

std::string calling_package(const os::Environment& environment) {
  return environment("DPKG_MAINTSCRIPT_PACKAGE").value_or("");
}

std::string dpkg_directory(const os::Root& root, const os::Environment& environment) {
  if (auto named = environment("DPKG_ADMINDIR"); named && !named->empty()) {
    return *named;
  }
  const std::string usual = "/var/lib/dpkg";
  return root.host_path(root.canonical(usual).value_or(usual));
}

std::string place_in_root(const os::Root& root, const os::Environment& environment,
                          const std::string& directory, const std::string& argument) {
  namespace fs = std::filesystem;
  std::string place = (fs::path(directory) / argument).lexically_normal().string();
  for (std::string top : {environment("DPKG_ROOT").value_or(""), root.dir()}) {
    while (top.ends_with('/')) {
      top.pop_back();
    }
    const bool whole = place.size() == top.size() || place.substr(0, top.size() + 1).ends_with('/');
    if (!root.is_host() && !top.empty() && place.starts_with(top) && whole) {
      place.erase(0, top.size());
      break;
    }
  }
  return place.starts_with('/') ? place : '/' + place;
}

std::string working_directory() {
  std::error_code error;
  const auto directory = std::filesystem::current_path(error);
  return error ? "/" : directory.string();
}

} // namespace pysup::cli
