// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"

#include <string>

namespace pysup::cli {

/// Whether dpkg, whose directory is ADMINDIR, knows of a package that is interested in our trigger
/// (deb-triggers(5)). It drops activations of one that nobody is interested in without a word.
bool has_interest_in_trigger(const std::string& admindir);

/// Runs dpkg-trigger(1) for our trigger. By whom, and in which root, it sees in the environment,
/// which is this process's own. PROGRAM is for tests. Errors: it does not start or fails; its own
/// words are in the message.
Result<void> activate_trigger(const std::string& program = "/usr/bin/dpkg-trigger");

} // namespace pysup::cli
