// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "os/error.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pysup::cli {

/// The command line of update-python-modules, as it was given.
struct Options {
  std::vector<std::string> references;
  bool verbose = false;
  bool quiet = false;
  bool bytecompile = false;
  bool install = false;
  bool clean = false;
  bool clean_all = false;
  bool rebuild_all = false;
  bool force_rebuild_all = false;
  bool post_install = false;
  bool dry_run = false;
  bool now = false;
  bool status = false;
  bool check = false;
  bool repair = false;
  bool json = false;
  std::optional<std::string> explain;
  std::optional<std::string> root;
  std::optional<unsigned> jobs;
  std::optional<std::set<std::uint8_t>> levels;
  std::optional<bytecode::InvalidationMode> mode;
};

/// Reads the command line. Prints help, the version, or what is wrong with it, and then gives the
/// status to exit with.
tl::expected<Options, int> parse_options(int argc, const char* const* argv);

} // namespace pysup::cli
