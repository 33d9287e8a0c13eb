// SPDX-License-Identifier: GPL-2.0-or-later
//
// One reference wants a file where another wants a directory. "a-b" and "a.py" stand between "a"
// and "a/b" in the order of bytes, so neighbours alone do not tell.
#include "asking.hpp"
#include "plan/wants.hpp"

namespace pysup::plan {
namespace {

struct Case {
  const char* what;
  std::vector<reference::Reference> references;
  std::vector<std::string> files;
  std::vector<std::string> conflicts;
};

void check(const Case& one) {
  BOOST_TEST_CONTEXT(one.what) {
    const auto wants = public_wants(v311, v311, one.references, {});
    check_lines(told(wants.files), one.files);
    check_lines(told(wants.conflicts), one.conflicts);
  }
}

BOOST_AUTO_TEST_CASE(the_first_reference_wins_whichever_of_the_two_it_wants) {
  check({"the file is first",
         {asks("x", {"a"}), asks("y", {"a/b.py"})},
         {"a by x"},
         {"a/b.py: x over y"}});
  check({"the directory is first",
         {asks("x", {"a/b.py"}), asks("y", {"a"})},
         {"a/b.py by x"},
         {"a: x over y"}});
}

BOOST_AUTO_TEST_CASE(names_that_stand_between_do_not_hide_a_conflict) {
  check({"the file is first",
         {asks("x", {"a", "a-b", "a.py"}), asks("y", {"a/b.py"})},
         {"a by x", "a-b by x", "a.py by x"},
         {"a/b.py: x over y"}});
  check({"the directory is first",
         {asks("x", {"a/b.py"}), asks("y", {"a", "a-b", "a.py", "a/b2.py"})},
         {"a-b by y", "a.py by y", "a/b.py by x", "a/b2.py by y"},
         {"a: x over y"}});
}

BOOST_AUTO_TEST_CASE(a_file_far_above_counts_too) {
  check({"far above",
         {asks("x", {"a"}), asks("y", {"a/b/c/d.py", "a/b/e.py", "b/c.py"})},
         {"a by x", "b/c.py by y"},
         {"a/b/c/d.py: x over y", "a/b/e.py: x over y"}});
}

BOOST_AUTO_TEST_CASE(similar_names_are_no_conflict) {
  check({"similar",
         {asks("x", {"a", "ab"}), asks("y", {"a.d/b.py", "aa/b.py"})},
         {"a by x", "a.d/b.py by y", "aa/b.py by y", "ab by x"},
         {}});
}

/// What has lost to somebody is not there, so nobody else loses to it.
BOOST_AUTO_TEST_CASE(only_what_is_installed_beats_others) {
  check({"y's file gives way to x's directory, which z's file may use as well",
         {asks("x", {"a/z.py"}), asks("y", {"a"}), asks("z", {"a/b.py"})},
         {"a/b.py by z", "a/z.py by x"},
         {"a: x over y"}});
  check({"the same with z's file after x's",
         {asks("x", {"a/b.py"}), asks("y", {"a"}), asks("z", {"a/z.py"})},
         {"a/b.py by x", "a/z.py by z"},
         {"a: x over y"}});
  check({"three levels",
         {asks("x", {"a"}), asks("y", {"a/b"}), asks("z", {"a/b/c.py"})},
         {"a by x"},
         {"a/b: x over y", "a/b/c.py: x over z"}});
}

BOOST_AUTO_TEST_CASE(one_of_two_is_left_where_a_reference_contradicts_itself) {
  const std::vector<reference::Reference> references = {asks("x", {"a", "a/b.py"})};
  BOOST_CHECK_EQUAL(public_wants(v311, v311, references, {}).files.size(), 1);
}

} // namespace
} // namespace pysup::plan
