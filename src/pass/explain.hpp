// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/request.hpp"

#include <string>
#include <vector>

namespace pysup::pass {

/// Why a file is or is not there.
struct Explanation {
  bool known = false;             ///< anything at all is known of the path
  std::vector<std::string> lines; ///< for people, one fact a line
};

/// Explains PATH: a reference (its name will do), a source, a link, or a bytecode file. Says which
/// reference wants it and whose that is, for which versions, how its bytecode stands, and the last
/// error. Errors: the state or the references cannot be read.
Result<Explanation> explain(const os::Root& root, const Request& request, const std::string& path);

} // namespace pysup::pass
