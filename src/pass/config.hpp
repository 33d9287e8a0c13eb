// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "os/environment.hpp"
#include "os/root.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// When bytecode is made.
enum class CompileWhen : std::uint8_t {
  now,
  later, ///< not in maintainer scripts, triggers and hooks; only when somebody asks by hand
  never,
};

/// What an administrator set: /etc/python-support.conf of the root, overridden by the environment,
/// overridden by options of the command.
struct Config {
  CompileWhen compile = CompileWhen::now;
  unsigned jobs = 0;                              ///< worker processes; 0: as many as CPUs
  std::chrono::milliseconds limit{120'000};       ///< longest time for one file; 0: none
  std::optional<std::set<std::uint8_t>> levels;   ///< optimization; not set: as before, else 0
  std::optional<bytecode::InvalidationMode> mode; ///< not set: see default_mode() in bytecode/
};

/// More workers than any machine has use for.
inline constexpr unsigned most_jobs = 1024;

inline constexpr const char* config_path = "/etc/python-support.conf";

/// The directory that DPKG_ROOT names (dpkg(1), "--force-script-chrootless"), else "/".
std::string root_directory(const os::Environment& environment);

/// The configuration of ROOT. A file that is missing is as an empty one. What cannot be understood
/// is reported in WARNINGS, naming file or variable, and does not count.
Config load_config(const os::Root& root, const os::Environment& environment,
                   std::vector<std::string>& warnings);

/// Reads a number of workers, from 1 to most_jobs; nullopt for anything else.
std::optional<unsigned> parse_jobs(std::string_view text);

/// Reads a comma list of 0, 1 and 2.
Result<std::set<std::uint8_t>> parse_levels(std::string_view text);

} // namespace pysup::pass
