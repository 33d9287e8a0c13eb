// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/openat2.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::os {

/// Turns openat2(2) off for as long as it lives.
class Openat2Switch {
 public:
  explicit Openat2Switch(bool off) { disable_openat2_for_tests(off); }
  Openat2Switch(const Openat2Switch&) = delete;
  Openat2Switch& operator=(const Openat2Switch&) = delete;
  ~Openat2Switch() { disable_openat2_for_tests(false); }
};

/// Runs BODY twice: as a modern kernel has it, and as systems without openat2(2) do.
template <typename Body>
void both_ways(Body body) {
  for (const bool off : {false, true}) {
    BOOST_TEST_CONTEXT((off ? "without openat2" : "with openat2")) {
      const Openat2Switch guard(off);
      body();
    }
  }
}

} // namespace pysup::os
