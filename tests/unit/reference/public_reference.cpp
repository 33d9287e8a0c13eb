// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch_root.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>

namespace pysup::reference {

namespace {

const std::string shared = "/usr/share/pyshared/";
const std::string versioned = "/usr/lib/pyshared/";

PublicFile for_all(const std::string& relative) {
  return {relative, shared + relative, std::nullopt};
}
PublicFile only_for(Version version, const std::string& relative) {
  return {relative, versioned + version.name() + '/' + relative, version};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(public_reference, ScratchRoot)

BOOST_AUTO_TEST_CASE(files_of_both_trees_get_their_place) {
  files({"/usr/share/pyshared/foo/__init__.py", "/usr/share/pyshared/foo.egg-info",
         "/usr/share/pyshared/foo/data.txt", "/usr/lib/pyshared/python2.7/foo/_x.so",
         "/usr/lib/pyshared/python3.11/foo/_x.so"});
  std::vector<Problem> problems;
  const Reference reference = load("foo.public",
                                   "pyversions=2.7,3.9-\n"
                                   "/usr/lib/pyshared/python3.11/foo/_x.so\n"
                                   "/usr/share/pyshared/foo/data.txt\n"
                                   "/usr/lib/pyshared/python2.7/foo/_x.so\n"
                                   "/usr/share/pyshared/foo/__init__.py\n"
                                   "/usr/share/pyshared/foo/data.txt\n"
                                   "/usr/share/pyshared/foo.egg-info\n",
                                   problems);
  check_same(reference.public_files,
             {for_all("foo.egg-info"), for_all("foo/__init__.py"), only_for({2, 7}, "foo/_x.so"),
              only_for({3, 11}, "foo/_x.so"), for_all("foo/data.txt")});
  BOOST_CHECK_EQUAL(reference.versions.text(), "2.7,3.9-");
  BOOST_CHECK_EQUAL(reference.name, "foo.public");
  BOOST_CHECK(reference.kind == Kind::public_list);
  BOOST_CHECK(reference.private_files.empty());
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(the_order_of_the_lines_makes_no_difference) {
  files({"/usr/share/pyshared/a.py", "/usr/share/pyshared/b.py", "/usr/share/pyshared/a.pth",
         "/usr/share/pyshared/a-b.py"});
  std::vector<Problem> problems;
  const std::string a = shared + "a.py\n";
  const std::string b = shared + "b.py\n";
  const std::string c = shared + "a-b.py\n";
  const Reference first = load("x.public", a + b + c, problems);
  BOOST_CHECK(first == load("x.public", c + b + a + b, problems));
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(without_a_header_every_version_is_meant) {
  std::vector<Problem> problems;
  BOOST_CHECK_EQUAL(load("x.public", "", problems).versions.text(), "all");
}

BOOST_AUTO_TEST_CASE(paths_outside_the_two_trees_are_skipped) {
  files({"/etc/passwd", "/usr/share/pyshared2/a.py", "/usr/lib/pyshared/a.py",
         "/usr/lib/pyshared/pythonX/a.py", "/usr/lib/pyshared/python3/a.py",
         "/usr/lib/pyshared/python3.11", "/usr/lib/pymodules/python3.11/a.py"});
  for (const char* path : {"/etc/passwd", "/usr/share/pyshared2/a.py", "/usr/lib/pyshared/a.py",
                           "/usr/lib/pyshared/pythonX/a.py", "/usr/lib/pyshared/python3/a.py",
                           "/usr/lib/pyshared/python3.11", "/usr/lib/pymodules/python3.11/a.py",
                           "/", "/usr/share/pyshared", "/usr/lib/pyshared"}) {
    BOOST_TEST_CONTEXT(path) {
      std::vector<Problem> problems;
      BOOST_CHECK(load("x.public", path, problems).public_files.empty());
      check_problem(problems, 1, {path, "is in neither", "skipped"});
    }
  }
}

BOOST_AUTO_TEST_CASE(dots_do_not_lead_out_of_the_trees) {
  file("/etc/passwd");
  std::vector<Problem> problems;
  const auto reference = load("x.public", "/usr/share/pyshared/../../../etc/passwd\n", problems);
  BOOST_CHECK(reference.public_files.empty());
  check_problem(problems, 1, {"..", "skipped"});
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_skipped_and_named) {
  file("/usr/share/pyshared/good.py");
  directory("/usr/share/pyshared/directory");
  link("/usr/share/pyshared/dangling.py", "nowhere.py");
  link("/usr/share/pyshared/loop.py", "loop.py");
  link("/usr/share/pyshared/to_directory", "directory");
  BOOST_REQUIRE_EQUAL(::mkfifo(host(shared + "fifo.py").c_str(), 0644), 0);
  for (const char* name : {"missing.py", "good.py/below.py", "directory", "dangling.py", "loop.py",
                           "to_directory", "fifo.py"}) {
    BOOST_TEST_CONTEXT(name) {
      std::vector<Problem> problems;
      const auto reference =
          load("x.public", fmt::format("# c\n{0}{1}\n{0}good.py", shared, name), problems);
      check_same(reference.public_files, {for_all("good.py")});
      check_problem(problems, 2, {shared + name, "skipped"});
      BOOST_CHECK_EQUAL(problems.front().reference, "x.public");
    }
  }
}

/// Packages of several architectures share one reference.
BOOST_AUTO_TEST_CASE(an_extension_of_another_platform_need_not_be_there) {
  const std::string tree = versioned + "python3.11/";
  file(tree + "a.cpython-311-x86_64-linux-gnu.so");
  std::vector<Problem> problems;
  const Reference reference = load("x.public",
                                   tree + "a.cpython-311-i386-linux-gnu.so\n" + tree +
                                       "a.cpython-311-x86_64-linux-gnu.so\n",
                                   problems);
  check_same(reference.public_files, {only_for({3, 11}, "a.cpython-311-x86_64-linux-gnu.so")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(an_extension_that_no_platform_has_is_named) {
  const std::string tree = versioned + "python3.11/";
  file(tree + "ab.cpython-311-x86_64-linux-gnu.so"); // another one's
  file(tree + "a.cpython-312-x86_64-linux-gnu.so");
  for (const char* name : {"a.cpython-311-i386-linux-gnu.so", "a.cpython-311.so", "a.so"}) {
    BOOST_TEST_CONTEXT(name) {
      std::vector<Problem> problems;
      load("x.public",
           fmt::format("{0}{1}\n{0}ab.cpython-311-x86_64-linux-gnu.so\n"
                       "{0}a.cpython-312-x86_64-linux-gnu.so\n",
                       tree, name),
           problems);
      check_problem(problems, 1, {tree + name, "skipped"});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_cut_in_the_middle_keeps_what_is_whole) {
  files({"/usr/share/pyshared/foo/a.py", "/usr/share/pyshared/foo/bar.py"});
  std::vector<Problem> problems;
  const auto reference = load("x.public", shared + "foo/a.py\n" + shared + "foo/ba", problems);
  check_same(reference.public_files, {for_all("foo/a.py")});
  check_problem(problems, 2, {"foo/ba\"", "skipped"});
}

BOOST_AUTO_TEST_CASE(links_to_files_inside_the_root_are_files) {
  file("/usr/share/foo/real.py");
  link("/usr/share/pyshared/absolute.py", "/usr/share/foo/real.py");
  link("/usr/share/pyshared/relative.py", "../foo/real.py");
  link("/usr/share/pyshared/above.py", "../../../../../../../../usr/share/foo/real.py");
  std::vector<Problem> problems;
  const auto reference =
      load("x.public", shared + "absolute.py\n" + shared + "relative.py\n" + shared + "above.py\n",
           problems);
  check_same(reference.public_files,
             {for_all("above.py"), for_all("absolute.py"), for_all("relative.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_link_to_a_file_of_the_host_alone_dangles) {
  const ScratchRoot outside;
  outside.file("/secret.py");
  link("/usr/share/pyshared/x.py", outside.host("/secret.py"));
  std::vector<Problem> problems;
  BOOST_CHECK(load("x.public", shared + "x.py", problems).public_files.empty());
  check_problem(problems, 1, {"x.py", "skipped"});
}

BOOST_AUTO_TEST_CASE(listed_bytecode_is_left_out_without_a_word) {
  files({"/usr/share/pyshared/a.pyc", "/usr/share/pyshared/b.pyo"});
  std::vector<Problem> problems;
  const auto reference = load(
      "x.public", shared + "a.pyc\n" + shared + "b.pyo\n" + shared + "missing.pyc\n", problems);
  BOOST_CHECK(reference.public_files.empty());
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(nothing_goes_where_bytecode_is_written) {
  files({"/usr/share/pyshared/__pycache__/a.py", "/usr/share/pyshared/foo/__pycache__/a.txt",
         "/usr/share/pyshared/foo/__pycache__x/b.py"});
  file("/usr/share/pyshared/bar/__pycache__");
  std::vector<Problem> problems;
  const auto reference = load("x.public",
                              shared + "__pycache__/a.py\n" + shared + "foo/__pycache__/a.txt\n" +
                                  shared + "bar/__pycache__\n" + shared + "foo/__pycache__x/b.py\n",
                              problems);
  check_same(reference.public_files, {for_all("foo/__pycache__x/b.py")});
  BOOST_REQUIRE_EQUAL(problems.size(), 3);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    BOOST_CHECK_EQUAL(problems[i].line, i + 1);
    BOOST_CHECK_NE(problems[i].message.find("place of bytecode, skipped"), std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_noinit_only_marks_its_directory) {
  files({"/usr/share/pyshared/zope/.noinit", "/usr/lib/pyshared/python2.7/zope/.noinit",
         "/usr/share/pyshared/a/b/.noinit", "/usr/share/pyshared/.noinit"});
  std::vector<Problem> problems;
  const auto reference =
      load("x.public",
           shared + "zope/.noinit\n" + shared + "a/b/.noinit\n" + versioned +
               "python2.7/zope/.noinit\n" + shared + ".noinit\n" + shared + "missing/.noinit\n",
           problems);
  BOOST_CHECK(reference.public_files.empty());
  check_same(reference.noinit, {"", "a/b", "zope"});
  check_problem(problems, 5, {"missing/.noinit", "skipped"});
}

BOOST_AUTO_TEST_CASE(names_may_have_blanks_quotes_and_any_bytes) {
  const std::vector<std::string> names = {"a b.py", "\"q'.py", "\xc3\xa9.py", "\xff\xfe.py"};
  std::string bytes;
  std::vector<PublicFile> expected;
  for (const std::string& name : names) {
    file(shared + name);
    bytes += shared + name + '\n';
    expected.push_back(for_all(name));
  }
  std::sort(expected.begin(), expected.end(),
            [](const auto& a, const auto& b) { return a.relative < b.relative; });
  std::vector<Problem> problems;
  check_same(load("x.public", bytes, problems).public_files, expected);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(path_lines_come_from_pth_files_at_the_top) {
  file("/usr/share/pyshared/b.pth", "/usr/share/b\nimport os; os.system('x')\n");
  file("/usr/share/pyshared/a.pth", "z\na\n/usr/share/b\n");
  file("/usr/share/pyshared/deep/c.pth", "/usr/share/deep\n");
  file("/usr/lib/pyshared/python2.7/a.pth", "z\n");
  std::vector<Problem> problems;
  const auto reference = load("x.public",
                              shared + "b.pth\n" + shared + "a.pth\n" + shared + "deep/c.pth\n" +
                                  versioned + "python2.7/a.pth\n",
                              problems);
  check_same(reference.path_lines, {{"z", std::nullopt},
                                    {"a", std::nullopt},
                                    {"/usr/share/b", std::nullopt},
                                    {"z", Version{2, 7}}});
  BOOST_CHECK_EQUAL(reference.public_files.size(), 4);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_pth_file_that_is_too_large_is_reported) {
  file("/usr/share/pyshared/a.pth", std::string((1U << 20U) + 1, '\n'));
  std::vector<Problem> problems;
  BOOST_CHECK(load("x.public", shared + "a.pth", problems).path_lines.empty());
  check_problem(problems, 0, {"a.pth", "do not count"});
}

BOOST_AUTO_TEST_CASE(a_set_that_cannot_be_read_fails_the_whole_reference) {
  file("/usr/share/python-support/x.public", "\npyversions=2.7,3.5-3.2\n");
  const std::string message = load_error("x.public");
  BOOST_CHECK_NE(message.find("/usr/share/python-support/x.public:2: pyversions: \"3.5-3.2\""),
                 std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
