// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch_root.hpp"

#include "reference/private_place.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::reference {

namespace {

PrivateFile unpinned(const std::string& path) {
  return {path, path, std::nullopt};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(private_reference, ScratchRoot)

BOOST_AUTO_TEST_CASE(a_directory_means_every_module_below_it) {
  files({"/usr/share/foo/main.py", "/usr/share/foo/a/b/c.py", "/usr/share/foo/data.txt",
         "/usr/share/foo/a/readme.py.txt", "/usr/share/foo/__pycache__/main.py",
         "/usr/share/foo/.git/hooks/x.py", "/usr/share/foo/a/.svn/y.py",
         "/usr/share/foo/.hidden.py", "/usr/share/foo/.config/z.py"});
  std::vector<Problem> problems;
  const auto reference = load("foo.private", "/usr/share/foo/\n", problems);
  check_same(reference.private_files,
             {unpinned("/usr/share/foo/.config/z.py"), unpinned("/usr/share/foo/.hidden.py"),
              unpinned("/usr/share/foo/a/b/c.py"), unpinned("/usr/share/foo/main.py")});
  BOOST_CHECK(reference.kind == Kind::private_list);
  BOOST_CHECK(reference.public_files.empty());
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_pinned_version_is_for_all_files) {
  files({"/usr/lib/foo/a.py", "/opt/foo/b.py"});
  std::vector<Problem> problems;
  const auto reference =
      load("foo.private", "/usr/lib/foo\n/opt/foo/b.py\n pyversion = 2.7 \n", problems);
  check_same(reference.private_files, {{"/opt/foo/b.py", "/opt/foo/b.py", Version{2, 7}},
                                       {"/usr/lib/foo/a.py", "/usr/lib/foo/a.py", Version{2, 7}}});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_pin_that_is_no_version_fails_the_whole_reference) {
  for (const char* value : {"", "3", "2.7,3.2", "current", "2.6-", "3.256"}) {
    file("/usr/share/python-support/x.private", "\npyversion=" + std::string(value) + '\n');
    const std::string message = load_error("x.private");
    BOOST_CHECK_MESSAGE(message == "/usr/share/python-support/x.private:2: pyversion: \"" +
                                       std::string(value) + "\" is not a version X.Y",
                        message);
  }
}

BOOST_AUTO_TEST_CASE(files_may_be_listed_twice_and_by_their_directory) {
  files({"/usr/share/foo/a.py", "/usr/share/foo/b.py"});
  std::vector<Problem> problems;
  const auto reference =
      load("foo.private", "/usr/share/foo/b.py\n/usr/share/foo\n/usr/share/foo/b.py\n", problems);
  check_same(reference.private_files,
             {unpinned("/usr/share/foo/a.py"), unpinned("/usr/share/foo/b.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(where_private_modules_may_lie) {
  for (const char* path : {"/usr/share/foo", "/usr/lib/foo/bar", "/opt/x", "/usr/localx",
                           "/usr/lib/pymodules2", "/usr/share/python-support2", "/usr/x"}) {
    BOOST_CHECK_MESSAGE(is_private_place(path), path);
  }
  for (const char* path :
       {"/", "/usr", "/opt", "/etc/foo", "/usrx/foo", "/var/lib/foo", "/home/u/x", "/usr/local",
        "/usr/local/lib/x", "/usr/lib/pymodules", "/usr/lib/pymodules/python2.7",
        "/usr/share/pyshared/x", "/usr/lib/pyshared/python2.7/x", "/usr/share/python-support/x",
        "/usr/share/python-support", ""}) {
    BOOST_CHECK_MESSAGE(!is_private_place(path), path);
  }
}

BOOST_AUTO_TEST_CASE(other_places_are_refused_even_where_they_do_not_exist) {
  files({"/etc/a.py", "/usr/local/a.py", "/usr/share/pyshared/a.py"});
  for (const char* path :
       {"/etc/a.py", "/usr/local/a.py", "/usr/share/pyshared/a.py", "/usr", "/missing", "/"}) {
    BOOST_TEST_CONTEXT(path) {
      std::vector<Problem> problems;
      BOOST_CHECK(load("x.private", path, problems).private_files.empty());
      check_problem(problems, 1, {path, "no place for private modules, skipped"});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_link_does_not_lead_to_a_refused_place) {
  files({"/etc/foo/a.py", "/usr/local/lib/b.py", "/usr/share/pyshared/c.py"});
  link("/usr/share/foo/etc", "/etc/foo");
  link("/usr/share/foo/local", "../../local/lib");
  link("/usr/share/foo/shared", "/usr/share/pyshared");
  link("/usr/share/foo/usr", "/usr");
  for (const char* path :
       {"/usr/share/foo/etc", "/usr/share/foo/etc/a.py", "/usr/share/foo/local",
        "/usr/share/foo/local/b.py", "/usr/share/foo/shared/c.py", "/usr/share/foo/usr"}) {
    BOOST_TEST_CONTEXT(path) {
      std::vector<Problem> problems;
      BOOST_CHECK(load("x.private", path, problems).private_files.empty());
      check_problem(problems, 1, {"leads to", "no place for private modules, skipped"});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_directory_above_a_refused_place_goes_around_it) {
  files({"/usr/lib/foo/a.py", "/usr/lib/pymodules/python2.7/b.py", "/usr/lib/pyshared/c.py"});
  std::vector<Problem> problems;
  check_same(load("x.private", "/usr/lib", problems).private_files,
             {unpinned("/usr/lib/foo/a.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(the_place_is_free_of_links_and_the_path_as_listed) {
  file("/usr/lib/foo/sub/a.py");
  link("/usr/share/foo", "../lib/foo");
  std::vector<Problem> problems;
  check_same(load("x.private", "/usr/share/foo", problems).private_files,
             {{"/usr/share/foo/sub/a.py", "/usr/lib/foo/sub/a.py", std::nullopt}});
  check_same(load("y.private", "/usr/share/foo/sub/a.py", problems).private_files,
             {{"/usr/share/foo/sub/a.py", "/usr/lib/foo/sub/a.py", std::nullopt}});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(one_place_by_two_paths_is_one_module_by_the_first) {
  file("/usr/lib/foo/a.py");
  link("/usr/share/foo", "../lib/foo");
  std::vector<Problem> problems;
  check_same(load("x.private", "/usr/share/foo\n/usr/lib/foo\n", problems).private_files,
             {{"/usr/share/foo/a.py", "/usr/lib/foo/a.py", std::nullopt}});
  check_same(load("y.private", "/usr/lib/foo\n/usr/share/foo\n", problems).private_files,
             {unpinned("/usr/lib/foo/a.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(links_below_a_directory_are_modules_where_they_lead_to_files) {
  files({"/usr/share/common/real.py", "/usr/share/other/deep/x.py"});
  file("/usr/share/foo/own.py");
  link("/usr/share/foo/linked.py", "/usr/share/common/real.py");
  link("/usr/share/foo/directory", "/usr/share/other");
  link("/usr/share/foo/directory.py", "/usr/share/other");
  link("/usr/share/foo/self", ".");
  std::vector<Problem> problems;
  check_same(load("x.private", "/usr/share/foo", problems).private_files,
             {unpinned("/usr/share/foo/linked.py"), unpinned("/usr/share/foo/own.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(what_is_no_module_below_a_directory_is_named) {
  link("/usr/share/foo/dangling.py", "nowhere");
  BOOST_REQUIRE_EQUAL(::mkfifo(host("/usr/share/foo/fifo.py").c_str(), 0644), 0);
  link("/usr/share/foo/dangling", "nowhere"); // not a module by its name
  std::vector<Problem> problems;
  BOOST_CHECK(load("x.private", "\n/usr/share/foo", problems).private_files.empty());
  BOOST_REQUIRE_EQUAL(problems.size(), 2);
  BOOST_CHECK_EQUAL(problems[0].line, 2);
  BOOST_CHECK_NE(problems[0].message.find("/usr/share/foo/dangling.py"), std::string::npos);
  BOOST_CHECK_NE(problems[1].message.find("/usr/share/foo/fifo.py\" is not a file"),
                 std::string::npos);
}

BOOST_AUTO_TEST_CASE(listed_paths_that_cannot_be_compiled_are_named) {
  files({"/usr/share/foo/script", "/usr/share/foo/x.pyc", "/usr/share/foo/good.py"});
  BOOST_REQUIRE_EQUAL(::mkfifo(host("/usr/share/foo/fifo.py").c_str(), 0644), 0);
  link("/usr/share/foo/dangling.py", "nowhere");
  const struct {
    const char* name;
    const char* told;
  } cases[] = {{"script", "is not a .py file, skipped"},
               {"x.pyc", "is not a .py file, skipped"},
               {"fifo.py", "neither a file nor a directory, skipped"},
               {"dangling.py", "No such file or directory, skipped"},
               {"missing.py", "No such file or directory, skipped"},
               {"good.py/x.py", "Not a directory, skipped"}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.name) {
      std::vector<Problem> problems;
      const auto reference =
          load("x.private", "/usr/share/foo/" + std::string(one.name) + "\n/usr/share/foo/good.py",
               problems);
      check_same(reference.private_files, {unpinned("/usr/share/foo/good.py")});
      check_problem(problems, 1, {one.name, one.told});
    }
  }
}

BOOST_AUTO_TEST_CASE(names_below_a_directory_may_be_any_bytes) {
  const std::string top = "/usr/share/foo/";
  const std::vector<std::string> names = {"line\nfeed.py", "\x01.py", "\xff.py",
                                          "a b.py",        "q'\".py", "=.py"};
  for (const std::string& name : names) {
    file(top + name);
  }
  std::vector<Problem> problems;
  const auto found = load("x.private", "/usr/share/foo", problems).private_files;
  BOOST_REQUIRE_EQUAL(found.size(), names.size());
  for (const std::string& name : names) {
    BOOST_CHECK(std::find(found.begin(), found.end(), unpinned(top + name)) != found.end());
  }
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_directory_nested_beyond_the_longest_path_does_not_stop_the_rest) {
  file("/usr/share/foo/good.py");
  directory("/usr/share/foo/deep");
  const std::string name(200, 'd');
  int dir = ::open(host("/usr/share/foo/deep").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int depth = 0; depth < 30; ++depth) { // longer than PATH_MAX in all
    BOOST_REQUIRE_EQUAL(::mkdirat(dir, name.c_str(), 0755), 0);
    const int next = ::openat(dir, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    BOOST_REQUIRE_GE(next, 0);
    ::close(dir);
    dir = next;
  }
  ::close(dir);
  std::vector<Problem> problems;
  check_same(load("x.private", "/usr/share/foo", problems).private_files,
             {unpinned("/usr/share/foo/good.py")});
  BOOST_CHECK_LE(problems.size(), 1); // whether the root can list it is its own affair
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
