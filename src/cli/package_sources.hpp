// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysup::cli {

/// The Python sources of PACKAGE ("NAME", all of its architectures, or "NAME:ARCHITECTURE") as they
/// are on disk: what another package or the administrator diverts is under the name it is diverted
/// to. Sorted, no doubles.
///
/// Reads that one file list and the diversions (dpkg-query(1), "Files") from dpkg's directory
/// ADMINDIR, because libdpkg would read the whole status file first, which takes longer than all
/// the rest of a removal. Errors: there is no such package, or the files cannot be read.
Result<std::vector<std::string>> package_sources(const std::string& admindir,
                                                 std::string_view package);

} // namespace pysup::cli
