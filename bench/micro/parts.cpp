// SPDX-License-Identifier: GPL-2.0-or-later
#include "parts.hpp"

#include <array>

namespace pysup::bench {

std::span<const Part> parts() {
  static constexpr std::array all = {
      Part{"read_private", read_private, stat_private_lines},
      Part{"read_public", read_public, stat_public_lines},
      Part{"want_private", want_private, sort_private_paths},
      Part{"want_public", want_public, sort_public_paths},
      Part{"plan_fresh", plan_fresh, number_rows},
      Part{"plan_stale", plan_stale, sort_bytecode_paths},
      Part{"normalize", normalize_streams, copy_streams_bytewise},
      Part{"state_first", state_first, sqlite_first},
      Part{"state_load", state_load, sqlite_load},
      Part{"state_change", state_change, sqlite_change},
  };
  return all;
}

} // namespace pysup::bench
