// SPDX-License-Identifier: GPL-2.0-or-later
//
// The versions that most tests are about.
#pragma once

#include "interpreter/version.hpp"

namespace pysup {

inline constexpr Version v27{2, 7};
inline constexpr Version v36{3, 6};
inline constexpr Version v39{3, 9};
inline constexpr Version v311{3, 11};
inline constexpr Version v313{3, 13};
inline constexpr Version v314{3, 14};
inline constexpr Version v315{3, 15};

} // namespace pysup
