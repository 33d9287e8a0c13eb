// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Which names are those of bytecode of a source: PEP 3147, PEP 488, and how it was before them.
namespace pysup::cli {

/// What the name of a file in `__pycache__` says.
struct CachedName {
  std::string_view stem; ///< "foo.bar" of "foo.bar.cpython-313.opt-1.pyc"
  std::string_view tag;  ///< "cpython-313"

  bool operator==(const CachedName&) const = default;
};

/// Parts NAME: STEM.TAG.pyc, STEM.TAG.opt-LEVEL.pyc, STEM.TAG.pyo. A tag has no dot, so a name is
/// that of one source only, and bytecode of foo.bar.py is not taken for that of foo.py. nullopt:
/// it is none of these.
std::optional<CachedName> parse_cached_name(std::string_view name);

/// The stem that bytecode of the source NAME has: "foo.bar" of "foo.bar.py". nullopt for what is
/// not named *.py, and for ".py", which cannot be imported and shares its name with "py.py".
std::optional<std::string_view> stem_of_source(std::string_view name);

/// The tag of VERSION of CPython: "cpython-313".
std::string tag_of(Version version);

/// Whether VERSION keeps bytecode beside its source (foo.pyc) and not in `__pycache__`.
bool is_before_pycache(Version version);

} // namespace pysup::cli
