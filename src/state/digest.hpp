// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pysup::state {

/// XXH3-128 of some bytes. Finds change and damage; not meant to withstand an attacker, who could
/// only make his own bytecode look fresh.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Digest&) const = default;
  [[nodiscard]] bool empty() const { return high == 0 && low == 0; }
};

Digest digest_of(std::string_view bytes);

} // namespace pysup::state
