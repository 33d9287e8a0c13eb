// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/root.hpp"

#include <string>

namespace pysup::pass {

/// Above the trees of all versions.
inline constexpr const char* trees = "/usr/lib/pymodules";

/// "/usr/lib/pymodules/python3.13": the name by which modules know themselves.
std::string tree_name(Version version);

/// Where the interpreter looks for .pth files (Debian's site.py): a plain path line there needs no
/// `import` line, which PEP 829 takes away, and names the tree of this version only.
std::string path_file_name(Version version);

/// PATH without links. Components at its end that do not exist yet stay as they are.
Result<std::string> place_of(const os::Root& root, const std::string& path);

/// Whether a link with this text was made by a pass: it leads to where modules for links lie.
bool is_module_source(std::string_view link_text);

} // namespace pysup::pass
