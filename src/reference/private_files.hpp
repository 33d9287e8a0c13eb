// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/stats.hpp"
#include "reference/list_file.hpp"
#include "reference/problem_log.hpp"
#include "reference/reference.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::reference {

/// Collects the private modules that the paths of one reference stand for.
///
/// Both a path as it is listed and what its directory is without links must be for private modules
/// (see private_place.hpp): a package's link must not make us write elsewhere. Whatever cannot be
/// used is a Problem.
class PrivateFiles {
 public:
  PrivateFiles(os::Stats& stats, ProblemLog& problems) : stats_(stats), problems_(problems) {}

  /// Adds a `.py` file, or every `.py` file below a directory. Links to directories are not
  /// followed below it; a link to a regular file is a module in the place of the link.
  void add(const ListedPath& listed, std::optional<Version> version);

  /// What was added, sorted by path. Where two paths are one place, the first that was added
  /// counts.
  std::vector<PrivateFile> take();

 private:
  /// Whether PATH is a module in the directory of the last one that was added, about which all has
  /// been asked that does not depend on the name.
  bool is_beside_last(os::Text path);
  void add_file(const ListedPath& listed, std::optional<Version> version);
  void add_directory(const ListedPath& listed, std::optional<Version> version);
  [[nodiscard]] std::optional<std::string> place_of(std::string_view path, std::string_view tail,
                                                    std::size_t line);
  [[nodiscard]] bool is_module(os::Text path, os::FileType type, std::size_t line);

  os::Stats& stats_;
  ProblemLog& problems_;
  std::vector<PrivateFile> files_;
  const char* last_folder_ = nullptr; ///< null where it is elsewhere without links
};

} // namespace pysup::reference
