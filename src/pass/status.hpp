// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysup::pass {

/// One interpreter and what it has. Counts are bytecode files, but for modules.
struct VersionStatus {
  Version version;
  std::string path;
  bool is_default = false;
  bool usable = true; ///< false: unpacked only, or it does not start; left as it is
  std::string cache_tag;
  std::uint32_t magic = 0;
  std::size_t modules = 0; ///< sources that are to have bytecode
  std::size_t fresh = 0;
  std::size_t stale = 0;      ///< or missing: the next pass makes them
  std::size_t failed = 0;     ///< did not compile when last tried
  std::uint64_t bytes = 0;    ///< of bytecode
  std::int64_t last_pass = 0; ///< seconds since the epoch; 0: never
  std::int64_t last_pass_msec = 0;
  std::string confinement; ///< which layers held around its last workers; "" : never started
};

struct Status {
  std::vector<VersionStatus> versions;
  std::size_t references = 0;
  bool unfinished = false; ///< the last pass crashed; the next one sees to it
  std::vector<std::string> warnings;
};

/// Reads the state and looks at every file's size and times. Changes nothing.
Result<Status> read_status(const os::Root& root, const Request& request);

} // namespace pysup::pass
