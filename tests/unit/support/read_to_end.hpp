// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/fd.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <unistd.h>

namespace pysup::test {

/// What comes through FD until its other end is closed. FD may be one that does not wait.
inline std::string read_to_end(const os::Fd& fd) {
  std::string text;
  std::array<char, 65536> bytes{};
  for (;;) {
    const ssize_t got = ::read(fd.get(), bytes.data(), bytes.size());
    if (got > 0) {
      text.append(bytes.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EAGAIN) {
      return text;
    } else {
      ::usleep(1000);
    }
  }
}

} // namespace pysup::test
