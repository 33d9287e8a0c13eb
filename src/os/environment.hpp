// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace pysup::os {

/// Reads a variable of the environment; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// This process's own environment.
std::optional<std::string> process_environment(const char* name);

} // namespace pysup::os
