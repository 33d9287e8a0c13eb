// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "module_stream.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace pysup::bench {

/// The streams of so many modules. A thousand are different; more would only fill memory.
class Streams {
 public:
  explicit Streams(std::size_t modules) : modules_(modules) {
    for (std::size_t seed = 0; seed < std::min<std::size_t>(modules, 1000); ++seed) {
      streams_.push_back(module_stream(seed));
    }
  }

  [[nodiscard]] std::size_t size() const { return modules_; }
  [[nodiscard]] const std::string& operator[](std::size_t number) const {
    return streams_[number % streams_.size()];
  }

 private:
  std::size_t modules_;
  std::vector<std::string> streams_;
};

} // namespace pysup::bench
