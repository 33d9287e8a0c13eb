// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch_root.hpp"

namespace pysup::reference {

namespace {

const std::string tree_dir = "/usr/share/python-support/foo/";
const std::string extensions = "/usr/lib/python-support/";

PublicFile of_tree(const std::string& relative) {
  return {relative, tree_dir + relative, std::nullopt};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_reference, ScratchRoot)

BOOST_AUTO_TEST_CASE(every_file_of_the_tree_is_public) {
  files({"/usr/share/python-support/foo/a/__init__.py", "/usr/share/python-support/foo/a-b.txt",
         "/usr/share/python-support/foo/a/x.pyc", "/usr/share/python-support/foo/a/x.pyo",
         "/usr/share/python-support/foo/a/__pycache__/x.cpython-39.pyc",
         "/usr/share/python-support/foo/ns/.noinit", "/usr/share/python-support/foo/ns/m.py",
         "/usr/share/python-support/foo/a/.version"});
  std::vector<Problem> problems;
  const auto reference = load("foo", problems);
  check_same(reference.public_files, {of_tree("a-b.txt"), of_tree("a/.version"),
                                      of_tree("a/__init__.py"), of_tree("ns/m.py")});
  check_same(reference.noinit, {"ns"});
  BOOST_CHECK_EQUAL(reference.versions.text(), "all");
  BOOST_CHECK(reference.kind == Kind::tree);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(links_are_linked_as_they_are) {
  files({"/usr/share/other/d/x.py", "/usr/share/other/f.py"});
  link("/usr/share/python-support/foo/directory", "/usr/share/other/d");
  link("/usr/share/python-support/foo/file.py", "/usr/share/other/f.py");
  link("/usr/share/python-support/foo/dangling.py", "nowhere");
  link("/usr/share/python-support/foo/up", "..");
  std::vector<Problem> problems;
  check_same(load("foo", problems).public_files,
             {of_tree("directory"), of_tree("file.py"), of_tree("up")});
  check_problem(problems, 0, {tree_dir + "dangling.py", "skipped"});
}

BOOST_AUTO_TEST_CASE(a_version_file_holds_the_set) {
  file(tree_dir + "a.py");
  file(tree_dir + ".version", "\xef\xbb\xbf"
                              "2.7, 3.2-\r\n");
  std::vector<Problem> problems;
  const auto reference = load("foo", problems);
  BOOST_CHECK_EQUAL(reference.versions.text(), "2.7,3.2-");
  check_same(reference.public_files, {of_tree("a.py")});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_version_file_that_cannot_be_read_fails_the_whole_tree) {
  file(tree_dir + "a.py");
  file(tree_dir + ".version", "2.7\n3.2\n");
  BOOST_CHECK_NE(load_error("foo").find(tree_dir + ".version: "), std::string::npos);
  file(tree_dir + ".version", std::string(70'000, ' '));
  BOOST_CHECK_NE(load_error("foo").find(tree_dir + ".version: "), std::string::npos);
}

BOOST_AUTO_TEST_CASE(extensions_are_read_from_both_places) {
  file(tree_dir + "a.py");
  file(extensions + "foo/python2.7/_x.so");
  file(extensions + "python3.11/foo/sub/_y.so");
  file(extensions + "foo/python2.7/.version");
  file(extensions + "foo/python3/ignored.so");
  file(extensions + "foo/python03.9/ignored.so");
  file(extensions + "foo/other/ignored.so");
  file(extensions + "python3.11/bar/_z.so");
  std::vector<Problem> problems;
  const auto reference = load("foo", problems);
  check_same(reference.public_files,
             {{"_x.so", extensions + "foo/python2.7/_x.so", Version{2, 7}},
              of_tree("a.py"),
              {"sub/_y.so", extensions + "python3.11/foo/sub/_y.so", Version{3, 11}}});
  BOOST_CHECK_EQUAL(reference.versions.text(), "2.7,3.11");
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_version_file_outweighs_extensions) {
  file(tree_dir + ".version", "2.6-");
  file(extensions + "foo/python2.7/_x.so");
  std::vector<Problem> problems;
  const auto reference = load("foo", problems);
  BOOST_CHECK_EQUAL(reference.versions.text(), "2.6-");
  BOOST_CHECK_EQUAL(reference.public_files.size(), 1);
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(an_empty_extension_directory_does_not_restrict_the_versions) {
  file(tree_dir + "a.py");
  directory(extensions + "foo/python2.7/empty");
  directory(extensions + "python3.9/foo");
  std::vector<Problem> problems;
  BOOST_CHECK_EQUAL(load("foo", problems).versions.text(), "all");
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(of_one_extension_in_both_places_the_packages_own_counts) {
  directory(tree_dir);
  const std::string first = extensions + "foo/python2.7/_x.so";
  const std::string second = extensions + "python2.7/foo/_x.so";
  file(first);
  file(second);
  std::vector<Problem> problems;
  check_same(load("foo", problems).public_files, {{"_x.so", first, Version{2, 7}}});
  check_problem(problems, 0, {first, second, "skipped"});
}

BOOST_AUTO_TEST_CASE(a_tree_and_its_extensions_may_have_the_same_file) {
  file(tree_dir + "m.py");
  file(extensions + "foo/python2.7/m.py");
  std::vector<Problem> problems;
  check_same(load("foo", problems).public_files,
             {of_tree("m.py"), {"m.py", extensions + "foo/python2.7/m.py", Version{2, 7}}});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(pth_files_at_the_top_count) {
  file(tree_dir + "foo.pth", "sub\n/usr/share/x\n");
  file(tree_dir + "deep/bar.pth", "no\n");
  file(extensions + "foo/python2.7/e.pth", "ext\n");
  std::vector<Problem> problems;
  check_same(load("foo", problems).path_lines,
             {{"ext", Version{2, 7}}, {"sub", std::nullopt}, {"/usr/share/x", std::nullopt}});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_missing_tree_is_an_error) {
  directory("/usr/share/python-support");
  BOOST_CHECK_NE(load_error("foo").find("/usr/share/python-support/foo"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
