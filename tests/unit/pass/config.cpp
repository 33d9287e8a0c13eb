// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/config.hpp"

#include "scratch_directory.hpp"

#include <map>

namespace pysup::pass {
namespace {

using namespace std::chrono_literals;
using bytecode::InvalidationMode;
using Levels = std::set<std::uint8_t>;

struct Loaded {
  Config config;
  std::vector<std::string> warnings;
};

using Variables = std::map<std::string, std::string>;

os::Environment environment_of(const Variables& variables) {
  return [variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

/// The configuration by a file and the environment; without a file where TEXT is nullptr.
Loaded load(const char* text, const Variables& variables = {}) {
  const test::ScratchDirectory scratch;
  if (text != nullptr) {
    scratch.file("/etc/python-support.conf", text);
  }
  Loaded loaded;
  loaded.config = load_config(scratch.root(), environment_of(variables), loaded.warnings);
  return loaded;
}

void check_defaults(const Config& config) {
  BOOST_CHECK(config.compile == CompileWhen::now);
  BOOST_CHECK_EQUAL(config.jobs, 0);
  BOOST_CHECK(config.limit == 120s);
  BOOST_CHECK(!config.levels);
  BOOST_CHECK(!config.mode);
}

BOOST_AUTO_TEST_CASE(without_a_file_or_with_an_empty_one_there_are_defaults) {
  for (const char* text : {static_cast<const char*>(nullptr), "", "\n\n", "# nothing\n  \t\n"}) {
    const Loaded loaded = load(text);
    check_defaults(loaded.config);
    BOOST_CHECK(loaded.warnings.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_setting_is_read) {
  const Loaded loaded = load("compile = later\n"
                             "jobs=3\n"
                             "  limit\t=\t7  # seconds\r\n"
                             "optimize = 0, 2\n"
                             "invalidation-mode = checked-hash");
  BOOST_CHECK(loaded.warnings.empty());
  BOOST_CHECK(loaded.config.compile == CompileWhen::later);
  BOOST_CHECK_EQUAL(loaded.config.jobs, 3);
  BOOST_CHECK(loaded.config.limit == 7s);
  BOOST_CHECK(loaded.config.levels == (Levels{0, 2}));
  BOOST_CHECK(loaded.config.mode == InvalidationMode::checked_hash);
}

BOOST_AUTO_TEST_CASE(the_environment_comes_before_the_file) {
  const Loaded loaded = load("compile = later\njobs = 3\nlimit = 7\noptimize = 0\n"
                             "invalidation-mode = timestamp\n",
                             {{"PYTHON_SUPPORT_COMPILE", "never"},
                              {"PYTHON_SUPPORT_JOBS", "5"},
                              {"PYTHON_SUPPORT_LIMIT", "0"},
                              {"PYTHON_SUPPORT_OPTIMIZE", "1,2"},
                              {"PYTHON_SUPPORT_INVALIDATION_MODE", "unchecked-hash"}});
  BOOST_CHECK(loaded.warnings.empty());
  BOOST_CHECK(loaded.config.compile == CompileWhen::never);
  BOOST_CHECK_EQUAL(loaded.config.jobs, 5);
  BOOST_CHECK(loaded.config.limit == 0s);
  BOOST_CHECK(loaded.config.levels == (Levels{1, 2}));
  BOOST_CHECK(loaded.config.mode == InvalidationMode::unchecked_hash);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_understood_is_told_with_its_line_and_does_not_count) {
  for (const char* line :
       {"compile = sometimes", "compile =",  "compile = NOW", "compile",
        "jobs = -1",           "jobs = x",   "jobs = 2.5",    "jobs = 99999999999",
        "jobs = 4 5",          "limit = -1", "limit = 1h",    "optimize = 3",
        "optimize = 0,,1",     "optimize =", "optimize = 00", "invalidation-mode = hash",
        "unknown = 1",         "= now",      "nonsense",      "Compile = later"}) {
    const std::string text = std::string("# first\n") + line + "\n";
    const Loaded loaded = load(text.c_str());
    BOOST_TEST_CONTEXT(line) {
      check_defaults(loaded.config);
      BOOST_REQUIRE_EQUAL(loaded.warnings.size(), 1);
      BOOST_CHECK_MESSAGE(loaded.warnings[0].starts_with("/etc/python-support.conf:2:"),
                          loaded.warnings[0]);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_line_does_not_spoil_the_others) {
  const Loaded loaded = load("jobs = many\ncompile = never\n");
  BOOST_CHECK(loaded.config.compile == CompileWhen::never);
  BOOST_CHECK_EQUAL(loaded.warnings.size(), 1);
}

BOOST_AUTO_TEST_CASE(a_bad_variable_leaves_what_the_file_says) {
  const Loaded loaded = load("jobs = 3\n", {{"PYTHON_SUPPORT_JOBS", "many"}});
  BOOST_CHECK_EQUAL(loaded.config.jobs, 3);
  BOOST_REQUIRE_EQUAL(loaded.warnings.size(), 1);
  BOOST_CHECK(loaded.warnings[0].find("PYTHON_SUPPORT_JOBS") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_two_lines_the_last_counts) {
  BOOST_CHECK_EQUAL(load("jobs = 3\njobs = 4\n").config.jobs, 4);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_told_and_counts_as_empty) {
  const test::ScratchDirectory scratch;
  scratch.directory("/etc/python-support.conf");
  std::vector<std::string> warnings;
  check_defaults(load_config(scratch.root(), environment_of({}), warnings));
  BOOST_REQUIRE_EQUAL(warnings.size(), 1);
  BOOST_CHECK(warnings[0].find("/etc/python-support.conf") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed_inside_the_root_only) {
  const test::ScratchDirectory scratch;
  scratch.file("/outside.conf", "jobs = 9\n");
  scratch.file("/root/outside.conf", "jobs = 2\n");
  scratch.link("/root/etc/python-support.conf", "../../outside.conf");
  std::vector<std::string> warnings;
  BOOST_CHECK_EQUAL(load_config(scratch.root("/root"), environment_of({}), warnings).jobs, 2);
}

BOOST_AUTO_TEST_CASE(levels_are_a_comma_list) {
  BOOST_CHECK(parse_levels("0").value() == Levels{0});
  BOOST_CHECK(parse_levels("2,0,2").value() == (Levels{0, 2}));
  BOOST_CHECK(parse_levels(" 1 ,\t2 ").value() == (Levels{1, 2}));
  for (const char* text : {"", ",", "0,", ",0", "3", "-1", "01", "0 1", "x"}) {
    BOOST_CHECK_MESSAGE(!parse_levels(text), text);
  }
}

} // namespace
} // namespace pysup::pass
