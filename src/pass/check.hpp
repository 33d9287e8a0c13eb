// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "pass/fitness.hpp"
#include "pass/outcome.hpp"
#include "pass/request.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysup::pass {

/// A file that is not as it should be.
struct Finding {
  Defect defect = Defect::missing;
  Version version;
  std::string path;
  std::string detail;

  bool operator==(const Finding&) const = default;
};

std::string_view to_text(Defect defect);

struct CheckReport {
  std::vector<Finding> findings; ///< what is wrong; after a repair, what still is
  std::vector<Finding> repaired;
  std::size_t checked = 0; ///< links and bytecode files looked at
  std::vector<std::string> warnings;
  std::vector<Failure> failures; ///< of the repair
  std::optional<Error> fatal;

  [[nodiscard]] int exit_status() const { return fatal ? 3 : findings.empty() ? 0 : 1; }
};

/// Reads every link and bytecode file that passes made, and every interpreter's standard library,
/// and compares them with their sources. With REPAIR, makes again what it can.
CheckReport check(const os::Root& root, const Request& request, bool repair, Observer& observer);

} // namespace pysup::pass
