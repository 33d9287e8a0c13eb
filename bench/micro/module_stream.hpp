// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace pysup::bench {

/// The marshalled code of a made-up module, as python3.11 to python3.13 write it: about 8 KB,
/// made up of functions and classes whose parts are as many and as long as those of the standard
/// library are on average. The same bytes for a SEED everywhere. It loads, but means nothing.
std::string module_stream(std::size_t seed);

} // namespace pysup::bench
