// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.hpp"

namespace pysup::pass {
namespace {

using plan::Kind;
using plan::Present;

BOOST_AUTO_TEST_CASE(a_module_is_wanted_as_link_bytecode_and_path_file) {
  Survey survey;
  survey.serve_3_11();
  survey.ask("a.public", {"m.py", "data.txt"});
  const Inventory& inventory = survey.take();
  BOOST_CHECK_EQUAL(inventory.facts.size(), 4); // data has no bytecode
  BOOST_CHECK(inventory.warnings.empty());
  const plan::Fact& link = survey.fact(link_path);
  BOOST_CHECK(link.kind == Kind::link && link.wanted && !link.recorded && !link.right);
  BOOST_CHECK(link.present == Present::nothing);
  BOOST_CHECK_EQUAL(link.target, source_path("m.py"));
  BOOST_CHECK_EQUAL(link.reference, "a.public");
  const plan::Fact& bytecode = survey.fact(cache_path);
  BOOST_CHECK(bytecode.kind == Kind::bytecode && bytecode.wanted);
  BOOST_CHECK(bytecode.fitness == plan::Fitness::stale);
  BOOST_CHECK_EQUAL(bytecode.target, link_path);
  BOOST_REQUIRE_LT(bytecode.link, inventory.facts.size());
  BOOST_CHECK_EQUAL(inventory.facts[bytecode.link].path, link_path);
  const plan::Fact& path_file = survey.fact(path_file_name(v311));
  BOOST_CHECK(path_file.kind == Kind::path_file && path_file.wanted);
  BOOST_CHECK(path_file.target.starts_with("/usr/lib/pymodules/python3.11\n"));
}

/// As an administrator's "/usr/local/lib" entry would.
BOOST_AUTO_TEST_CASE(path_lines_of_clients_follow_the_trees_own) {
  Survey survey;
  survey.serve_3_11();
  survey.ask("a.public", {"m.py"}).path_lines = {
      {"sub", {}}, {"/abs", {}}, {"old", v39}, {"sub", v311}};
  survey.take();
  BOOST_CHECK_EQUAL(survey.fact(path_file_name(v311)).target,
                    "/usr/lib/pymodules/python3.11\n"
                    "/usr/lib/pymodules/python3.11/sub\n/abs\n");
}

BOOST_AUTO_TEST_CASE(without_public_modules_there_is_no_path_file) {
  Survey survey;
  survey.serve_3_11();
  survey.ask_private("a.private", "/usr/share/a/m.py");
  survey.take();
  BOOST_CHECK(survey.find(path_file_name(v311)) == nullptr);
}

BOOST_AUTO_TEST_CASE(private_modules_are_compiled_in_place_for_their_version) {
  Survey survey;
  survey.serve(v39, "cpython-39");
  survey.serve_3_11();
  survey.ask_private("a.private", "/usr/share/a/m.py");
  survey.ask_private("b.private", "/usr/share/b/m.py", v39);
  BOOST_CHECK_EQUAL(survey.take().facts.size(), 2);
  BOOST_CHECK(survey.fact("/usr/share/a/__pycache__/m.cpython-311.pyc").version == v311);
  const plan::Fact& pinned = survey.fact("/usr/share/b/__pycache__/m.cpython-39.pyc");
  BOOST_CHECK(pinned.version == v39);
  BOOST_CHECK_EQUAL(pinned.link, plan::none);
}

BOOST_AUTO_TEST_CASE(levels_are_those_asked_for_or_those_in_use) {
  Survey survey;
  survey.serve_3_11();
  survey.ask("a.public", {"m.py"});
  survey.request.config.levels = std::set<std::uint8_t>{0, 2};
  survey.take();
  BOOST_CHECK_EQUAL(survey.fact(cache_path).level, 0);
  const std::string opt_2 = tree_path(v311, "__pycache__/m.cpython-311.opt-2.pyc");
  BOOST_CHECK_EQUAL(survey.fact(opt_2).level, 2);

  state::Snapshot snapshot;
  BOOST_CHECK(levels_of({}, snapshot) == std::set<std::uint8_t>{0});
  snapshot.files.resize(2);
  snapshot.files[0].kind = state::FileKind::bytecode;
  snapshot.files[0].level = 1;
  snapshot.files[1].kind = state::FileKind::link; // has no level
  BOOST_CHECK(levels_of({}, snapshot) == std::set<std::uint8_t>{1});
  BOOST_CHECK(levels_of(survey.request.config, snapshot) == (std::set<std::uint8_t>{0, 2}));
}

/// Python 2.7 has one name, .pyo, for levels 1 and 2; the higher one has it.
BOOST_AUTO_TEST_CASE(python_2_has_one_optimized_file) {
  Survey survey;
  survey.serve(v27, "");
  survey.ask("a.public", {"m.py"});
  survey.request.config.levels = std::set<std::uint8_t>{0, 1, 2};
  survey.take();
  BOOST_CHECK_EQUAL(survey.fact(tree_path(v27, "m.pyc")).level, 0);
  BOOST_CHECK_EQUAL(survey.fact(tree_path(v27, "m.pyo")).level, 2);
}

BOOST_AUTO_TEST_CASE(python_2_gets_markers_but_for_exempt_directories) {
  Survey survey;
  survey.serve(v27, "");
  survey.serve_3_11();
  reference::Reference& reference =
      survey.ask("a.public", {"a/b/m.py", "c/m.py", "d/m.py", "e/m.py"});
  reference.path_lines = {{"c", {}}, {"/usr/lib/pymodules/python2.7/d", {}}, {"e", v311}};
  reference.noinit = {"a"};
  survey.take();
  for (const char* made : {"a/b", "e"}) {
    const plan::Fact& marker = survey.fact(tree_path(v27, std::string(made) + "/__init__.py"));
    BOOST_CHECK(marker.kind == Kind::init && marker.wanted);
    // It is compiled like any module.
    BOOST_CHECK(survey.fact(tree_path(v27, std::string(made) + "/__init__.pyc")).wanted);
  }
  for (const char* exempt : {"a", "c", "d"}) {
    BOOST_CHECK(survey.find(tree_path(v27, std::string(exempt) + "/__init__.py")) == nullptr);
  }
  BOOST_CHECK(survey.find(tree_path(v311, "e/__init__.py")) == nullptr);
}

/// A tree that Python 2 does not get has no directory there that could hold a .noinit.
BOOST_AUTO_TEST_CASE(a_reference_for_other_versions_exempts_nothing) {
  Survey survey;
  survey.serve(v27, "");
  survey.ask("a", {"p/x.py"}).versions = reference::VersionSet::parse("3.2-").value();
  survey.references.back().noinit = {"p"};
  survey.ask("b", {"p/y.py"});
  survey.take();
  BOOST_CHECK(survey.find(tree_path(v27, "p/__init__.py")) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_conflict_is_decided_by_content_and_told) {
  Survey survey;
  survey.serve_3_11();
  survey.file("/usr/share/pyshared/other/m.py", "y = 2\n");
  survey.ask("a.public", {"m.py"});
  survey.ask("b.public", {}).public_files = {{"m.py", "/usr/share/pyshared/other/m.py", {}}};
  const Inventory& inventory = survey.take();
  BOOST_REQUIRE_EQUAL(inventory.conflicts.size(), 1);
  BOOST_CHECK(inventory.conflicts[0] == (plan::Conflict{v311, "m.py", "a.public", "b.public"}));
  BOOST_CHECK_EQUAL(survey.fact(link_path).reference, "a.public");
  survey.file("/usr/share/pyshared/other/m.py", survey.bytes(source_path("m.py")));
  BOOST_CHECK(survey.take().conflicts.empty());
}

BOOST_AUTO_TEST_CASE(byte_compilation_exceptions_get_no_bytecode) {
  Survey survey;
  survey.serve_3_11();
  survey.ask("a.public", {"m.py", "n.py"});
  survey.file("/usr/share/python3/bcep/a", "file|-|" + source_path("m.py") + "|\n");
  survey.take();
  BOOST_CHECK(survey.fact(link_path).wanted);
  BOOST_CHECK(survey.find(cache_path) == nullptr);
  BOOST_CHECK(survey.find(tree_path(v311, "__pycache__/n.cpython-311.pyc")) != nullptr);
}

BOOST_AUTO_TEST_CASE(an_interpreter_that_is_not_served_gets_nothing) {
  Survey survey;
  survey.ask("a.public", {"m.py"});
  survey.ask_private("b.private", "/usr/share/b/m.py", v39);
  BOOST_CHECK(survey.take().facts.empty());
}

} // namespace
} // namespace pysup::pass
