// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/fd.hpp"

#include <optional>

namespace pysup::os {

/// openat2(2) with RESOLVE_IN_ROOT: links and ".." stay below ROOT. nullopt where the kernel, an
/// emulator or a seccomp filter does not offer the call; an invalid Fd (errno set) where it fails.
std::optional<Fd> openat2_in_root(int root, const char* relative, int flags);

/// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: any link on the way is ELOOP.
std::optional<Fd> openat2_without_links(int root, const char* relative, int flags);

/// Pretends that the call is missing, so that tests reach the code for systems without it.
void disable_openat2_for_tests(bool disabled);

} // namespace pysup::os
