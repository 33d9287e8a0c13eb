// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/root.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::interpreter {

/// A /usr/bin/pythonX.Y that is there; whether dpkg calls its package installed is not asked here.
struct Candidate {
  Version version;
  std::string path;  ///< "/usr/bin/python3.13"
  os::FileInfo file; ///< of the program itself, links followed: changes when it is replaced
};

/// Every /usr/bin/pythonX.Y that is an executable regular file (or a link to one), sorted by
/// version. Names with more behind the minor version (python3.13-config, python3.13d) are none.
/// A dangling link is none. Errors: /usr/bin cannot be listed; a root without /usr/bin has none.
Result<std::vector<Candidate>> candidates(const os::Root& root);

/// What /usr/bin/pythonMAJOR is a link to, as X.Y; nullopt where there is no such link or it leads
/// to something else.
std::optional<Version> default_version(const os::Root& root, int major);

} // namespace pysup::interpreter
