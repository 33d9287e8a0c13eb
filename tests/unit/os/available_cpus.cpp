// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/available_cpus.hpp"

#include "child.hpp"

#include <sched.h>

namespace pysup::os {
namespace {

BOOST_AUTO_TEST_CASE(cpus_that_a_process_may_not_use_do_not_count) {
  cpu_set_t all;
  CPU_ZERO(&all);
  BOOST_REQUIRE_EQUAL(::sched_getaffinity(0, sizeof all, &all), 0);
  Child child([&all] {
    cpu_set_t some;
    CPU_ZERO(&some);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &all)) {
        continue;
      }
      CPU_SET(cpu, &some); // one more each time
      const auto allowed = static_cast<unsigned>(CPU_COUNT(&some));
      if (::sched_setaffinity(0, sizeof some, &some) != 0 || available_cpus() != allowed) {
        return 1;
      }
    }
    return 0;
  });
  BOOST_CHECK_EQUAL(child.wait(), 0);
}

} // namespace
} // namespace pysup::os
