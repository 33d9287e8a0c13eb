// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/outcome.hpp"

#include <chrono>

namespace pysup::report {

/// Shows a pass as it goes: each action with VERBOSE, and on a terminal a bar for a pass that takes
/// longer than half a second. A log gets neither, only the line at the end.
class Progress : public pass::Observer {
 public:
  Progress(bool verbose, bool bar);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void waiting_for(const std::string& holder) override;
  void action(const pass::PlannedAction& action) override;
  void progress(Version version, std::size_t done, std::size_t total) override;

  /// Removes the bar, so that lines can follow.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool verbose_;
  bool bar_;
  bool shown_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point drawn_;
};

} // namespace pysup::report
