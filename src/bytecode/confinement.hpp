// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace pysup::bytecode {

/// Which layers of confinement held around a worker. Each may be missing: an ordinary user cannot
/// change its uid, a kernel may lack Landlock, an emulator seccomp.
struct Confinement {
  bool unprivileged_user = false;
  bool no_new_privileges = false;
  bool landlock = false;
  bool seccomp = false;
  bool limits = false;

  bool operator==(const Confinement&) const = default;
};

/// What held around both.
Confinement operator&(const Confinement& a, const Confinement& b);

/// "user, no-new-privs, landlock, seccomp, limits", or "none".
std::string to_text(const Confinement& confinement);

} // namespace pysup::bytecode
