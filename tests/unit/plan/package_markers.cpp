// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/package_markers.hpp"

#include "asking.hpp"

namespace pysup::plan {
namespace {

std::vector<std::string> markers(std::initializer_list<const char*> relatives,
                                 const std::set<std::string>& exempt = {}) {
  const std::vector<reference::Reference> references = {asks("a", relatives)};
  return package_markers(public_wants(v27, v27, references, {}).files, exempt);
}

BOOST_AUTO_TEST_CASE(every_directory_that_holds_or_leads_to_a_module_gets_one) {
  check_lines(markers({"a/b/c.py", "d/e.so", "f.py"}),
              {"a/__init__.py", "a/b/__init__.py", "d/__init__.py"});
}

BOOST_AUTO_TEST_CASE(the_top_gets_none) {
  check_lines(markers({"f.py", "g.so"}), {});
}

BOOST_AUTO_TEST_CASE(data_makes_no_package) {
  check_lines(markers({"a/data.txt", "b/x.egg-info", "c/py", "d/py.typed", "e/x.pyx"}), {});
}

BOOST_AUTO_TEST_CASE(a_directory_that_has_one_gets_no_second) {
  check_lines(markers({"a/__init__.py", "a/b/c.py"}), {"a/b/__init__.py"});
}

BOOST_AUTO_TEST_CASE(an_exempt_directory_gets_none_but_those_below_it_do) {
  check_lines(markers({"a/b/c.py"}, {"a"}), {"a/b/__init__.py"});
  check_lines(markers({"a/b/c.py"}, {"a/b"}), {"a/__init__.py"});
  check_lines(markers({"a/b/c.py"}, {"a", "a/b", ""}), {});
  check_lines(markers({"ab/c.py"}, {"a"}), {"ab/__init__.py"});
}

} // namespace
} // namespace pysup::plan
