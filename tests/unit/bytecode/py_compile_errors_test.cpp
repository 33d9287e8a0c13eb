// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every kind of error of compile(): what it says, and that nothing is touched.
#include "py_compile_support.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

using test::ScratchDirectory;
using ErrorKind = PyCompileError::Kind;

const std::string beyond_every_limit(300, 'n');

/// A module, a broken one, and bytecode of both that must stay.
void workshop(const ScratchDirectory& scratch) {
  scratch.file("/good.py", "x = 1\n");
  scratch.set_time("/good.py", 1600000000);
  scratch.file("/bad.py", "x = 1\ny = 2 $ 3\n");
  scratch.file("/late.py", "x = 1\nreturn x\n"); // the parser has nothing against it
  scratch.file("/there.pyc", "old");
  scratch.file("/file", "no directory");
  scratch.directory("/directory/below");
  scratch.link("/link", "there.pyc");
  scratch.link("/dangling", "nothing");
  scratch.link("/loop", "loop");
  scratch.link("/link-to-directory", "directory");
  BOOST_REQUIRE_EQUAL(::mkfifo(scratch.host("/pipe").c_str(), 0644), 0);
}

/// As Python, and the error is of KIND with the name that its message begins its last line with.
PyCompileError check_error(const CompileArguments& arguments, ErrorKind kind) {
  const auto result = check_like_python(workshop, arguments);
  BOOST_REQUIRE_MESSAGE(!result, told(result));
  const PyCompileError& error = result.error();
  BOOST_CHECK(error.kind == kind);
  const std::string last = error.message.substr(error.message.rfind('\n') + 1);
  BOOST_CHECK_MESSAGE(!error.exception.empty() && last.starts_with(error.exception + ": "),
                      error.exception << " is not in: " << last);
  return error;
}

/// The error for a source with this TEXT, as Python has it.
PyCompileError error_for(const std::string& text) {
  const auto setup = [&text](const ScratchDirectory& scratch) {
    scratch.file("/x.py", text);
    scratch.file("/x.pyc", "old");
  };
  const auto result = check_like_python(setup, {.file = "x.py", .cfile = "x.pyc"});
  BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::source), told(result));
  return result.error();
}

/// What is before the names of files.
std::string without_names(const std::string& message) {
  return message.substr(0, message.find(": '"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(py_compile_errors)

BOOST_AUTO_TEST_CASE(source_that_does_not_compile_is_told_with_its_place) {
  const PyCompileError plain = error_for("x = 1\n  y = (2 +* 3)\n");
  BOOST_CHECK_EQUAL(plain.exception, "IndentationError");
  BOOST_CHECK_EQUAL(plain.line, 2U);

  const PyCompileError syntax = error_for("x = 1\ny = 2 $ 3\n");
  BOOST_CHECK_EQUAL(syntax.exception, "SyntaxError");
  BOOST_CHECK_EQUAL(syntax.line, 2U);
  BOOST_CHECK_EQUAL(syntax.column, 7U);
  BOOST_CHECK(syntax.message.starts_with("  File \"x.py\", line 2\n"));

  const PyCompileError late = error_for("\n\nif x:\n    return 1\n"); // by the symbol table
  BOOST_CHECK_EQUAL(late.exception, "SyntaxError");
  BOOST_CHECK_EQUAL(late.line, 4U);
  BOOST_CHECK_EQUAL(late.column, 5U);
}

BOOST_AUTO_TEST_CASE(exceptions_without_a_place_are_told_as_well) {
  for (const std::string& text : {repeat("-", 100'000) + "1\n",          // MemoryError
                                  "x = " + repeat("1+", 20'000) + "1\n", // RecursionError
                                  repeat("lambda:", 1400) + "0\n"}) {    // ValueError, marshal
    const PyCompileError error = error_for(text);
    BOOST_CHECK(error.exception.ends_with("Error"));
    BOOST_CHECK(error.message.starts_with(error.exception + ": "));
    BOOST_CHECK_EQUAL(error.line, 0U);
    BOOST_CHECK_EQUAL(error.column, 0U);
  }
}

BOOST_AUTO_TEST_CASE(dfile_is_the_name_in_messages) {
  const PyCompileError error =
      check_error({.file = "bad.py", .cfile = "there.pyc", .dfile = "/usr/share/\xc3\xa9.py"},
                  ErrorKind::source);
  BOOST_CHECK(error.message.starts_with("  File \"/usr/share/\xc3\xa9.py\", line 2\n"));
}

/// Python takes the line from a file of the recorded name, which may be none or another one.
BOOST_AUTO_TEST_CASE(line_in_messages_is_of_the_source_under_any_name) {
  const ScratchDirectory scratch;
  workshop(scratch);
  scratch.file("/other.py", "nothing\nof that kind\n");
  const WorkingDirectory here(scratch.host(""));
  for (const char* name : {"late.py", "missing.py", "other.py", "/usr/share/x.py"}) {
    const auto result = compile(host_python(), {.file = "late.py", .dfile = name});
    BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::source), told(result));
    BOOST_CHECK_MESSAGE(
        told(result).starts_with(fmt::format("  File \"{}\", line 2\n    return x\n", name)),
        told(result));
    BOOST_CHECK(told(result).ends_with("\nSyntaxError: 'return' outside function"));
  }
}

BOOST_AUTO_TEST_CASE(quiet_from_2_on_takes_sources_that_do_not_compile_for_no_error) {
  for (const int quiet : {0, 1, 2, 3}) {
    BOOST_TEST_CONTEXT("quiet " << quiet) {
      const auto result =
          check_like_python(workshop, {.file = "bad.py", .cfile = "there.pyc", .quiet = quiet});
      BOOST_CHECK_EQUAL(is_error(result, ErrorKind::source), quiet < 2);
      BOOST_CHECK_EQUAL(told(result) == "nothing", quiet >= 2);
      const auto good =
          check_like_python(workshop, {.file = "good.py", .cfile = "there.pyc", .quiet = quiet});
      BOOST_CHECK_EQUAL(told(good), "wrote there.pyc");
    }
  }
}

BOOST_AUTO_TEST_CASE(quiet_hides_no_other_errors) {
  check_error({.file = "missing.py", .quiet = 2}, ErrorKind::unreadable);
  check_error({.file = "good.py", .cfile = "link", .quiet = 2}, ErrorKind::exists);
  const ScratchDirectory scratch;
  workshop(scratch);
  const WorkingDirectory here(scratch.host(""));
  const CompileArguments below_a_file{.file = "good.py", .cfile = "file/x.pyc", .quiet = 2};
  BOOST_CHECK(is_error(compile(host_python(), below_a_file), ErrorKind::target));
  BOOST_CHECK(is_error(compile(host_python(), {.file = "good.py", .optimize = 3, .quiet = 2}),
                       ErrorKind::argument));
  Python missing = host_python();
  missing.executable = "/usr/bin/python3.99";
  BOOST_CHECK(is_error(compile(missing, {.file = "bad.py", .quiet = 2}), ErrorKind::interpreter));
}

BOOST_AUTO_TEST_CASE(source_that_cannot_be_read_is_an_oserror) {
  const std::pair<std::string, const char*> cases[] = {
      {"missing.py", "FileNotFoundError"},
      {"", "FileNotFoundError"},
      {"missing/x.py", "FileNotFoundError"},
      {"dangling", "FileNotFoundError"},
      {"directory", "IsADirectoryError"},
      {"file/x.py", "NotADirectoryError"},
      {"good.py/", "NotADirectoryError"},
      {"loop", "OSError"},
      {beyond_every_limit, "OSError"},
      {"it's \xff \"missing\"\n\xc3\xa9", "FileNotFoundError"},
  };
  for (const auto& [file, exception] : cases) {
    BOOST_TEST_CONTEXT(file) {
      const auto error = check_error({.file = file, .cfile = "there.pyc"}, ErrorKind::unreadable);
      BOOST_CHECK_EQUAL(error.exception, exception);
    }
  }
}

BOOST_AUTO_TEST_CASE(source_with_a_nul_in_its_name_is_a_value_error) {
  const std::string name("x\0.py", 5);
  const auto error = check_error({.file = name, .cfile = "there.pyc"}, ErrorKind::unreadable);
  BOOST_CHECK_EQUAL(error.message, "ValueError: embedded null byte");
  const auto by_default = check_error({.file = name}, ErrorKind::unreadable);
  BOOST_CHECK_EQUAL(by_default.message, "ValueError: embedded null byte");
}

BOOST_AUTO_TEST_CASE(bytecode_with_a_nul_in_its_name_is_a_value_error_of_the_target) {
  const std::string name("a\0b", 3);
  const auto error = check_error({.file = "good.py", .cfile = name}, ErrorKind::target);
  BOOST_CHECK_EQUAL(error.exception, "ValueError");
  // What comes before the writing is told before it.
  check_error({.file = "missing.py", .cfile = name}, ErrorKind::unreadable);
  check_error({.file = "bad.py", .cfile = name}, ErrorKind::source);
}

BOOST_AUTO_TEST_CASE(recorded_name_with_a_nul_is_a_value_error) {
  const auto error =
      check_error({.file = "good.py", .cfile = "there.pyc", .dfile = std::string("a\0b", 3)},
                  ErrorKind::source);
  BOOST_CHECK_EQUAL(error.exception, "ValueError");
}

BOOST_AUTO_TEST_CASE(links_and_what_is_no_file_stay_where_bytecode_belongs) {
  for (const char* cfile : {"link", "dangling", "loop", "directory", "directory/", "pipe",
                            "link-to-directory", "/dev/null", "."}) {
    BOOST_TEST_CONTEXT(cfile) {
      const auto error = check_error({.file = "good.py", .cfile = cfile}, ErrorKind::exists);
      BOOST_CHECK_EQUAL(error.exception, "FileExistsError");
    }
  }
}

BOOST_AUTO_TEST_CASE(target_is_looked_at_before_the_source_and_written_after_all_else) {
  for (const char* file : {"missing.py", "directory", "bad.py"}) {
    check_error({.file = file, .cfile = "link"}, ErrorKind::exists);
  }
  check_error({.file = "missing.py", .cfile = "file/x.pyc"}, ErrorKind::unreadable);
  check_error({.file = "bad.py", .cfile = "file/x.pyc"}, ErrorKind::source);
  // No directory is made for nothing.
  check_error({.file = "missing.py", .cfile = "new/x.pyc"}, ErrorKind::unreadable);
  check_error({.file = "bad.py", .cfile = "new/x.pyc"}, ErrorKind::source);
  check_error({.file = "missing.py"}, ErrorKind::unreadable);
  check_error({.file = "bad.py"}, ErrorKind::source);
}

BOOST_AUTO_TEST_CASE(target_that_cannot_be_written_is_an_oserror) {
  const struct {
    std::string cfile;
    const char* exception;
    std::string named; ///< the directory that cannot be made, else the file
  } cases[] = {
      {"file/x.pyc", "NotADirectoryError", "file/x.pyc"},
      {"file/below/x.pyc", "NotADirectoryError", "file/below"},
      {"file/far/below/x.pyc", "NotADirectoryError", "file/far"},
      {"there.pyc/", "NotADirectoryError", "there.pyc/"},
      {"new/", "NotADirectoryError", "new/"},
      {"", "FileNotFoundError", ""},
      {"dangling/x.pyc", "FileNotFoundError", "dangling/x.pyc"},
      {"dangling/a/x.pyc", "FileNotFoundError", "dangling/a"},
      {"loop/x.pyc", "OSError", "loop/x.pyc"},
      {beyond_every_limit, "OSError", beyond_every_limit},
      {"a/" + beyond_every_limit + "/x.pyc", "OSError", "a/" + beyond_every_limit},
  };
  for (const auto& [cfile, exception, named] : cases) {
    BOOST_TEST_CONTEXT(cfile) {
      const ScratchDirectory theirs;
      const ScratchDirectory ours;
      workshop(theirs);
      workshop(ours);
      const CompileArguments arguments{.file = "good.py", .cfile = cfile};
      std::string expected;
      {
        const WorkingDirectory here(theirs.host(""));
        expected = told_by_python(arguments);
      }
      const WorkingDirectory here(ours.host(""));
      const auto result = compile(host_python(), arguments);
      BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::target), told(result));
      BOOST_CHECK_EQUAL(result.error().exception, exception);
      // Python names its temporary file as well.
      BOOST_CHECK_EQUAL(without_names(told(result)), without_names(expected));
      BOOST_CHECK_EQUAL(told(result), without_names(expected) + ": '" + named + "'");
      BOOST_CHECK(named == cfile || told(result) == expected);
      BOOST_CHECK(everything_in(ours.host("")) == everything_in(theirs.host("")));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_may_not_be_read_or_written_is_a_permission_error) {
  const ScratchDirectory scratch;
  workshop(scratch);
  scratch.file("/secret.py", "x = 1\n");
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("/secret.py").c_str(), 0), 0);
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("").c_str(), 0555), 0);
  const auto before = everything_in(scratch.host(""));
  const auto told_to_nobody = [&scratch](const CompileArguments& arguments) {
    return as_nobody([&] {
      const WorkingDirectory here(scratch.host(""));
      const auto result = compile(host_python(), arguments);
      const int kind = result ? -1 : static_cast<int>(result.error().kind);
      return fmt::format("{} {}", kind, told(result));
    });
  };
  static_cast<void>(host_python()); // it is asked for before the rights go
  constexpr const char* denied = "PermissionError: [Errno 13] Permission denied";
  BOOST_CHECK_EQUAL(told_to_nobody({.file = "secret.py"}),
                    fmt::format("{} {}: 'secret.py'",
                                int{static_cast<int>(ErrorKind::unreadable)}, //
                                denied));
  const std::pair<const char*, const char*> cases[] = {
      {"new.pyc", "new.pyc"}, {"there.pyc", "there.pyc"}, {"new/er/x.pyc", "new"}};
  for (const auto& [cfile, named] : cases) {
    BOOST_CHECK_EQUAL(
        told_to_nobody({.file = "good.py", .cfile = cfile}),
        fmt::format("{} {}: '{}'", static_cast<int>(ErrorKind::target), denied, named));
  }
  BOOST_CHECK(everything_in(scratch.host("")) == before);
  BOOST_REQUIRE_EQUAL(::chmod(scratch.host("").c_str(), 0755), 0);
}

BOOST_AUTO_TEST_CASE(arguments_that_cannot_be_are_value_errors) {
  const ScratchDirectory scratch;
  workshop(scratch);
  const WorkingDirectory here(scratch.host(""));
  const auto before = everything_in(scratch.host(""));
  for (const int level : {-2, 3, 100}) {
    const auto result = compile(host_python(), {.file = "good.py", .optimize = level});
    BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::argument), told(result));
    BOOST_CHECK_EQUAL(result.error().exception, "ValueError");
    // Python's own words; its py_compile puts them before a name that differs by version.
    BOOST_CHECK_EQUAL(told(result), "ValueError: compile(): invalid optimize value");
  }
  Python old = host_python();
  for (const Version version : {Version{2, 7}, Version{3, 6}}) {
    old.identity.version = version;
    for (const auto mode : {InvalidationMode::checked_hash, InvalidationMode::unchecked_hash}) {
      const auto result = compile(old, {.file = "good.py", .invalidation_mode = mode});
      BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::argument), told(result));
      BOOST_CHECK_EQUAL(result.error().exception, "ValueError");
      BOOST_CHECK(told(result).starts_with("ValueError: "));
    }
  }
  BOOST_CHECK(everything_in(scratch.host("")) == before);
}

BOOST_AUTO_TEST_CASE(version_without_hashes_is_not_asked_for_them_by_the_environment) {
  const ScratchDirectory scratch;
  workshop(scratch);
  const Variable epoch("SOURCE_DATE_EPOCH", "1");
  Python old = host_python();
  old.identity.version = Version{3, 6};
  const auto result = compile(old, {.file = scratch.host("/good.py")});
  BOOST_CHECK_MESSAGE(is_error(result, ErrorKind::interpreter), told(result)); // it is no 3.6
}

BOOST_AUTO_TEST_CASE(interpreter_that_is_not_what_it_should_be_is_an_error_without_exception) {
  const ScratchDirectory scratch;
  workshop(scratch);
  const WorkingDirectory here(scratch.host(""));
  const auto before = everything_in(scratch.host(""));
  Python missing = host_python();
  missing.executable = "/usr/bin/python3.99";
  Python no_interpreter = host_python();
  no_interpreter.executable = "/bin/true";
  Python other = host_python();
  other.identity.magic ^= 1U;
  for (const Python& python : {missing, no_interpreter, other}) {
    const auto result = compile(python, {.file = "good.py", .dfile = "recorded.py"});
    BOOST_REQUIRE_MESSAGE(is_error(result, ErrorKind::interpreter), told(result));
    BOOST_CHECK_EQUAL(result.error().exception, "");
    BOOST_CHECK_MESSAGE(told(result).starts_with("recorded.py: " + python.executable),
                        told(result));
    BOOST_CHECK_EQUAL(result.error().line, 0U);
    // What goes before the compiler does not need one.
    BOOST_CHECK(is_error(compile(python, {.file = "missing.py"}), ErrorKind::unreadable));
    BOOST_CHECK(is_error(compile(python, {.file = "good.py", .cfile = "link"}), ErrorKind::exists));
  }
  BOOST_CHECK(everything_in(scratch.host("")) == before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
