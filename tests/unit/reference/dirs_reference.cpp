// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch_root.hpp"

namespace pysup::reference {

namespace {

PrivateFile module(const std::string& path, std::optional<Version> version = std::nullopt) {
  return {path, path, version};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(dirs_reference, ScratchRoot)

BOOST_AUTO_TEST_CASE(each_line_is_a_directory_of_private_modules) {
  files({"/usr/share/foo/a.py", "/usr/share/foo/sub/b.py", "/usr/lib/foo/c.py"});
  std::vector<Problem> problems;
  const auto reference = load("foo.dirs", "# old\r\n/usr/share/foo\r\n/usr/lib/foo", problems);
  check_same(reference.private_files, {module("/usr/lib/foo/c.py"), module("/usr/share/foo/a.py"),
                                       module("/usr/share/foo/sub/b.py")});
  BOOST_CHECK(reference.kind == Kind::dirs);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_pyversion_file_pins_its_directory) {
  files({"/usr/share/foo/a.py", "/usr/share/foo/sub/b.py", "/usr/lib/foo/c.py"});
  file("/usr/share/foo/.pyversion", " 2.7\n");
  std::vector<Problem> problems;
  check_same(load("foo.dirs", "/usr/share/foo\n/usr/lib/foo\n", problems).private_files,
             {module("/usr/lib/foo/c.py"), module("/usr/share/foo/a.py", Version{2, 7}),
              module("/usr/share/foo/sub/b.py", Version{2, 7})});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(of_listed_directories_the_innermost_decides) {
  files({"/usr/share/foo/a.py", "/usr/share/foo/sub/b.py", "/usr/share/foo/new/c.py"});
  file("/usr/share/foo/.pyversion", "2.7");
  file("/usr/share/foo/sub/.pyversion", "3.9");
  file("/usr/share/foo/new/.pyversion", "3.11"); // not listed by itself
  std::vector<Problem> problems;
  const std::vector<PrivateFile> expected = {module("/usr/share/foo/a.py", Version{2, 7}),
                                             module("/usr/share/foo/new/c.py", Version{2, 7}),
                                             module("/usr/share/foo/sub/b.py", Version{3, 9})};
  check_same(load("a.dirs", "/usr/share/foo\n/usr/share/foo/sub\n", problems).private_files,
             expected);
  check_same(load("b.dirs", "/usr/share/foo/sub\n/usr/share/foo\n", problems).private_files,
             expected);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_pin_that_cannot_be_read_costs_its_directory) {
  files({"/usr/share/foo/a.py", "/usr/share/bar/b.py", "/usr/share/baz/c.py"});
  file("/usr/share/foo/.pyversion", "3");
  directory("/usr/share/bar/.pyversion");
  std::vector<Problem> problems;
  check_same(
      load("x.dirs", "/usr/share/foo\n/usr/share/bar\n/usr/share/baz\n", problems).private_files,
      {module("/usr/share/baz/c.py")});
  BOOST_REQUIRE_EQUAL(problems.size(), 2);
  BOOST_CHECK_EQUAL(problems[0].line, 1);
  BOOST_CHECK_EQUAL(problems[0].message,
                    "\"/usr/share/foo/.pyversion\": \"3\" is not a version X.Y; the directory is "
                    "skipped");
  BOOST_CHECK_EQUAL(problems[1].line, 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_is_named) {
  files({"/usr/share/foo/a.py", "/etc/foo/b.py"});
  link("/usr/share/to_etc", "/etc/foo");
  link("/usr/share/dangling", "nowhere");
  const struct {
    const char* path;
    const char* told;
  } cases[] = {{"/usr/share/foo/a.py", "is not a directory, skipped"},
               {"/usr/share/missing", "No such file or directory, skipped"},
               {"/usr/share/dangling", "No such file or directory, skipped"},
               {"/etc/foo", "no place for private modules, skipped"},
               {"/usr/share/to_etc", "leads to \"/etc/foo\", which is no place"},
               {"/usr/share/foo/../foo", "skipped"},
               {"usr/share/foo", "not an absolute path, skipped"}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.path) {
      std::vector<Problem> problems;
      BOOST_CHECK(load("x.dirs", one.path, problems).private_files.empty());
      check_problem(problems, 1, {one.path, one.told});
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
