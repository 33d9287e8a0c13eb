// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "call/excludes.hpp"
#include "interpreter/version.hpp"

#include <vector>

namespace pysup::cli {

/// Compiles, with no pass around it, the sources that CALL's places stand for: a file named *.py
/// itself, a directory all files so named below it but those that EXCLUDES match. For each of
/// VERSIONS, without what /usr/share/python3/bcep says and, but for `force`, without what is fresh.
/// Messages go to standard error, with VERBOSE what is compiled too.
///
/// Paths are the caller's, in the root "/". Gives whether all went well.
bool compile_places(const call::Call& call, call::Excludes excludes,
                    const std::vector<Version>& versions, bool verbose);

} // namespace pysup::cli
