// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/cache_path.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using pysup::bytecode::cache_path;

struct Case {
  std::string_view source;
  int level;
  std::string_view expected;
};

} // namespace

// What importlib.util.cache_from_source() gives on 3.9 and 3.15, but for "/x.py": there it drops
// the slash, which would make the path depend on the working directory.
BOOST_AUTO_TEST_CASE(python3_has_bytecode_in_a_directory_beside_the_source) {
  const Case cases[] = {
      {"/d/x.py", 0, "/d/__pycache__/x.cpython-313.pyc"},
      {"/d/x.py", 1, "/d/__pycache__/x.cpython-313.opt-1.pyc"},
      {"/d/x.py", 2, "/d/__pycache__/x.cpython-313.opt-2.pyc"},
      {"/d.e/foo.bar.py", 0, "/d.e/__pycache__/foo.bar.cpython-313.pyc"},
      {"/d.e/foo", 0, "/d.e/__pycache__/foocpython-313.pyc"},
      {"/d/foo", 2, "/d/__pycache__/foocpython-313.opt-2.pyc"},
      {"/d/.foo", 0, "/d/__pycache__/foo.cpython-313.pyc"},
      {"/d/..py", 0, "/d/__pycache__/..cpython-313.pyc"},
      {"/d/x.", 0, "/d/__pycache__/x.cpython-313.pyc"},
      {"/d//x.py", 0, "/d/__pycache__/x.cpython-313.pyc"},
      {"/x.py", 0, "/__pycache__/x.cpython-313.pyc"},
      {"x.py", 0, "__pycache__/x.cpython-313.pyc"},
  };
  for (const auto& [source, level, expected] : cases) {
    BOOST_TEST(cache_path({3, 13}, "cpython-313", source, level) == expected);
  }
}

BOOST_AUTO_TEST_CASE(the_tag_is_the_interpreters_own) {
  BOOST_TEST(cache_path({3, 10}, "pypy310", "/d/x.py", 0) == "/d/__pycache__/x.pypy310.pyc");
}

BOOST_AUTO_TEST_CASE(python2_has_bytecode_beside_the_source) {
  BOOST_TEST(cache_path({2, 7}, "cpython-27", "/d/x.py", 0) == "/d/x.pyc");
  BOOST_TEST(cache_path({2, 7}, "cpython-27", "/d/foo.bar.py", 1) == "/d/foo.bar.pyo");
  BOOST_TEST(cache_path({2, 7}, "cpython-27", "/d/x.py", 2) == "/d/x.pyo");
}
