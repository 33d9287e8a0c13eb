// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

namespace pysup::state {

enum class Missing : std::uint8_t { is_error, is_made };

/// Opens /var/lib/python-support of ROOT. The directory itself may not be a symbolic link, those
/// above it are followed inside the root. Errors: ENOENT where it is missing and not to be made;
/// it is a link or no directory. The link that python-support 1.0 had here, to /usr/lib/pymodules,
/// counts as missing and gives way to the directory.
Result<os::Fd> open_state_directory(const os::Root& root, Missing missing);

} // namespace pysup::state
