// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <sys/types.h>
#include <sys/uio.h>

namespace pysup::os {

/// writev(2) of PIECES (at most IOV_MAX) to a pipe. Gives EPIPE where nobody reads it any more, and
/// no SIGPIPE, whatever this process does with that signal.
ssize_t write_to_pipe(int fd, std::span<const struct iovec> pieces);

} // namespace pysup::os
