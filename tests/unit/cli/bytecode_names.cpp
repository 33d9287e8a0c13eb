// SPDX-License-Identifier: GPL-2.0-or-later
//
// Names are those of PEP 3147 and PEP 488.
#include "cli/bytecode_names.hpp"

#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace pysup::cli {
namespace {

/// "STEM TAG" of NAME, "" where it is none.
std::string parted(std::string_view name) {
  const auto found = parse_cached_name(name);
  return found ? std::string(found->stem) + ' ' + std::string(found->tag) : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(bytecode_names)

BOOST_AUTO_TEST_CASE(bytecode_has_stem_and_tag) {
  BOOST_CHECK_EQUAL(parted("foo.cpython-313.pyc"), "foo cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.cpython-313.opt-1.pyc"), "foo cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.cpython-313.opt-2.pyc"), "foo cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.cpython-313.opt-abc.pyc"), "foo cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.cpython-34.pyo"), "foo cpython-34");
  BOOST_CHECK_EQUAL(parted("foo.pypy39.pyc"), "foo pypy39");
}

/// Lesson 13.
BOOST_AUTO_TEST_CASE(a_stem_may_have_dots_and_a_tag_none) {
  BOOST_CHECK_EQUAL(parted("foo.bar.cpython-313.pyc"), "foo.bar cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.bar.cpython-313.opt-1.pyc"), "foo.bar cpython-313");
  // of a source foo.opt-1.py, and of one named foo.cpython-313.py
  BOOST_CHECK_EQUAL(parted("foo.opt-1.cpython-313.pyc"), "foo.opt-1 cpython-313");
  BOOST_CHECK_EQUAL(parted("foo.cpython-313.cpython-313.pyc"), "foo.cpython-313 cpython-313");
  BOOST_CHECK_EQUAL(parted("..cpython-313.pyc"), ". cpython-313");
}

BOOST_AUTO_TEST_CASE(all_else_is_none) {
  for (const char* name :
       {"", "foo", "foo.pyc", "foo.py", ".pyc", "foo..pyc", ".cpython-313.pyc", "foo.opt-1.pyc",
        "foo.cpython-313.pyc.140123", "foo.cpython-313.txt", "foo.cpython-313",
        ".python-support.new", "foo.cpython-313.PYC", ".opt-1.pyc"}) {
    BOOST_CHECK_MESSAGE(!parse_cached_name(name), name << ": " << parted(name));
  }
}

/// PEP 488 came with 3.5; there was no level in the names that end with .pyo, nor one that is
/// empty.
BOOST_AUTO_TEST_CASE(what_is_no_level_is_a_tag) {
  BOOST_CHECK_EQUAL(parted("a.foo.opt-1.pyo"), "a.foo opt-1");
  BOOST_CHECK_EQUAL(parted("a.foo.opt-.pyc"), "a.foo opt-");
  BOOST_CHECK_EQUAL(parted("a.foo.opt-1!.pyc"), "a.foo opt-1!");
}

BOOST_AUTO_TEST_CASE(sources) {
  BOOST_CHECK(stem_of_source("foo.py") == "foo");
  BOOST_CHECK(stem_of_source("foo.bar.py") == "foo.bar");
  BOOST_CHECK(stem_of_source("foo.py.py") == "foo.py");
  for (const char* name : {"", ".py", "foo", "foo.pyc", "foo.PY", "foo.py~", "py"}) {
    BOOST_CHECK_MESSAGE(!stem_of_source(name), name);
  }
}

BOOST_AUTO_TEST_CASE(tags_and_the_time_before_them) {
  BOOST_CHECK_EQUAL(tag_of(v313), "cpython-313");
  BOOST_CHECK_EQUAL(tag_of(v39), "cpython-39");
  BOOST_CHECK(is_before_pycache({3, 1}));
  BOOST_CHECK(is_before_pycache(v27));
  BOOST_CHECK(!is_before_pycache({3, 2}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
