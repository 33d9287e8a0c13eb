// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace pysup::state {

/// A path in the three parts it is stored in: "/usr/lib/x/__pycache__/", "mod", ".cpython-313.pyc".
/// First and last are the same for many files, and are stored once, together, as a place.
struct SplitPath {
  std::string_view folder; ///< to the last "/", with it
  std::string_view stem;   ///< to the first "." that is not the name's first character
  std::string_view ending; ///< the rest
};

inline SplitPath split_path(os::Text path) {
  const std::string_view name = path.name();
  const std::size_t dot = std::min(name.find('.', 1), name.size());
  return {path.folder(), name.substr(0, dot), name.substr(dot)};
}

/// The text under which a place is looked up; no path holds a NUL.
inline std::string place_key(std::string_view folder, std::string_view ending) {
  std::string key(folder);
  key += '\0';
  key += ending;
  return key;
}

} // namespace pysup::state
