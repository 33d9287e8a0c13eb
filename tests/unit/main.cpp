// SPDX-License-Identifier: GPL-2.0-or-later
#define BOOST_TEST_MODULE python_support // NOLINT(readability-identifier-naming)
#include <boost/test/unit_test.hpp>
