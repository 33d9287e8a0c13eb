// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/environment.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

namespace pysup::os {
namespace {

BOOST_AUTO_TEST_CASE(a_variable_that_is_empty_is_set_all_the_same) {
  constexpr const char* name = "PYSUP_UNIT_TEST_VARIABLE";
  BOOST_REQUIRE_EQUAL(::setenv(name, "a=b", 1), 0);
  BOOST_CHECK_EQUAL(process_environment(name).value_or("not set"), "a=b");
  BOOST_REQUIRE_EQUAL(::setenv(name, "", 1), 0);
  BOOST_CHECK_EQUAL(process_environment(name).value_or("not set"), "");
  BOOST_REQUIRE_EQUAL(::unsetenv(name), 0);
  BOOST_CHECK(!process_environment(name));
}

} // namespace
} // namespace pysup::os
