// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/python.hpp"

#include "py_compile_support.hpp"
#include "versions.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

using test::ScratchDirectory;

/// An environment of these variables alone.
os::Environment variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

/// The levels that the host's interpreter has under each of PYTHONOPTIMIZE's values.
constexpr const char* own_levels = R"(
import os, subprocess, sys
for value in sys.argv[1:]:
    environment = dict(os.environ, PYTHONOPTIMIZE=value)
    level = subprocess.check_output(
        [sys.executable, '-S', '-c', 'import sys; print(sys.flags.optimize)'], env=environment)
    print(int(level), end=' ')
)";

/// importlib.util.cache_from_source() in directory argv[1] for sources argv[4:].
constexpr const char* own_cache_paths = R"(
import importlib.util, os, sys
os.chdir(sys.argv[1])
sys.pycache_prefix = sys.argv[2] or None
for source in sys.argv[4:]:
    level = sys.argv[3] if sys.argv[3] != '0' else ''
    print(importlib.util.cache_from_source(source, optimization=level))
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// PATH without components ".": versions of importlib differ in whether they leave them.
std::string without_dots(std::string path) {
  for (std::size_t at = 0; (at = path.find("/./")) != std::string::npos;) {
    path.erase(at, 2);
  }
  return path;
}

} // namespace

BOOST_AUTO_TEST_SUITE(python_identity)

BOOST_AUTO_TEST_CASE(level_of_python3_is_the_number_of_the_variable) {
  const std::pair<const char*, int> cases[] = {
      {"", 0},
      {"0", 0},
      {"1", 1},
      {"2", 2},
      {"3", 3},
      {"00", 0},
      {"02", 2},
      {"-0", 0},
      {"-1", 1},
      {"x", 1},
      {"2x", 1},
      {"x2", 1},
      {"1.5", 1},
      {" ", 1},
      {" 2", 2},
      {"2 ", 1},
      {" 0", 0},
      {"+2", 2},
      {"+0", 0},
      {"+", 1},
      {"\t2", 2},
      {"- 2", 1},
      {"+-2", 1},
      {"0x2", 1},
      {"2147483647", 2147483647},
      {"2147483648", 1},
      {"99999999999999999999", 1},
      {"-99999999999999999999", 1},
  };
  std::vector<std::string> values;
  std::string expected;
  for (const auto& [text, level] : cases) {
    BOOST_TEST(level_from_environment(v313, text) == level, "PYTHONOPTIMIZE=" << text);
    values.emplace_back(text);
    expected += fmt::format("{} ", level);
  }
  BOOST_CHECK_EQUAL(run_python(host_interpreter(), own_levels, values), expected);
}

// Python/pythonrun.c of 2.7: not empty is 1 at least, and more if atoi(3) says so.
BOOST_AUTO_TEST_CASE(level_of_python2_is_1_at_least) {
  const std::pair<const char*, int> cases[] = {
      {"", 0},  {"0", 1},  {"1", 1},  {"2", 2},
      {"3", 3}, {"02", 2}, {"-1", 1}, {"-2", 1},
      {"x", 1}, {"2x", 2}, {"x2", 1}, {"2.9", 2},
      {" ", 1}, {" 2", 2}, {"+2", 2}, {"2147483647", 2147483647},
  };
  for (const auto& [text, level] : cases) {
    BOOST_TEST(level_from_environment(v27, text) == level, "PYTHONOPTIMIZE=" << text);
  }
}

BOOST_AUTO_TEST_CASE(interpreter_is_asked_who_it_is) {
  const Interpreter& host = host_interpreter();
  const auto python = ask_python(host.executable, variables({}));
  BOOST_REQUIRE_MESSAGE(python, test::why(python));
  BOOST_CHECK_EQUAL(python->executable, host.executable);
  BOOST_CHECK(python->identity.version == host.version);
  BOOST_CHECK_EQUAL(fmt::format("{} {}\n", python->identity.magic, python->identity.cache_tag),
                    run_python(host, "import importlib.util, struct, sys\n"
                                     "magic = struct.unpack('<I', importlib.util.MAGIC_NUMBER)\n"
                                     "print(magic[0], sys.implementation.cache_tag)"));
  BOOST_CHECK_EQUAL(python->optimize, 0);
  BOOST_CHECK_EQUAL(python->pycache_prefix, "");
}

BOOST_AUTO_TEST_CASE(variables_count_as_they_would_for_the_interpreter) {
  const std::string& executable = host_interpreter().executable;
  auto python = ask_python(executable, variables({{"PYTHONOPTIMIZE", "2"},
                                                  {"PYTHONPYCACHEPREFIX", "/var/cache/x"},
                                                  {"PYTHONHOME", "/nonexistent"}}));
  BOOST_REQUIRE_MESSAGE(python, test::why(python));
  BOOST_CHECK_EQUAL(python->optimize, 2);
  const bool prefixed = python->identity.version >= Version{3, 8};
  BOOST_CHECK_EQUAL(python->pycache_prefix, prefixed ? "/var/cache/x" : "");
  python = ask_python(executable, variables({{"PYTHONOPTIMIZE", ""}, {"PYTHONPYCACHEPREFIX", ""}}));
  BOOST_REQUIRE_MESSAGE(python, test::why(python));
  BOOST_CHECK_EQUAL(python->optimize, 0);
  BOOST_CHECK_EQUAL(python->pycache_prefix, "");
}

BOOST_AUTO_TEST_CASE(environment_of_this_process_does_not_count) {
  const Variable level("PYTHONOPTIMIZE", "2");
  const Variable prefix("PYTHONPYCACHEPREFIX", "/nonexistent");
  const auto python = ask_python(host_interpreter().executable, variables({}));
  BOOST_REQUIRE_MESSAGE(python, test::why(python));
  BOOST_CHECK_EQUAL(python->optimize, 0);
  BOOST_CHECK_EQUAL(python->pycache_prefix, "");
  const auto ours = ask_python(host_interpreter().executable, os::process_environment);
  BOOST_REQUIRE_MESSAGE(ours, test::why(ours));
  BOOST_CHECK_EQUAL(ours->optimize, 2);
}

BOOST_AUTO_TEST_CASE(what_is_no_interpreter_is_an_error) {
  for (const char* const executable : {"/usr/bin/python3.99", "/bin/true", "/usr"}) {
    const auto python = ask_python(executable, variables({}));
    BOOST_REQUIRE_MESSAGE(!python, executable);
    BOOST_CHECK_MESSAGE(python.error().message.starts_with(executable), python.error().message);
  }
}

BOOST_AUTO_TEST_CASE(bytecode_is_where_importlib_looks_for_it) {
  const ScratchDirectory scratch;
  const WorkingDirectory here(scratch.host(""));
  const std::vector<std::string> sources = {"x.py",       "./x.py",    "d/x.py",  "./d/x.py",
                                            "../x.py",    "d/../x.py", "/d/x.py", "/d/e/x.y.py",
                                            "d/e/f/x.py", "/d/.x",     "/d/x",    "\xc3\xa9/x.py"};
  for (const char* prefix : {"", "/var/cache/python", "/var/cache/python/", "relative", "/"}) {
    for (const int level : {0, 1, 2, 3}) {
      std::vector<std::string> arguments{scratch.host(""), prefix, std::to_string(level)};
      arguments.insert(arguments.end(), sources.begin(), sources.end());
      const auto expected = lines_of(run_python(host_interpreter(), own_cache_paths, arguments));
      BOOST_REQUIRE_EQUAL(expected.size(), sources.size());
      Python python = host_python();
      python.pycache_prefix = prefix;
      for (std::size_t i = 0; i < sources.size(); ++i) {
        const auto path = default_cfile(python, sources[i], level);
        BOOST_REQUIRE_MESSAGE(path, test::why(path));
        BOOST_TEST(without_dots(*path) == without_dots(expected[i]),
                   sources[i] << " below \"" << prefix << '"');
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(python2_knows_no_prefix) {
  const Python python{"/usr/bin/python2.7", {v27, 0, "cpython-27"}, 0, "/var/cache/python"};
  BOOST_CHECK_EQUAL(*default_cfile(python, "d/x.py", 0), "d/x.pyc");
  BOOST_CHECK_EQUAL(*default_cfile(python, "/d/x.py", 2), "/d/x.pyo");
}

BOOST_AUTO_TEST_CASE(working_directory_that_is_gone_is_an_error_where_it_is_needed) {
  Python python = host_python();
  ScratchDirectory scratch;
  scratch.directory("/gone");
  const WorkingDirectory outside("/"); // to come back to
  BOOST_REQUIRE_EQUAL(::chdir(scratch.host("/gone").c_str()), 0);
  scratch.remove("/gone");
  BOOST_CHECK(default_cfile(python, "x.py", 0));
  python.pycache_prefix = "/var/cache";
  BOOST_CHECK(default_cfile(python, "/d/x.py", 0));
  const auto path = default_cfile(python, "x.py", 0);
  BOOST_REQUIRE(!path);
  BOOST_CHECK_EQUAL(path.error().code, ENOENT);
  const auto result = compile(python, {.file = "x.py"});
  BOOST_CHECK(is_error(result, PyCompileError::Kind::unreadable));
  BOOST_CHECK(told(result).starts_with("FileNotFoundError: [Errno 2] "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
