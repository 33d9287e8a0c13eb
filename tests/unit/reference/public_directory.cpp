// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/public_directory.hpp"

#include "versions.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::reference {

BOOST_AUTO_TEST_SUITE(public_directories)

/// What debpython's PUBLIC_DIR_RE gives as its first group.
BOOST_AUTO_TEST_CASE(of_one_version) {
  const auto version = [](std::string_view path) {
    const auto found = public_directory(path);
    return found ? found->only : std::nullopt;
  };
  BOOST_CHECK(version("/usr/lib/python3.13/dist-packages/a.py") == v313);
  BOOST_CHECK(version("/usr/lib/python3.9/site-packages/a/b.py") == v39);
  BOOST_CHECK(version("/srv/root/usr/lib/python3.13/dist-packages/a.py") == v313);
  BOOST_CHECK(version("/usr/lib/python3.x/usr/lib/python3.9/dist-packages/a.py") == v39);
}

BOOST_AUTO_TEST_CASE(of_all_versions) {
  for (const char* path :
       {"/usr/lib/python3/dist-packages/a.py", "/usr/lib/python3/site-packages/b/a.py",
        // the first place that is one counts
        "/usr/lib/python3/dist-packages/usr/lib/python3.9/dist-packages/a.py"}) {
    const auto found = public_directory(path);
    BOOST_CHECK_MESSAGE(found && !found->only, path);
  }
}

BOOST_AUTO_TEST_CASE(other_directories) {
  for (const char* path :
       {"/usr/lib/python3.13/a.py", "/usr/share/foo/a.py", "/usr/lib/python3/a.py", "",
        "/usr/local/lib/python3.13/dist-packages/a.py", "/usr/lib/python3.13/test/dist-packages/a",
        "/usr/lib/python/dist-packages/a.py", "/usr/lib/pypy3.9/dist-packages/a.py",
        "/usr/lib/python2.7/dist-packages/a.py", "/usr/lib/python2/dist-packages/a.py"}) {
    BOOST_CHECK_MESSAGE(!public_directory(path), path);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
