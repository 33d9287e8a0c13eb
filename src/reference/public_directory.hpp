// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"

#include <optional>
#include <string_view>

namespace pysup::reference {

/// A directory of sys.path that Debian's packages share.
struct PublicDirectory {
  std::optional<Version> only; ///< the version in its name; without one it is for all of Python 3
};

/// The public directory that PATH is in, by the rule of debpython's PUBLIC_DIR_RE:
/// ".*?/usr/lib/python(X|X.Y)/(site|dist)-packages", for Python 3. nullopt: in none.
std::optional<PublicDirectory> public_directory(std::string_view path);

} // namespace pysup::reference
