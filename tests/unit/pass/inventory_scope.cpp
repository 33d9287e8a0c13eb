// SPDX-License-Identifier: GPL-2.0-or-later
//
// How much a pass looks at: what is out of scope must not show up at all, lest it be removed.
#include "survey.hpp"

namespace pysup::pass {
namespace {

const std::string a_path = tree_path(v311, "a.py");
const std::string b_path = tree_path(v311, "b.py");

/// Two references for python3.11, both installed.
struct Two : Survey {
  Two() {
    serve_3_11();
    ask("a.public", {"a.py"});
    ask("b.public", {"b.py"});
    made_link(v311, "a.py", "a.public");
    made_link(v311, "b.py", "b.public");
  }
  void drop(const std::string& name) {
    std::erase_if(references, [&](const auto& one) { return one.name == name; });
  }
  [[nodiscard]] bool looks_at(const std::string& path) const { return find(path) != nullptr; }
};

BOOST_AUTO_TEST_CASE(everything_is_everything) {
  Two survey;
  survey.take();
  BOOST_CHECK(survey.looks_at(a_path) && survey.looks_at(b_path));
}

BOOST_AUTO_TEST_CASE(interpreters_alone_are_nothing_where_none_changed) {
  Two survey;
  survey.drop("b.public"); // what is gone is for a pass that looks at references
  survey.request.scope = Scope::interpreters;
  BOOST_CHECK(survey.take().facts.empty());
}

BOOST_AUTO_TEST_CASE(an_interpreter_that_changed_is_looked_at_whole) {
  Two survey;
  survey.request.scope = Scope::interpreters;
  survey.interpreters.served[0].changed = true;
  survey.take();
  BOOST_CHECK(survey.looks_at(a_path) && survey.looks_at(b_path));
}

BOOST_AUTO_TEST_CASE(another_default_version_concerns_everything) {
  Two survey;
  survey.request.scope = Scope::interpreters;
  survey.interpreters.default_changed = true;
  survey.take();
  BOOST_CHECK(survey.looks_at(a_path) && survey.looks_at(b_path));
}

BOOST_AUTO_TEST_CASE(files_of_an_interpreter_that_went_are_looked_at) {
  Two survey;
  survey.request.scope = Scope::interpreters;
  survey.made_link(v39, "a.py", "a.public");
  survey.take();
  BOOST_CHECK(survey.looks_at(tree_path(v39, "a.py")));
  BOOST_CHECK(!survey.looks_at(a_path));
}

BOOST_AUTO_TEST_CASE(only_named_references_are_looked_at) {
  Two survey;
  survey.request.scope = Scope::named;
  survey.request.references = {"a.public"};
  survey.take();
  BOOST_CHECK(survey.looks_at(a_path) && !survey.looks_at(b_path));
  survey.drop("b.public");
  survey.take();
  BOOST_CHECK(!survey.looks_at(b_path));
}

BOOST_AUTO_TEST_CASE(what_a_named_reference_had_made_is_looked_at_whoever_wants_it_now) {
  Two survey;
  survey.request.scope = Scope::named;
  survey.request.references = {"a.public"};
  survey.drop("a.public");
  survey.take();
  BOOST_CHECK(!survey.fact(a_path).wanted);
  survey.references[0].public_files.insert(survey.references[0].public_files.begin(),
                                           {"a.py", source_path("a.py"), {}});
  survey.take();
  BOOST_CHECK(survey.fact(a_path).wanted);
  BOOST_CHECK_EQUAL(survey.fact(a_path).reference, "b.public");
}

/// Without its marker Python 2 could not import what is linked now.
BOOST_AUTO_TEST_CASE(markers_of_a_named_references_directories_are_looked_at) {
  Survey survey;
  survey.serve(v27, "");
  survey.ask("a.public", {"a/m.py", "both/m.py"});
  survey.ask("b.public", {"b/m.py", "both/n.py"});
  survey.request.scope = Scope::named;
  survey.request.references = {"a.public"};
  survey.take();
  BOOST_CHECK(survey.find(tree_path(v27, "a/__init__.py")) != nullptr);
  BOOST_CHECK(survey.find(tree_path(v27, "both/__init__.py")) != nullptr);
  BOOST_CHECK(survey.find(tree_path(v27, "b/__init__.py")) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_cleaned_reference_asks_for_nothing) {
  Two survey;
  survey.request.scope = Scope::named;
  survey.request.references = {"a.public"};
  survey.request.clean = true;
  survey.take();
  BOOST_CHECK(!survey.fact(a_path).wanted);
  BOOST_CHECK(!survey.looks_at(b_path));
}

/// A prerm runs on upgrade too, and the rest of the transaction may import the modules.
BOOST_AUTO_TEST_CASE(in_a_maintainer_script_public_modules_stay_and_private_bytecode_goes) {
  Two survey;
  const std::string cache = "/usr/share/p/__pycache__/m.cpython-311.pyc";
  survey.ask_private("p.private", "/usr/share/p/m.py");
  survey.made_bytecode(v311, cache, "p.private", "/usr/share/p/m.py");
  survey.request.scope = Scope::named;
  survey.request.references = {"a.public", "p.private"};
  survey.request.clean = true;
  survey.request.in_maintainer_script = true;
  survey.take();
  BOOST_CHECK(survey.fact(a_path).wanted);
  BOOST_CHECK(!survey.fact(cache).wanted);
}

BOOST_AUTO_TEST_CASE(force_makes_again_what_is_right) {
  Two survey;
  survey.ask_private("p.private", "/usr/share/p/m.py");
  const std::string cache = "/usr/share/p/__pycache__/m.cpython-311.pyc";
  survey.take();
  BOOST_CHECK(!survey.fact(a_path).forced && !survey.fact(cache).forced);
  survey.request.force_private = true;
  survey.take();
  BOOST_CHECK(!survey.fact(a_path).forced && survey.fact(cache).forced);
  survey.request.force_all = true;
  survey.take();
  BOOST_CHECK(survey.fact(a_path).forced && survey.fact(cache).forced);
}

} // namespace
} // namespace pysup::pass
