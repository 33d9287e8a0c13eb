// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/environment.hpp"
#include "os/root.hpp"

#include <string>

/// What dpkg tells the programs that maintainer scripts run, by their environment (dpkg(1)).
namespace pysup::cli {

/// The package whose maintainer script this is; "" outside of one.
std::string calling_package(const os::Environment& environment);

/// dpkg's directory, as a path of the host: what DPKG_ADMINDIR names, else that of ROOT.
std::string dpkg_directory(const os::Root& root, const os::Environment& environment);

/// ARGUMENT, a path as its caller means it, as a path inside ROOT. A relative one is below
/// DIRECTORY, the working directory. Scripts that run outside of the root that dpkg acts on write
/// "$DPKG_ROOT/usr/..." as well as "/usr/..."; both are the same here. Links are not looked at, and
/// a slash at the end stays.
std::string place_in_root(const os::Root& root, const os::Environment& environment,
                          const std::string& directory, const std::string& argument);

/// The working directory; "/" where it is gone.
std::string working_directory();

} // namespace pysup::cli
