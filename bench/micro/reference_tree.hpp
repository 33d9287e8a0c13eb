// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "scratch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pysup::bench {

enum class Lists : std::uint8_t { private_modules, public_modules };

/// A root with modules that exist, and the references that list them.
class ReferenceTree {
 public:
  ReferenceTree(std::size_t modules, Lists lists);

  [[nodiscard]] const ScratchRoot& root() const { return root_; }
  /// The references' names, sorted; they lie in /usr/share/python-support.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  ScratchRoot root_;
  std::vector<std::string> names_;
};

} // namespace pysup::bench
