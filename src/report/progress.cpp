// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/progress.hpp"

#include "report/text.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <string>

namespace pysup::report {

namespace {

using namespace std::chrono_literals;

constexpr auto before_first = 500ms; ///< shorter passes need no bar
constexpr auto between = 100ms;      ///< faster than that nobody reads
constexpr std::size_t width = 30;    ///< characters

} // namespace

Progress::Progress(bool verbose, bool bar) : verbose_(verbose), bar_(bar && !verbose) {}

Progress::~Progress() {
  clear();
}

void Progress::waiting_for(const std::string& holder) {
  clear();
  fmt::print(stderr, "waiting for {}\n", printable(holder));
}

void Progress::action(const pass::PlannedAction& action) {
  if (verbose_) {
    fmt::print("{}\n", line(action));
  }
}

void Progress::progress(Version version, std::size_t done, std::size_t total) {
  const auto now = Clock::now();
  if (!bar_ || now - begun_ < before_first || (shown_ && now - drawn_ < between)) {
    return;
  }
  const std::size_t filled = total == 0 ? width : width * done / total;
  fmt::print(stderr, "\r{}: [{:=<{}}{: <{}}] {}/{}", version.name(), "", filled, "", width - filled,
             done, total);
  std::fflush(stderr);
  shown_ = true;
  drawn_ = now;
}

void Progress::clear() {
  if (shown_) {
    std::fputs("\r\x1b[K", stderr); // ECMA-48 EL: erase to the end of the line
    std::fflush(stderr);
    shown_ = false;
  }
}

} // namespace pysup::report
