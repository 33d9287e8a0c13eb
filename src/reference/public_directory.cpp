// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/public_directory.hpp"

namespace pysup::reference {

std::optional<PublicDirectory> public_directory(std::string_view path) {
  constexpr std::string_view above = "/usr/lib/python";
  for (auto at = path.find(above); at != path.npos; at = path.find(above, at + 1)) {
    const std::string_view rest = path.substr(at + above.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    const std::string_view below = rest.substr(name.size());
    if (!below.starts_with("/dist-packages") && !below.starts_with("/site-packages")) {
      continue;
    }
    if (name == "3") {
      return PublicDirectory{};
    }
    if (const auto version = parse_version(name); version && version->major == 3) {
      return PublicDirectory{version};
    }
  }
  return std::nullopt;
}

} // namespace pysup::reference
