// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/text.hpp"
#include "reference/reference.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pysup::plan {

/// What decides between files that different references want at one place.
struct Content {
  std::string digest; ///< equal for equal bytes
  bool empty = false;

  bool operator==(const Content&) const = default;
};

/// By path of the source, for sources named by contested().
using Contents = std::map<os::Text, Content>;

/// A public file that a version gets, and from whom.
struct PublicWant {
  const reference::PublicFile* file = nullptr;
  const reference::Reference* by = nullptr;
};

/// Two references want different files at one place, or one wants a directory where the other
/// wants a file.
struct Conflict {
  Version version;
  std::string relative; ///< below /usr/lib/pymodules/pythonX.Y
  std::string winner;   ///< names of the references
  std::string loser;

  bool operator==(const Conflict&) const = default;
};

struct PublicWants {
  std::vector<PublicWant> files; ///< sorted by relative path, one for each
  std::vector<Conflict> conflicts;
};

/// The sources of files that more than one reference wants at the same place of VERSION: their
/// content decides whether that is a conflict.
std::vector<os::Text> contested(Version version, std::optional<Version> default_version,
                                const std::vector<reference::Reference>& references);

/// The public files of VERSION. REFERENCES are sorted by name. Of two references that want
/// different content at one place the alphabetically first wins; the same content is no conflict;
/// an empty __init__.py yields to one that is not empty.
PublicWants public_wants(Version version, std::optional<Version> default_version,
                         const std::vector<reference::Reference>& references,
                         const Contents& contents);

/// A private module that a version compiles in place.
struct PrivateWant {
  const reference::PrivateFile* file = nullptr;
  const reference::Reference* by = nullptr;
};

/// The private modules of VERSION: those pinned to it, and, where it is the default version, those
/// that are not pinned. Sorted by place, one for each place and level; the first reference counts
/// as the owner.
std::vector<PrivateWant> private_wants(Version version, std::optional<Version> default_version,
                                       const std::vector<reference::Reference>& references);

} // namespace pysup::plan
