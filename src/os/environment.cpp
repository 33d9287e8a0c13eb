// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/environment.hpp"

#include <cstdlib>

namespace pysup::os {

std::optional<std::string> process_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

} // namespace pysup::os
