// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/text.hpp"
#include "reference/version_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// Where references lie, and the only place they are read from.
inline constexpr const char* directory = "/usr/share/python-support";

enum class Kind : std::uint8_t {
  public_list,  ///< PKG.public
  private_list, ///< PKG.private
  dirs,         ///< PKG.dirs, legacy: private modules by directory
  tree,         ///< PKG/, legacy: a module hierarchy of public modules
  calls,        ///< no file: what a package of today's Debian calls py3compile for
};

/// "public", "private", "dirs", "tree", "py3compile".
std::string_view to_text(Kind kind);

/// Public kinds are linked into /usr/lib/pymodules, the others compiled in place.
inline bool is_public(Kind kind) {
  return kind == Kind::public_list || kind == Kind::tree;
}

/// Something in a reference that cannot be used; the rest of the reference still counts.
struct Problem {
  std::string reference; ///< its name, "foo.public"
  std::size_t line = 0;  ///< from 1; 0 where it concerns the whole
  std::string message;   ///< the cause, and what happens now ("..., skipped")

  bool operator==(const Problem&) const = default;
};

/// One public file that a reference asks for.
struct PublicFile {
  os::Text relative; ///< below /usr/lib/pymodules/pythonX.Y: "foo/__init__.py"
  os::Text source;   ///< what the link points to; exists inside the root
  std::optional<Version>
      only; ///< set for files of one version (extensions); must also be in the SET

  bool operator==(const PublicFile&) const = default;
};

/// One private module.
struct PrivateFile {
  os::Text path;                  ///< as the reference names it; recorded in the code object
  os::Text place;                 ///< the same file with its directory's links resolved: bytecode
                                  ///< is written beside it
  std::optional<Version> version; ///< pinned; without one the default version compiles it
  /// The optimization level of Kind::calls, instead of those in use.
  std::optional<std::uint8_t> level{};

  bool operator==(const PrivateFile&) const = default;
};

/// A directory that a client's `.pth` file puts on sys.path.
struct PathLine {
  std::string text;            ///< absolute, or relative to /usr/lib/pymodules/pythonX.Y
  std::optional<Version> only; ///< set where the `.pth` file is for one version

  bool operator==(const PathLine&) const = default;
};

/// What one reference asks for, with its directories already walked.
struct Reference {
  std::string name; ///< "foo.public", "foo.private", "foo.dirs", "foo" (tree)
  Kind kind = Kind::public_list;
  VersionSet versions;                    ///< of a public kind
  std::vector<PublicFile> public_files;   ///< sorted by (relative, only), no doubles
  std::vector<PrivateFile> private_files; ///< sorted by path, no two with one place
  std::vector<std::string> noinit;        ///< relative directories that hold a `.noinit`, sorted;
                                          ///< "" for the top
  std::vector<PathLine> path_lines; ///< of top-level `.pth` files, by file and line, no doubles

  bool operator==(const Reference&) const = default;
};

} // namespace pysup::reference
