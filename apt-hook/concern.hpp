// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "apt_hook/note.hpp"
#include "apt_hook/protocol.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pysup::apt_hook {

/// Whether a package of that name may bring or take an interpreter, or the default version:
/// "python3.14-minimal", "libpython3.14-stdlib", "python3-minimal", "python2.7".
bool may_be_interpreter(std::string_view package);

/// Whether the administrator wants no hook in this transaction: python-support::Hook "false".
bool is_switched_off(const Plan& plan);

/// Whether to tell what is done: Debug::python-support "1".
bool wants_trace(const Plan& plan);

/// The directory that dpkg acts on, as this process sees it: what --root or --instdir in
/// DPkg::Options says, else "/". For RootDir and DPkg::Chroot-Directory APT has done chroot(2)
/// before it runs the hook, but the status file in PLAN is named from outside. nullopt where APT
/// reads the status of another system than dpkg acts on ("-o Dir=/t" alone): then nobody can say
/// what this transaction is about.
std::optional<std::string> target_root(const Plan& plan);

/// What of PLAN concerns this package, as a note for the end of the transaction. A package that
/// goes counts only where HAS_PRIVATE_MODULES, because there is nothing to clean for others.
Note note_of(const Plan& plan, const std::string& root, bool has_private_modules);

} // namespace pysup::apt_hook
