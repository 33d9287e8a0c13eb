// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/leftovers.hpp"

#include "scratch_directory.hpp"
#include "versions.hpp"

#include <algorithm>

namespace pysup::pass {
namespace {

struct Stem {
  const char* name;
  const char* cached; ///< in __pycache__ (PEP 3147, PEP 488)
  const char* beside; ///< beside the source (Python 2)
};

BOOST_AUTO_TEST_CASE(a_bytecode_file_belongs_to_one_source_by_its_exact_name) {
  constexpr Stem stems[] = {
      {"foo.cpython-313.pyc", "foo", "foo.cpython-313"},
      {"foo.cpython-313.opt-1.pyc", "foo", "foo.cpython-313.opt-1"},
      {"foo.bar.cpython-313.pyc", "foo.bar", "foo.bar.cpython-313"},
      {"foo.bar.cpython-313.opt-2.pyc", "foo.bar", "foo.bar.cpython-313.opt-2"},
      {"foo.opt-1.cpython-313.pyc", "foo.opt-1", "foo.opt-1.cpython-313"},
      {"__init__.pypy39.pyc", "__init__", "__init__.pypy39"},
      {"foo.pyc", "", "foo"},
      {"foo.pyo", "", "foo"},
      {"foo.bar.pyo", "", "foo.bar"},
      {"foo.cpython-313.pyo", "", "foo.cpython-313"},
      {"foo.opt-1.pyc", "", "foo.opt-1"},
      {"foo.py", "", ""},
      {"foo.cpython-313.pyc.1400", "", ""},
      {"foo", "", ""},
      {".pyc", "", ""},
      {"", "", ""},
  };
  for (const Stem& one : stems) {
    BOOST_TEST_CONTEXT(one.name) {
      BOOST_CHECK_EQUAL(stem_of_bytecode(one.name, true), one.cached);
      BOOST_CHECK_EQUAL(stem_of_bytecode(one.name, false), one.beside);
    }
  }
}

std::vector<std::string> paths(Leftovers::Found found) {
  std::vector<std::string> list;
  for (auto& [path, version] : found) {
    list.push_back(std::move(path));
  }
  std::sort(list.begin(), list.end());
  return list;
}

void check(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(got.begin(), got.end(), expected.begin(), expected.end());
}

class Places : public test::ScratchDirectory {
 public:
  Places() {
    for (const char* name : {"foo.cpython-311.pyc", "foo.cpython-311.opt-2.pyc",
                             "foo.cpython-39.pyc", "foo.bar.cpython-311.pyc",
                             "foobar.cpython-311.pyc", "foo.cpython-311.pyc.tmp", "foo.txt"}) {
      file(std::string("/t/__pycache__/") + name);
    }
    directory("/t/__pycache__/foo.cpython-312.pyc");
    link("/t/__pycache__/foo.cpython-310.pyc", "/t/foo.txt");
    for (const char* name : {"foo.pyc", "foo.pyo", "foo.bar.pyc", "foobar.pyc", "foo.so"}) {
      file(std::string("/t/") + name);
    }
  }
};

const std::vector<std::string> of_foo = {"/t/__pycache__/foo.cpython-311.opt-2.pyc",
                                         "/t/__pycache__/foo.cpython-311.pyc",
                                         "/t/__pycache__/foo.cpython-39.pyc"};

BOOST_AUTO_TEST_CASE(only_bytecode_of_the_source_in_question_is_found) {
  const Places places;
  const os::Root root = places.root();
  const Interpreters none;
  Leftovers leftovers(root, none);
  leftovers.note_source("/t/foo.py", v311);
  check(paths(leftovers.bytecode()), of_foo);
  check(paths(leftovers.bytecode()), {}); // each is told once
  leftovers.note_source("/t/foo.bar.py", v311);
  check(paths(leftovers.bytecode()), {"/t/__pycache__/foo.bar.cpython-311.pyc"});
  leftovers.note_source("/t/foo.so", v311);
  leftovers.note_source("/t/foo", v311);
  leftovers.note_source("/missing/foo.py", v311);
  check(paths(leftovers.bytecode()), {});
}

BOOST_AUTO_TEST_CASE(a_bytecode_file_leads_to_its_siblings) {
  const Places places;
  const os::Root root = places.root();
  const Interpreters none;
  Leftovers leftovers(root, none);
  leftovers.note_bytecode("/t/__pycache__/foo.cpython-311.opt-1.pyc", v311);
  check(paths(leftovers.bytecode()), of_foo);
  leftovers.note_bytecode("/t/__pycache__/foo.txt", v311);
  check(paths(leftovers.bytecode()), {});
}

BOOST_AUTO_TEST_CASE(python_2_has_its_bytecode_beside_the_source) {
  const Places places;
  const os::Root root = places.root();
  const Interpreters none;
  Leftovers leftovers(root, none);
  leftovers.note_source("/t/foo.py", v27);
  check(paths(leftovers.bytecode()), {"/t/foo.pyc", "/t/foo.pyo"});
  leftovers.note_bytecode("/t/foo.bar.pyo", v27);
  check(paths(leftovers.bytecode()), {"/t/foo.bar.pyc"});
}

BOOST_AUTO_TEST_CASE(links_to_modules_are_found_in_every_tree_but_those_left_alone) {
  const test::ScratchDirectory scratch;
  const std::string source = "/usr/share/pyshared/m.py";
  scratch.link("/usr/lib/pymodules/python3.11/m.py", source);
  scratch.link("/usr/lib/pymodules/python3.11/a/b/m.py", "/usr/lib/pyshared/python3.11/a/b/m.py");
  scratch.link("/usr/lib/pymodules/python3.11/theirs.py", "/home/me/m.py");
  scratch.link("/usr/lib/pymodules/python3.11/relative.py", "../../../share/pyshared/m.py");
  scratch.link("/usr/lib/pymodules/python3.11/loop", ".");
  scratch.file("/usr/lib/pymodules/python3.11/file.py");
  scratch.link("/usr/lib/pymodules/python3.9/m.py", source);
  scratch.link("/usr/lib/pymodules/python2.7/m.py", source); // no such interpreter any more
  scratch.link("/usr/lib/pymodules/other/m.py", source);
  scratch.link("/usr/lib/pymodules/python3.11.old/m.py", source);
  const os::Root root = scratch.root();
  Interpreters interpreters;
  interpreters.left.insert(v39);
  const Leftovers leftovers(root, interpreters);
  auto found = leftovers.orphans().links;
  std::sort(found.begin(), found.end());
  const Leftovers::Found expected = {
      {"/usr/lib/pymodules/python2.7/m.py", v27},
      {"/usr/lib/pymodules/python3.11/a/b/m.py", v311},
      {"/usr/lib/pymodules/python3.11/m.py", v311},
  };
  BOOST_CHECK(found == expected);
}

/// The trees as version 1.0 left them, and what somebody else put there.
BOOST_AUTO_TEST_CASE(what_1_0_made_is_told_from_what_others_made) {
  const test::ScratchDirectory scratch;
  const std::string tree = "/usr/lib/pymodules/python2.7/";
  scratch.file(tree + ".path", "/usr/lib/pymodules/python2.7/a\n");
  scratch.file(tree + "a/__init__.py", "");
  scratch.file(tree + "a/__init__.pyc"); // goes with its source
  scratch.link(tree + "a/m.py", "/usr/share/pyshared/a/m.py");
  scratch.file(tree + "a/gone.pyo");
  scratch.file(tree + "theirs/__init__.py", ""); // an own file is beside it
  scratch.file(tree + "theirs/own.py");
  scratch.file(tree + "theirs/own.pyc");
  scratch.file(tree + "full/__init__.py", "x = 1");
  scratch.file("/usr/lib/pymodules/python3.11/below/.path");
  scratch.file("/usr/lib/pymodules/python3.11/beside.pyc"); // no bytecode of a 3.11
  scratch.file("/usr/lib/pymodules/python3.11/__pycache__/gone.cpython-311.pyc");
  const os::Root root = scratch.root();
  const Interpreters none;
  const Orphans orphans = Leftovers(root, none).orphans();
  check(paths(orphans.links), {tree + "a/m.py"});
  check(paths(orphans.markers), {tree + "a/__init__.py"});
  check(paths(orphans.path_files), {tree + ".path"});
  check(paths(orphans.bytecode),
        {tree + "a/gone.pyo", "/usr/lib/pymodules/python3.11/__pycache__/gone.cpython-311.pyc"});
  auto strangers = orphans.strangers;
  std::sort(strangers.begin(), strangers.end());
  check(strangers,
        {tree + "full/__init__.py", tree + "theirs/own.py",
         "/usr/lib/pymodules/python3.11/below/.path", "/usr/lib/pymodules/python3.11/beside.pyc"});
}

BOOST_AUTO_TEST_CASE(before_pep_3147_bytecode_is_beside_the_source) {
  const test::ScratchDirectory scratch;
  scratch.file("/t/foo.pyc");
  scratch.file("/t/__pycache__/foo.cpython-32.pyc");
  const os::Root root = scratch.root();
  const Interpreters none;
  Leftovers leftovers(root, none);
  leftovers.note_source("/t/foo.py", {3, 1});
  check(paths(leftovers.bytecode()), {"/t/foo.pyc"});
  leftovers.note_source("/t/foo.py", {3, 2});
  check(paths(leftovers.bytecode()), {"/t/__pycache__/foo.cpython-32.pyc"});
}

BOOST_AUTO_TEST_CASE(without_trees_there_is_nothing_to_find) {
  const test::ScratchDirectory scratch;
  const os::Root root = scratch.root();
  const Interpreters none;
  BOOST_CHECK(Leftovers(root, none).orphans().links.empty());
}

} // namespace
} // namespace pysup::pass
