// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.hpp"

namespace pysup::pass {
namespace {

using plan::Kind;
using plan::Present;

/// A root where python3.11 wants m.py.
struct Wanted : Survey {
  Wanted() {
    serve_3_11();
    ask("a.public", {"m.py"});
  }
};

BOOST_AUTO_TEST_CASE(a_link_that_is_right_and_recorded_is_left_alone) {
  Wanted survey;
  survey.made_link(v311, "m.py", "a.public");
  survey.take();
  const plan::Fact& fact = survey.fact(link_path);
  BOOST_CHECK(fact.present == Present::ours && fact.right && fact.recorded && !fact.forced);
}

BOOST_AUTO_TEST_CASE(a_link_that_is_right_and_recorded_otherwise_is_recorded_again) {
  Wanted survey;
  survey.made_link(v311, "m.py", "b.public"); // another reference had it made
  const Inventory& inventory = survey.take();
  const plan::Fact& fact = survey.fact(link_path);
  BOOST_CHECK(fact.right && !fact.recorded);
  const auto& renewed = inventory.details[static_cast<std::size_t>(&fact - inventory.facts.data())];
  BOOST_REQUIRE(renewed.renewed != nullptr);
  BOOST_CHECK_EQUAL(renewed.renewed->reference, "a.public");
}

BOOST_AUTO_TEST_CASE(a_link_of_ours_to_elsewhere_is_to_be_replaced) {
  Wanted survey;
  survey.link(link_path, source_path("old/m.py"));
  survey.take();
  const plan::Fact& fact = survey.fact(link_path);
  BOOST_CHECK(fact.present == Present::ours && !fact.right);
}

BOOST_AUTO_TEST_CASE(what_an_administrator_put_there_is_not_ours) {
  Wanted link;
  link.link(link_path, "/home/me/m.py");
  link.take();
  BOOST_CHECK(link.fact(link_path).present == Present::other && !link.fact(link_path).right);
  Wanted file;
  file.file(link_path);
  file.take();
  BOOST_CHECK(file.fact(link_path).present == Present::other && !file.fact(link_path).right);
}

/// The record speaks of a link that somebody replaced by his own file.
BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_a_recorded_link_is_not_ours) {
  Wanted survey;
  survey.made_link(v311, "m.py", "a.public");
  survey.remove(link_path);
  survey.file(link_path, "mine = True\n");
  survey.take();
  BOOST_CHECK(survey.fact(link_path).present == Present::other);
}

BOOST_AUTO_TEST_CASE(what_a_crashed_pass_was_to_make_is_ours) {
  Wanted survey;
  survey.file(cache_path, "torn");
  survey.unfinished = {cache_path};
  survey.take();
  BOOST_CHECK(survey.fact(cache_path).present == Present::ours);
  BOOST_CHECK(survey.fact(cache_path).fitness == plan::Fitness::stale);
}

BOOST_AUTO_TEST_CASE(bytecode_that_an_interpreter_wrote_may_be_replaced) {
  Wanted survey;
  survey.file(cache_path, "whatever");
  survey.take();
  BOOST_CHECK(survey.fact(cache_path).present == Present::ours);
  BOOST_CHECK(survey.fact(cache_path).fitness != plan::Fitness::fresh);
}

BOOST_AUTO_TEST_CASE(a_directory_in_the_place_of_bytecode_is_not_ours) {
  Wanted survey;
  survey.file(cache_path + "/theirs");
  survey.take();
  BOOST_CHECK(survey.fact(cache_path).present != Present::ours);
}

// ---- the tree itself ----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_tree_that_is_a_link_is_taken_as_it_is_and_told) {
  Wanted survey;
  survey.directory("/srv/modules");
  survey.link("/usr/lib/pymodules/python3.11", "/srv/modules");
  survey.take();
  BOOST_CHECK(survey.find(link_path) == nullptr);
  BOOST_CHECK(survey.fact("/srv/modules/m.py").wanted);
  // Modules know themselves by the name on sys.path.
  BOOST_CHECK_EQUAL(survey.fact("/srv/modules/__pycache__/m.cpython-311.pyc").target, link_path);
  BOOST_CHECK(survey.warned("/usr/lib/pymodules/python3.11"));
}

BOOST_AUTO_TEST_CASE(a_tree_that_is_no_directory_is_left_with_all_that_is_recorded) {
  Wanted survey;
  survey.file("/usr/lib/pymodules/python3.11");
  survey.record(state::FileKind::link, v311, link_path, "a.public", source_path("m.py"));
  survey.ask_private("b.private", "/usr/share/b/m.py");
  survey.take();
  BOOST_CHECK(survey.find(link_path) == nullptr);
  BOOST_CHECK(survey.fact("/usr/share/b/__pycache__/m.cpython-311.pyc").wanted); // needs no tree
  BOOST_CHECK(survey.warned("/usr/lib/pymodules/python3.11"));
}

// ---- what nobody wants --------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_is_recorded_and_not_wanted_is_to_go) {
  Survey survey;
  survey.serve_3_11();
  survey.made_link(v311, "gone.py", "gone.public");
  const std::string cache = tree_path(v311, "__pycache__/gone.cpython-311.pyc");
  survey.made_bytecode(v311, cache, "gone.public", tree_path(v311, "gone.py"));
  survey.take();
  for (const std::string& path : {tree_path(v311, "gone.py"), cache}) {
    const plan::Fact& fact = survey.fact(path);
    BOOST_CHECK(!fact.wanted && fact.recorded && fact.present == Present::ours);
    BOOST_CHECK_EQUAL(fact.keep, "/usr/lib/pymodules");
    BOOST_CHECK_EQUAL(fact.reference, "gone.public");
  }
}

BOOST_AUTO_TEST_CASE(what_an_interpreter_wrote_for_a_source_that_goes_goes_too) {
  Survey survey;
  survey.serve_3_11();
  survey.made_link(v311, "gone.py", "gone.public");
  const std::string theirs = tree_path(v311, "__pycache__/gone.cpython-311.opt-1.pyc");
  const std::string other = tree_path(v311, "__pycache__/gone.too.cpython-311.pyc");
  survey.file(theirs);
  survey.file(other);
  survey.take();
  BOOST_CHECK(survey.fact(theirs).present == Present::ours && !survey.fact(theirs).wanted);
  BOOST_CHECK(survey.find(other) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_a_link_that_nobody_wants_stays) {
  Survey survey;
  survey.serve_3_11();
  survey.made_link(v311, "gone.py", "gone.public");
  survey.remove(tree_path(v311, "gone.py"));
  survey.file(tree_path(v311, "gone.py"), "mine = True\n");
  survey.take();
  BOOST_CHECK(survey.fact(tree_path(v311, "gone.py")).present == Present::other);
}

BOOST_AUTO_TEST_CASE(files_of_an_interpreter_that_is_gone_go_and_of_one_left_alone_stay) {
  Survey survey;
  survey.interpreters.gone.resize(1);
  survey.interpreters.gone[0].version = v27;
  survey.interpreters.left.insert(v39);
  survey.made_link(v27, "m.py", "a.public");
  survey.made_link(v39, "m.py", "a.public");
  survey.ask("a.public", {"m.py"});
  survey.take();
  BOOST_CHECK(!survey.fact(tree_path(v27, "m.py")).wanted);
  BOOST_CHECK(survey.find(tree_path(v39, "m.py")) == nullptr);
}

BOOST_AUTO_TEST_CASE(bytecode_of_a_level_that_is_no_longer_asked_for_goes) {
  Wanted survey;
  survey.made_link(v311, "m.py", "a.public");
  const std::string opt_1 = tree_path(v311, "__pycache__/m.cpython-311.opt-1.pyc");
  survey.made_bytecode(v311, opt_1, "a.public", link_path);
  survey.request.config.levels = std::set<std::uint8_t>{0};
  survey.take();
  BOOST_CHECK(!survey.fact(opt_1).wanted);
  BOOST_CHECK(survey.fact(cache_path).wanted);
}

/// Without dpkg nobody knows whose a package's directory is.
BOOST_AUTO_TEST_CASE(a_private_modules_directory_stays_and_its_cache_goes) {
  Survey survey;
  survey.serve_3_11();
  const std::string path = "/usr/share/gone/__pycache__/m.cpython-311.pyc";
  survey.made_bytecode(v311, path, "gone.private", "/usr/share/gone/m.py");
  survey.take();
  BOOST_CHECK_EQUAL(survey.fact(path).keep, "/usr/share/gone");
}

// ---- a state that was lost ----------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(without_a_state_links_to_modules_that_nobody_wants_are_found) {
  Wanted survey;
  survey.link(tree_path(v311, "gone.py"), source_path("gone.py"));
  survey.file(tree_path(v311, "__pycache__/gone.cpython-311.pyc"));
  survey.link(tree_path(v311, "theirs.py"), "/home/me/theirs.py");
  survey.take();
  BOOST_CHECK(survey.find(tree_path(v311, "gone.py")) == nullptr); // there is a state
  survey.without_state = true;
  survey.take();
  BOOST_CHECK(survey.fact(tree_path(v311, "gone.py")).present == Present::ours);
  BOOST_CHECK(!survey.fact(tree_path(v311, "__pycache__/gone.cpython-311.pyc")).wanted);
  BOOST_CHECK(survey.find(tree_path(v311, "theirs.py")) == nullptr);
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_and_nobody_wants_is_found) {
  Wanted survey;
  const std::string left = tree_path(v311, "left.py");
  survey.link(left, source_path("left.py"));
  survey.unfinished = {left, tree_path(v311, "never_made.py")};
  survey.take();
  BOOST_CHECK(!survey.fact(left).wanted && survey.fact(left).present == Present::ours);
}

} // namespace
} // namespace pysup::pass
