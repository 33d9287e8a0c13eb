// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_support.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>

namespace pysup::bytecode {

namespace {

/// Compiles each file with py_compile and prints the messages, NUL-separated.
constexpr const char* py_compile_messages = R"(
import os, py_compile, sys
out = os.fdopen(1, 'wb')
for path in sys.argv[1:]:
    message = ''
    try:
        py_compile.compile(path, os.devnull + '/none', doraise=True)
    except py_compile.PyCompileError as error:
        message = error.msg
    except EnvironmentError:
        pass
    if not isinstance(message, bytes):
        message = message.encode('utf-8', 'surrogateescape')
    out.write(message + b'\0')
)";

/// Broken sources for every stage of the compiler: tokenizer, decoder, parser, symbol table, code
/// generator.
const std::vector<std::string> broken{
    "def f(:\n    pass\n",
    "x = 1\nreturn 2\n",
    "if True:\nx = 1\n",
    "  x = 1\n",
    "if x:\n        a\n    b\n",
    "x = '''never ends\n",
    "x = 'never ends\n",
    "x = (1,\n",
    "x = 1\ny = )\n",
    "# coding: nosuchcodec\nx = 1\n",
    "x = '\xff\xfe'\n",
    std::string("x = 1\0y = 2\n", 12),
    "from __future__ import nosuchfeature\n",
    "x = 1\nfrom __future__ import division\n",
    "def f(a, a): pass\n",
    "break\n",
    "x = $\n",
    "print 'x'\n",
    "class C:\n    def f(self):\n\treturn 1\n",
    "def f():\n    x = 1\n    global x\n",
    "1 = x\n",
    "a = 1\r\nreturn 3\r\n",
    "nonlocal x\n",
    "iff x:\n    pass\n",
    "x = '\xc3\xa9' '\xc3\xa9' = 3\n",
};

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; (end = text.find('\0')) != std::string_view::npos;) {
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return parts;
}

/// A scratch directory that an interpreter of the host can read under the same name.
std::vector<std::string> write_sources(const std::string& directory) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    paths.push_back(directory + "/broken" + std::to_string(i) + ".py");
    std::ofstream(paths.back(), std::ios::binary) << broken[i];
  }
  return paths;
}

void check_messages(const Interpreter& interpreter, const std::string& host_directory,
                    const std::string& directory) {
  static_cast<void>(write_sources(host_directory));
  std::vector<Job> jobs;
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    paths.push_back(directory + "/broken" + std::to_string(i) + ".py");
    jobs.push_back({i, paths.back(), broken[i], 0});
  }
  const auto expected = split_at_nul(run_python(interpreter, py_compile_messages, paths));
  BOOST_REQUIRE_EQUAL(expected.size(), broken.size());
  // The worker must not find the files: what it prints comes from the source that it was given.
  std::filesystem::remove_all(host_directory);
  const Run run = compile_jobs(options_for(interpreter), jobs);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < broken.size(); ++i) {
    const Outcome& outcome = run.outcomes.at(i);
    if (expected[i].empty()) { // fine in this version
      BOOST_CHECK_MESSAGE(outcome, interpreter << ": " << broken[i] << to_text(outcome));
      continue;
    }
    BOOST_REQUIRE_MESSAGE(is_error(outcome, CompileError::Kind::source),
                          interpreter << ": " << broken[i] << to_text(outcome));
    const bool plain = outcome.error().exception == "SyntaxError";
    const std::string message =
        fmt::format("{}{}{}", plain ? "" : "Sorry: ", outcome.error().message, plain ? "\n" : "");
    BOOST_CHECK_MESSAGE(message == expected[i], interpreter << ":\n"
                                                            << message << "but py_compile:\n"
                                                            << expected[i]);
    const std::size_t last = outcome.error().message.rfind('\n') + 1;
    BOOST_CHECK(std::string_view(outcome.error().message)
                    .substr(last)
                    .starts_with(outcome.error().exception + ": "));
    ++compared;
  }
  BOOST_CHECK_GT(compared, 15U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_messages)

BOOST_AUTO_TEST_CASE(messages_are_those_of_py_compile) {
  for (const Interpreter& interpreter : interpreters()) {
    std::string pattern = interpreter.root + "/tmp/pysup-unit-XXXXXX";
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    check_messages(interpreter, pattern, pattern.substr(interpreter.root.size()));
  }
}

BOOST_AUTO_TEST_CASE(line_that_breaks_off_inside_a_character_is_told_all_the_same) {
  const Outcome outcome =
      compile_one(options_for(host_interpreter()), {1, "/\xff.py", "return '\xc3\xa9\xc3'\n", 0});
  BOOST_REQUIRE(is_error(outcome, CompileError::Kind::source));
  BOOST_CHECK_EQUAL(outcome.error().exception, "SyntaxError");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
