// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pysup::bench {

/// Knuth's linear congruential generator: the same numbers for a seed, whatever the library.
class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed) : state_(seed) { next(); }

  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ ^ (state_ >> 29U); // the low bits alone would repeat soon
  }
  /// From 0 to LIMIT - 1, which fits 32 bits.
  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(next() >> 32U) % limit;
  }

 private:
  std::uint64_t state_;
};

} // namespace pysup::bench
