// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference_tree.hpp"

#include "modules.hpp"

#include <algorithm>

namespace pysup::bench {

ReferenceTree::ReferenceTree(std::size_t modules, Lists lists) {
  const bool is_public = lists == Lists::public_modules;
  const std::string directory = "/usr/share/python-support/";
  root_.directory(directory);
  for (std::size_t first = 0; first < modules; first += modules_per_reference) {
    std::string text = is_public ? "pyversions=3.9-\n" : "pyversion=3.11\n";
    const std::size_t end = std::min(first + modules_per_reference, modules);
    for (std::size_t number = first; number < end; ++number) {
      const std::string path = is_public ? public_path(number) : private_path(number);
      if (number % modules_per_directory == 0) {
        root_.directory(path.substr(0, path.rfind('/')));
      }
      root_.file(path, "");
      text += path + '\n';
    }
    names_.push_back(package_of(first) + (is_public ? ".public" : ".private"));
    root_.file(directory + names_.back(), text);
  }
}

} // namespace pysup::bench
