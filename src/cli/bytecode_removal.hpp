// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/root.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::cli {

/// Removes the bytecode of sources: of one version, or all of it.
///
/// Regular files and links go, by the exact names of the sources' own bytecode (bytecode_names),
/// and `__pycache__` where it is empty then. All is done by descriptors of directories, which are
/// opened without following a link: neither out of the root, nor one named `__pycache__`.
class BytecodeRemoval {
 public:
  BytecodeRemoval(const os::Root& root, std::optional<Version> only) : root_(root), only_(only) {}

  /// For SOURCES, absolute in the root. They need not be there.
  void of_sources(const std::vector<std::string>& sources);
  /// For the source PLACE, or for all sources below the directory PLACE; links to directories below
  /// it are not followed.
  void below(const std::string& place);

  [[nodiscard]] const std::vector<std::string>& removed() const { return removed_; }
  /// What could not be looked at or removed, a message each.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  void walk(const os::Fd& directory, const std::string& path);
  void clean(const os::Fd& directory, const std::string& path,
             const std::vector<std::string>& names);
  void clean_pycache(const os::Fd& directory, const std::string& path,
                     const std::vector<std::string>& names);
  void remove(const os::Fd& directory, const std::string& path, const std::string& name);
  void note_problem(const std::string& path, int code);

  const os::Root& root_;
  std::optional<Version> only_;
  std::vector<std::string> removed_;
  std::vector<std::string> problems_;
};

} // namespace pysup::cli
