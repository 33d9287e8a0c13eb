// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/private_place.hpp"

#include "reference/reference.hpp"

#include <algorithm>
#include <array>

namespace pysup::reference {

namespace {

bool is_below(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path.starts_with(above) && path[above.size()] == '/';
}

} // namespace

bool is_private_place(std::string_view path) {
  constexpr std::array<std::string_view, 2> allowed = {"/usr", "/opt"};
  constexpr std::array<std::string_view, 5> refused = {
      "/usr/local", "/usr/lib/pymodules", "/usr/share/pyshared", "/usr/lib/pyshared", directory};
  return std::any_of(allowed.begin(), allowed.end(),
                     [path](std::string_view tree) { return is_below(path, tree); }) &&
         std::none_of(refused.begin(), refused.end(), [path](std::string_view tree) {
           return path == tree || is_below(path, tree);
         });
}

} // namespace pysup::reference
