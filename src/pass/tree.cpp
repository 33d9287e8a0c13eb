// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace pysup::pass {

std::string tree_name(Version version) {
  return std::string(trees) + '/' + version.name();
}

std::string path_file_name(Version version) {
  return "/usr/lib/" + version.name() + "/dist-packages/python-support.pth";
}

Result<std::string> place_of(const os::Root& root, const std::string& path) {
  auto place = root.canonical(path);
  const std::string name(os::name_of(path));
  const bool leads_up = name == ".."; // out of a directory that is not there: nowhere
  if (place || place.error().code != ENOENT || path == "/" || leads_up) {
    return place;
  }
  auto parent = place_of(root, std::string(os::parent_of(path)));
  if (!parent) {
    return parent;
  }
  const std::string above = (*parent == "/" ? "" : *parent) + '/';
  if (const auto text = root.read_link(above + name)) { // to where nothing is yet
    return place_of(root, text->starts_with('/') ? *text : above + *text);
  }
  return above + name;
}

bool is_module_source(std::string_view link_text) {
  constexpr std::array<std::string_view, 4> places = {"/usr/share/pyshared/", "/usr/lib/pyshared/",
                                                      "/usr/share/python-support/",
                                                      "/usr/lib/python-support/"};
  return std::any_of(places.begin(), places.end(),
                     [&](std::string_view place) { return link_text.starts_with(place); });
}

} // namespace pysup::pass
