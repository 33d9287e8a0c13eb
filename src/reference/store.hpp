// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/reference.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// A reference's name and kind, not yet read.
struct Listed {
  std::string name;
  Kind kind = Kind::public_list;

  bool operator==(const Listed&) const = default;
};

/// The references in /usr/share/python-support, sorted by name; links to files and directories
/// count as what they lead to. What is none (a directory named X.public, the directory "private",
/// unknown kinds of file, dangling links) becomes a Problem, but for the files that dpkg has there
/// while it unpacks a package. A missing directory is an empty list. Errors: the directory cannot
/// be read.
Result<std::vector<Listed>> list(const os::Root& root, std::vector<Problem>& problems);

/// The kind that a name stands for ("x.public", "x.private", "x.dirs", otherwise a tree);
/// nullopt for names that are no reference ("private", "x/y", "", "..", ".hidden", with a NUL).
std::optional<Kind> kind_of(std::string_view name);

/// Turns an argument, a name or an absolute path in the references' directory, into a name. Whether
/// the reference exists is not asked. Errors: a path elsewhere, or no name of a reference.
Result<std::string> name_from_argument(std::string_view argument);

/// Reads one reference and walks the directories it names. Bad lines become Problems, the rest is
/// kept. Errors: the reference itself cannot be read (missing, torn by a disk error, larger than
/// 64 MiB), or it does not say for which versions it is; the caller then keeps what it had
/// installed.
Result<Reference> load(os::Stats& stats, const Listed& listed, std::vector<Problem>& problems);

} // namespace pysup::reference
