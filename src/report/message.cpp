// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/message.hpp"

#include "report/text.hpp"

#include <cstdio>
#include <fmt/format.h>

namespace pysup::report {

void warn(std::string_view message) {
  const std::string text = printable(message, true) + '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void warn_as(std::string_view program, std::string_view message) {
  warn(fmt::format("{}: {}", program, message));
}

} // namespace pysup::report
