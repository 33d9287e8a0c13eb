// SPDX-License-Identifier: GPL-2.0-or-later
#include "interpreter/discover.hpp"

#include "scratch.hpp"

using namespace pysup;
using namespace pysup::interpreter;
using scratch::ScratchRoot;

namespace {

std::vector<std::string> names(const ScratchRoot& scratch) {
  const auto found = candidates(scratch.open());
  BOOST_REQUIRE(found.has_value());
  std::vector<std::string> result;
  for (const Candidate& candidate : *found) {
    BOOST_TEST(candidate.path == "/usr/bin/" + candidate.version.name());
    result.push_back(candidate.version.text());
  }
  return result;
}

std::string default_of(const ScratchRoot& scratch, int major) {
  const auto version = default_version(scratch.open(), major);
  return version ? version->text() : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(discover)

BOOST_AUTO_TEST_CASE(finds_programs_by_name_and_sorts_them_as_numbers) {
  const ScratchRoot scratch;
  for (const char* name : {"python3.13", "python3.9", "python3.10", "python2.7"}) {
    scratch.program(std::string("/usr/bin/") + name);
  }
  const std::vector<std::string> expected{"2.7", "3.9", "3.10", "3.13"};
  BOOST_TEST(names(scratch) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_names_are_none) {
  const ScratchRoot scratch;
  for (const char* name :
       {"python", "python3", "python3.13-config", "python3.13d", "python3.13t", "python3.",
        "python.3", "python3.013", "python03.13", "python3.1.3", "python3.999", "python-3.1",
        "Python3.1", "xpython3.1", "python3.13 ", "python3.-1", "pypy3.9"}) {
    scratch.program(std::string("/usr/bin/") + name);
  }
  BOOST_TEST(names(scratch).empty());
}

BOOST_AUTO_TEST_CASE(only_executable_files_and_links_to_them) {
  const ScratchRoot scratch;
  scratch.write("/usr/bin/python3.1", "not executable");
  std::filesystem::permissions(scratch.at("/usr/bin/python3.1"), std::filesystem::perms(0644));
  std::filesystem::create_directories(scratch.at("/usr/bin/python3.2"));
  scratch.link("/opt/gone", "/usr/bin/python3.3");
  scratch.link("python3.4", "/usr/bin/python3.4"); // a loop
  scratch.link("/usr/bin/python3.2/x/y", "/usr/bin/python3.5");
  scratch.program("/opt/bin/python3.6");
  scratch.link("/opt/bin/python3.6", "/usr/bin/python3.6");
  scratch.link("../../opt/bin/python3.6", "/usr/bin/python3.7");
  const std::vector<std::string> expected{"3.6", "3.7"};
  BOOST_TEST(names(scratch) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_link_out_of_the_root_stays_inside) {
  const ScratchRoot outside;
  outside.program("/python3.8");
  const ScratchRoot scratch;
  scratch.link(outside.at("/python3.8").string(), "/usr/bin/python3.8");
  BOOST_TEST(names(scratch).empty());
}

BOOST_AUTO_TEST_CASE(tells_about_the_program_and_not_the_link) {
  const ScratchRoot scratch;
  scratch.program("/opt/python3.6");
  scratch.link("/opt/python3.6", "/usr/bin/python3.6");
  const auto found = candidates(scratch.open());
  BOOST_REQUIRE(found.has_value());
  BOOST_REQUIRE(found->size() == 1U);
  BOOST_TEST((found->front().file == *scratch.open().info("/opt/python3.6")));
  BOOST_TEST((found->front().file.type == os::FileType::regular));
}

BOOST_AUTO_TEST_CASE(a_root_without_usr_bin_has_none) {
  const ScratchRoot scratch;
  BOOST_TEST(names(scratch).empty());
}

BOOST_AUTO_TEST_CASE(a_usr_bin_that_cannot_be_listed_is_an_error) {
  const ScratchRoot scratch;
  scratch.write("/usr/bin", "a file");
  BOOST_TEST(!candidates(scratch.open()).has_value());
}

BOOST_AUTO_TEST_CASE(the_default_is_what_the_link_names) {
  const ScratchRoot scratch;
  BOOST_TEST(default_of(scratch, 3) == "none");
  scratch.link("python3.13", "/usr/bin/python3");
  scratch.link("/usr/bin/python2.7", "/usr/bin/python2");
  BOOST_TEST(default_of(scratch, 3) == "3.13");
  BOOST_TEST(default_of(scratch, 2) == "2.7");
}

BOOST_AUTO_TEST_CASE(the_default_is_found_behind_alternatives_and_merged_directories) {
  const ScratchRoot scratch;
  std::filesystem::create_directories(scratch.at("/usr/bin"));
  scratch.link("usr/bin", "/bin");
  scratch.link("/etc/alternatives/python3", "/usr/bin/python3");
  scratch.link("/bin/python3.10", "/etc/alternatives/python3");
  BOOST_TEST(default_of(scratch, 3) == "3.10");
}

BOOST_AUTO_TEST_CASE(something_else_is_no_default) {
  const struct {
    const char* target;
    const char* why;
  } cases[] = {
      {"python2.7", "another major version"}, {"/usr/local/bin/python3.9", "another directory"},
      {"python3-wrapper", "another name"},    {"python3", "a loop"},
      {"python3.9-dbg", "more behind it"},    {"/usr/bin/../lib/python3.9", "another directory"},
  };
  for (const auto& [target, why] : cases) {
    BOOST_TEST_CONTEXT(why) {
      const ScratchRoot scratch;
      scratch.link(target, "/usr/bin/python3");
      std::filesystem::create_directories(scratch.at("/usr/lib"));
      BOOST_TEST(default_of(scratch, 3) == "none");
    }
  }
  const ScratchRoot scratch;
  scratch.program("/usr/bin/python3");
  BOOST_TEST(default_of(scratch, 3) == "none");
}

BOOST_AUTO_TEST_SUITE_END()
