// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/served.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pysup::pass {

/// What lies in the trees besides what the state knows.
struct Orphans {
  using Found = std::vector<std::pair<std::string, Version>>;

  Found links;      ///< to where modules lie
  Found markers;    ///< empty __init__.py files, with nothing of others beside or below
  Found bytecode;   ///< without a source
  Found path_files; ///< .path, in which version 1.0 collected .pth files
  std::vector<std::string> strangers; ///< what no version of this program makes
};

/// Finds bytecode that no record knows and that belongs to sources which are gone, by its exact
/// name: "foo.cpython-313.opt-1.pyc" belongs to foo.py, "foo.bar.cpython-313.pyc" does not.
class Leftovers {
 public:
  using Found = Orphans::Found;

  Leftovers(const os::Root& root, const Interpreters& interpreters)
      : root_(root), interpreters_(interpreters) {}

  /// The source (or link) PATH of VERSION goes.
  void note_source(const std::string& path, Version version);
  /// The source of the bytecode file PATH is gone.
  void note_bytecode(const std::string& path, Version version);

  /// Bytecode files of the sources noted since the last call.
  Found bytecode();

  /// In the trees of all versions but those left alone.
  [[nodiscard]] Orphans orphans() const;

 private:
  /// Returns whether something of others is in DIRECTORY.
  bool walk(const std::string& directory, Version version, int depth, Orphans& found) const;
  [[nodiscard]] bool is_link_to_module(const std::string& path) const;
  [[nodiscard]] bool is_empty(const std::string& path) const;
  [[nodiscard]] bool may_have_source(const std::string& directory, std::string_view stem,
                                     bool cached) const;

  const os::Root& root_;
  const Interpreters& interpreters_;
  std::map<std::pair<std::string, Version>, std::set<std::string>> stems_; ///< by directory
};

/// The stem of the source that a bytecode file's NAME belongs to: "foo.bar" for
/// "foo.bar.cpython-313.opt-2.pyc" (CACHED: in __pycache__) and "foo" for "foo.pyo" (beside the
/// source, Python 2); "" where it is no bytecode file's name.
std::string_view stem_of_bytecode(std::string_view name, bool cached);

} // namespace pysup::pass
