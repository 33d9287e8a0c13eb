// SPDX-License-Identifier: GPL-2.0-or-later
//
// What APT said: streams/README.md tells what it had been asked for.
#pragma once

#include "apt_hook/protocol.hpp"
#include "why.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

namespace pysup::apt_hook {

inline constexpr std::array releases{"bookworm", "trixie", "sid"};

inline std::string recorded(const std::string& release, const std::string& name) {
  const std::string path = std::string(PYSUP_STREAMS) + "/" + release + "/" + name;
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, path << " cannot be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::ostream& operator<<(std::ostream& out, const PackageLine& one) {
  return out << one.name << " [" << one.old_version << ' ' << one.old_architecture << "] ["
             << one.new_version << ' ' << one.new_architecture << "] "
             << static_cast<int>(one.operation) << ' ' << one.file;
}

} // namespace pysup::apt_hook
