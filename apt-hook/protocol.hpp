// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysup::apt_hook {

/// What APT is going to do with a package, as the last field of its line says.
enum class Operation : std::uint8_t {
  unpack,    ///< a file name: install, upgrade, downgrade, reinstall
  configure, ///< **CONFIGURE**
  remove,    ///< **REMOVE**: remove or purge, also of a package that is removed already
  error,     ///< **ERROR**: a file that could not be fetched
};

/// A package line. Versions are "" where the stream says "-".
struct PackageLine {
  std::string name; ///< without architecture
  std::string old_version;
  std::string old_architecture;
  std::string new_version;
  std::string new_architecture;
  Operation operation = Operation::unpack;
  std::string file; ///< of Operation::unpack

  bool operator==(const PackageLine&) const = default;
};

/// What APT tells a hook of DPkg::Pre-Install-Pkgs in version 3 of its protocol (apt.conf(5)).
struct Plan {
  /// Every key and value, unquoted, in the order of the stream; a list has its key, which ends with
  /// "::", once for each element.
  std::vector<std::pair<std::string, std::string>> configuration;
  std::vector<PackageLine> packages;
  std::size_t bad_lines = 0; ///< lines that were damaged or not whole, and were passed over
  bool complete = false;     ///< the stream had its configuration's end and a newline at its end

  /// The last value of KEY, whose letters' case does not matter, or FALLBACK.
  [[nodiscard]] std::string value(std::string_view key, std::string_view fallback = "") const;
  /// All values of the list KEY, "Dpkg::Options::", in their order. As for APT, an element may have
  /// a name of its own: "Dpkg::Options::log".
  [[nodiscard]] std::vector<std::string> values(std::string_view key) const;
};

/// Reads a stream. Errors: it does not begin with "VERSION 3". A stream that was cut counts as far
/// as its last whole line: half a file name is the name of another file.
Result<Plan> parse_plan(std::string_view stream);

/// More than any transaction has: 50,000 packages are some 10 MiB.
inline constexpr std::size_t most_bytes_of_plan = std::size_t{64} << 20;

/// Reads FD to its end, or to MOST_BYTES, and parses that; with MOST_BYTES the plan is not
/// complete. Waits where FD does not. Errors: also what read(2) and poll(2) say.
Result<Plan> read_plan(int fd, std::size_t most_bytes = most_bytes_of_plan);

} // namespace pysup::apt_hook
