// SPDX-License-Identifier: GPL-2.0-or-later
//
// What compile() writes: the same as the interpreter's own py_compile.
#include "bytecode/py_compile.hpp"

#include "py_compile_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <thread>

namespace pysup::bytecode {

namespace {

using test::ScratchDirectory;

constexpr const char* module_text = "\"\"\"Doc.\"\"\"\ndef f(x):\n    \"\"\"Doc.\"\"\"\n"
                                    "    assert x\n    return x\n";

/// x.py, always of one and the same time.
void one_module(const ScratchDirectory& scratch) {
  scratch.file("/x.py", module_text);
  scratch.set_time("/x.py", 1700000000, 999999900); // importlib's double of it is the next second
}

/// What must be in the place of the bytecode file for a check of its own to be of use.
void old_bytecode(const ScratchDirectory& scratch, const std::string& path) {
  scratch.file(path, "old");
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host(path).c_str(), 0600), 0);
  std::filesystem::create_hard_link(scratch.host(path), scratch.host("/other-name"));
}

std::string default_path(int level) {
  return fmt::format("__pycache__/x.{}{}.pyc", host_python().identity.cache_tag,
                     level == 0 ? "" : fmt::format(".opt-{}", level));
}

std::string header_of(const ScratchDirectory& scratch, const std::string& path) {
  return scratch.bytes(path).substr(0, header_size(host_interpreter().version));
}

} // namespace

BOOST_AUTO_TEST_SUITE(py_compile_results)

BOOST_AUTO_TEST_CASE(each_level_is_written_where_python_writes_it) {
  for (const int level : {-1, 0, 1, 2}) {
    const auto result = check_like_python(one_module, {.file = "x.py", .optimize = level});
    BOOST_REQUIRE_MESSAGE(result && *result, told(result));
    BOOST_CHECK_EQUAL(**result, default_path(std::max(level, 0)));
  }
}

BOOST_AUTO_TEST_CASE(level_not_given_is_the_interpreters_own) {
  const ScratchDirectory scratch;
  one_module(scratch);
  const WorkingDirectory here(scratch.host(""));
  Python python = host_python();
  python.optimize = 2;
  BOOST_CHECK_EQUAL(told(compile(python, {.file = "x.py"})), "wrote " + default_path(2));
  const std::string by_default = scratch.bytes("/" + default_path(2));
  BOOST_REQUIRE(compile(python, {.file = "x.py", .cfile = "two.pyc", .optimize = 2}));
  BOOST_REQUIRE(compile(python, {.file = "x.py", .cfile = "none.pyc", .optimize = 0}));
  BOOST_CHECK(by_default == scratch.bytes("/two.pyc"));
  BOOST_CHECK(by_default != scratch.bytes("/none.pyc"));
}

/// PYTHONOPTIMIZE=3 is level 2 to the compiler, under a name of its own.
BOOST_AUTO_TEST_CASE(own_level_above_2_differs_in_the_name_alone) {
  const ScratchDirectory scratch;
  one_module(scratch);
  const WorkingDirectory here(scratch.host(""));
  Python python = host_python();
  python.optimize = 3;
  BOOST_CHECK(!is_fresh(python, {.file = "x.py"}));
  BOOST_CHECK_EQUAL(told(compile(python, {.file = "x.py"})), "wrote " + default_path(3));
  BOOST_CHECK(is_fresh(python, {.file = "x.py"}));
  BOOST_REQUIRE(compile(python, {.file = "x.py", .cfile = "two.pyc", .optimize = 2}));
  BOOST_CHECK(scratch.bytes("/" + default_path(3)) == scratch.bytes("/two.pyc"));
}

BOOST_AUTO_TEST_CASE(cfile_is_written_as_it_is_named) {
  for (const char* cfile : {"y.pyc", "./y", "a/b/c/y.pyc", "a//b/y.pyc", "a/../b/y.pyc", "x.pyo",
                            "\xff\xc3\xa9 y", ".python-support.new"}) {
    BOOST_TEST_CONTEXT(cfile) {
      const auto result = check_like_python(one_module, {.file = "x.py", .cfile = cfile});
      BOOST_CHECK_EQUAL(told(result), std::string("wrote ") + cfile);
    }
  }
}

BOOST_AUTO_TEST_CASE(source_and_bytecode_may_be_one_file) {
  check_like_python(one_module, {.file = "x.py", .cfile = "x.py"});
}

BOOST_AUTO_TEST_CASE(dfile_is_the_recorded_name) {
  const std::optional<std::string> names[] = {
      std::nullopt, "", "/usr/lib/python3/dist-packages/x.py", "\xff\xc3\xa9", "<string>", "a\nb"};
  for (const auto& name : names) {
    BOOST_TEST_CONTEXT(name.value_or("not given")) {
      const auto result = check_like_python(one_module, {.file = "x.py", .dfile = name});
      BOOST_CHECK_EQUAL(told(result), "wrote " + default_path(0));
    }
  }
}

BOOST_AUTO_TEST_CASE(each_mode_has_its_header) {
  for (const auto mode : {InvalidationMode::timestamp, InvalidationMode::checked_hash,
                          InvalidationMode::unchecked_hash}) {
    BOOST_TEST_CONTEXT(to_text(mode)) {
      check_like_python(one_module, {.file = "x.py", .invalidation_mode = mode});
    }
  }
}

BOOST_AUTO_TEST_CASE(mode_not_given_comes_from_the_environment) {
  const ScratchDirectory scratch;
  one_module(scratch);
  const WorkingDirectory here(scratch.host(""));
  const auto write = [](const char* cfile, std::optional<InvalidationMode> mode) {
    const CompileArguments arguments{.file = "x.py", .cfile = cfile, .invalidation_mode = mode};
    BOOST_REQUIRE(compile(host_python(), arguments));
  };
  write("time", InvalidationMode::timestamp);
  write("hash", InvalidationMode::checked_hash);
  for (const auto& [value, cfile] : {std::pair<const char*, const char*>{nullptr, "/time"},
                                     {"", "/time"},
                                     {"0", "/hash"},
                                     {"no number", "/hash"}}) {
    BOOST_TEST_CONTEXT((value == nullptr ? "not set" : value)) {
      const Variable epoch("SOURCE_DATE_EPOCH", value);
      write("default", std::nullopt);
      BOOST_CHECK(header_of(scratch, "/default") == header_of(scratch, cfile));
      check_like_python(one_module, {.file = "x.py"});
    }
  }
  const Variable epoch("SOURCE_DATE_EPOCH", "1");
  write("default", InvalidationMode::timestamp); // what is given has the last word
  BOOST_CHECK(header_of(scratch, "/default") == header_of(scratch, "/time"));
}

BOOST_AUTO_TEST_CASE(permissions_are_those_of_the_source_less_the_umask) {
  for (const mode_t mask : {0000U, 0002U, 0022U, 0027U, 0077U}) {
    const Umask guard(mask);
    for (const mode_t mode : {0644U, 0600U, 0444U, 0400U, 0755U, 06777U}) {
      BOOST_TEST_CONTEXT(fmt::format("umask {:o}, source {:o}", mask, mode)) {
        const auto setup = [mode](const ScratchDirectory& scratch) {
          one_module(scratch);
          BOOST_REQUIRE_EQUAL(::chmod(scratch.host("/x.py").c_str(), mode), 0);
        };
        const auto result = check_like_python(setup, {.file = "x.py"});
        BOOST_CHECK_EQUAL(told(result), "wrote " + default_path(0));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(directories_have_all_permissions_less_the_umask) {
  for (const mode_t mask : {0000U, 0022U, 0027U}) {
    const Umask guard(mask);
    const ScratchDirectory scratch;
    one_module(scratch);
    const std::string cfile = scratch.host("/a/b/x.pyc");
    BOOST_CHECK_EQUAL(told(compile(host_python(), {scratch.host("/x.py"), cfile})),
                      "wrote " + cfile);
    BOOST_CHECK_EQUAL(scratch.status("/a").st_mode & 07777, 0777U & ~mask);
    BOOST_CHECK_EQUAL(scratch.status("/a/b").st_mode & 07777, 0777U & ~mask);
  }
}

BOOST_AUTO_TEST_CASE(old_file_is_replaced_and_not_written_to) {
  const auto setup = [](const ScratchDirectory& scratch) {
    one_module(scratch);
    old_bytecode(scratch, "/y.pyc");
  };
  check_like_python(setup, {.file = "x.py", .cfile = "y.pyc"});
}

BOOST_AUTO_TEST_CASE(links_on_the_way_are_followed) {
  const auto setup = [](const ScratchDirectory& scratch) {
    scratch.file("/real/x.py", module_text);
    scratch.set_time("/real/x.py", 1600000000);
    scratch.link("/x.py", "real/x.py");
    scratch.directory("/elsewhere");
    scratch.link("/__pycache__", "elsewhere");
  };
  check_like_python(setup, {.file = "x.py"});
}

BOOST_AUTO_TEST_CASE(any_name_and_any_text_is_a_source) {
  for (const char* name : {"x", ".x", "x.y.py", "\xff.py", "d/x.py", "./d//x.py", "a b\n.py"}) {
    for (const char* text :
         {"", "\n", "x = 1", "\xef\xbb\xbfx = 1\r\n", "# coding: latin-1\nx = '\xe9'\n"}) {
      BOOST_TEST_CONTEXT(name << ": " << text) {
        const auto setup = [&](const ScratchDirectory& scratch) {
          scratch.directory("/d");
          scratch.file(std::string("/") + name, text);
          scratch.set_time(std::string("/") + name, 1600000000);
        };
        const auto result = check_like_python(setup, {.file = name});
        BOOST_CHECK_MESSAGE(result && *result, told(result));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(source_may_be_what_is_no_file) {
  check_like_python([](const ScratchDirectory&) {}, {.file = "/dev/null", .cfile = "null.pyc"});

  const ScratchDirectory scratch;
  const std::string pipe = scratch.host("/pipe");
  BOOST_REQUIRE_EQUAL(::mkfifo(pipe.c_str(), 0644), 0);
  std::thread writer([&pipe] { std::ofstream(pipe) << module_text; });
  const auto result =
      compile(host_python(), {.file = pipe, .cfile = scratch.host("/pipe.pyc"), .dfile = "x.py"});
  writer.join();
  BOOST_REQUIRE_MESSAGE(result, told(result));
  const std::string file = scratch.bytes("/pipe.pyc");
  BOOST_CHECK(file.substr(header_size(host_interpreter().version)) ==
              expected_code(host_interpreter(), {0, "x.py", module_text, 0}));
}

BOOST_AUTO_TEST_CASE(prefix_of_the_interpreter_counts) {
  const ScratchDirectory scratch;
  one_module(scratch);
  Python python = host_python();
  python.pycache_prefix = scratch.host("/prefix");
  const WorkingDirectory here(scratch.host(""));
  const std::string path = fmt::format("{}{}/x.{}.pyc", scratch.host("/prefix"), scratch.host(""),
                                       python.identity.cache_tag);
  BOOST_CHECK_EQUAL(told(compile(python, {.file = "x.py"})), "wrote " + path);
  BOOST_CHECK(std::filesystem::is_regular_file(path));
  BOOST_CHECK(!scratch.exists("/__pycache__"));
  BOOST_CHECK_EQUAL(told(compile(python, {.file = "x.py", .cfile = "y.pyc"})), "wrote y.pyc");
}

BOOST_AUTO_TEST_CASE(bytecode_is_the_same_bytes_always) {
  const ScratchDirectory scratch;
  one_module(scratch);
  const std::string cfile = scratch.host("/x.pyc");
  std::vector<std::string> files;
  for (int i = 0; i < 3; ++i) {
    BOOST_REQUIRE(compile(host_python(), {scratch.host("/x.py"), cfile, "x.py"}));
    files.push_back(scratch.bytes("/x.pyc"));
  }
  BOOST_CHECK(files[0] == files[1] && files[1] == files[2]);
  const std::string_view code =
      std::string_view(files[0]).substr(header_size(host_interpreter().version));
  BOOST_CHECK(code == expected_code(host_interpreter(), {0, "x.py", module_text, 0}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
