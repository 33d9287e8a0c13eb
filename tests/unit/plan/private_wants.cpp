// SPDX-License-Identifier: GPL-2.0-or-later
#include "asking.hpp"
#include "plan/wants.hpp"

namespace pysup::plan {
namespace {

reference::Reference private_asks(const std::string& name,
                                  std::vector<reference::PrivateFile> files) {
  reference::Reference reference;
  reference.name = name;
  reference.kind = reference::Kind::private_list;
  reference.private_files = std::move(files);
  return reference;
}

std::vector<std::string> wanted(Version version, std::optional<Version> default_version,
                                const std::vector<reference::Reference>& references) {
  std::vector<std::string> lines;
  for (const PrivateWant& want : private_wants(version, default_version, references)) {
    lines.push_back(want.file->place + " by " + want.by->name);
  }
  return lines;
}

BOOST_AUTO_TEST_CASE(a_pinned_module_is_for_its_version_and_others_for_the_default) {
  const std::vector<reference::Reference> references = {
      private_asks("a.private", {{"/p/any.py", "/p/any.py", {}}, {"/p/old.py", "/p/old.py", v39}})};
  check_lines(wanted(v39, v311, references), {"/p/old.py by a.private"});
  check_lines(wanted(v311, v311, references), {"/p/any.py by a.private"});
  check_lines(wanted(v313, v311, references), {});
  check_lines(wanted(v39, v39, references), {"/p/any.py by a.private", "/p/old.py by a.private"});
  check_lines(wanted(v39, {}, references), {"/p/old.py by a.private"});
  check_lines(wanted(v311, {}, references), {});
}

BOOST_AUTO_TEST_CASE(one_place_is_compiled_once_and_belongs_to_the_first_reference) {
  const std::vector<reference::Reference> references = {
      private_asks("a.private", {{"/link/m.py", "/real/m.py", {}}}),
      private_asks("b.private", {{"/real/m.py", "/real/m.py", {}}, {"/a.py", "/a.py", {}}})};
  check_lines(wanted(v311, v311, references), {"/a.py by b.private", "/real/m.py by a.private"});
}

BOOST_AUTO_TEST_CASE(one_place_may_be_wanted_for_two_versions) {
  const std::vector<reference::Reference> references = {
      private_asks("a.private", {{"/m.py", "/m.py", {}}}),
      private_asks("b.private", {{"/m.py", "/m.py", v39}})};
  check_lines(wanted(v311, v311, references), {"/m.py by a.private"});
  check_lines(wanted(v39, v311, references), {"/m.py by b.private"});
}

/// Calls of py3compile, one with -O and two without.
BOOST_AUTO_TEST_CASE(one_place_may_be_wanted_for_two_levels) {
  const std::vector<reference::Reference> references = {
      private_asks("py3compile/a", {{"/m.py", "/m.py", v311, 0}, {"/m.py", "/m.py", v311, 1}}),
      private_asks("py3compile/b", {{"/m.py", "/m.py", v311, 0}})};
  check_lines(wanted(v311, v311, references), {"/m.py by py3compile/a", "/m.py by py3compile/a"});
}

} // namespace
} // namespace pysup::plan
