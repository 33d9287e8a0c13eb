// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/confinement.hpp"

#include <string_view>

namespace pysup::bytecode {

Confinement operator&(const Confinement& a, const Confinement& b) {
  return {.unprivileged_user = a.unprivileged_user && b.unprivileged_user,
          .no_new_privileges = a.no_new_privileges && b.no_new_privileges,
          .landlock = a.landlock && b.landlock,
          .seccomp = a.seccomp && b.seccomp,
          .limits = a.limits && b.limits};
}

std::string to_text(const Confinement& confinement) {
  std::string text;
  const auto add = [&](bool held, std::string_view name) {
    if (held) {
      text += text.empty() ? "" : ", ";
      text += name;
    }
  };
  add(confinement.unprivileged_user, "user");
  add(confinement.no_new_privileges, "no-new-privs");
  add(confinement.landlock, "landlock");
  add(confinement.seccomp, "seccomp");
  add(confinement.limits, "limits");
  return text.empty() ? "none" : text;
}

} // namespace pysup::bytecode
