// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dpkg/database.hpp"
#include "os/root.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::pass {

/// The dpkg database of a root. libdpkg reads one database a process and once, so there is one
/// object of this, made with the lock held by whoever is going to change something.
class Packages {
 public:
  explicit Packages(const os::Root& root) : root_(root) {}

  /// Opens it at the first call. Null without one, when nobody can be told to be installed: a word
  /// in WARNINGS then, once.
  dpkg::Database* open(std::vector<std::string>& warnings);
  /// What open() gave.
  [[nodiscard]] dpkg::Database* database() { return database_ ? &*database_ : nullptr; }

 private:
  const os::Root& root_;
  bool opened_ = false;
  std::optional<dpkg::Database> database_;
};

} // namespace pysup::pass
