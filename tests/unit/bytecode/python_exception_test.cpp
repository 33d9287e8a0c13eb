// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/python_exception.hpp"

#include "pool_support.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <random>
#include <sstream>

namespace pysup::bytecode {

namespace {

/// Prints the exception of each errno that Python has a name for: "2 FileNotFoundError".
constexpr const char* own_exceptions = R"(
import errno
for code in sorted(errno.errorcode):
    print(code, type(OSError(code, '')).__name__)
)";

/// Prints repr(os.fsdecode(name)) of each hexadecimal argument, but for characters from U+00A1 on,
/// which are shown as they are.
constexpr const char* own_reprs = R"(
import sys
for digits in sys.argv[1:]:
    name = bytes.fromhex(digits).decode('utf-8', 'surrogateescape')
    shown = [c for c in name if ord(c) > 0xa0 and not 0xd800 <= ord(c) <= 0xdfff]
    text = repr(''.join('\xa1' if c in shown else c for c in name))
    for c in shown:
        text = text.replace('\xa1', c, 1) if c != '\xa1' else text.replace('\xa1', '\0', 1)
    sys.stdout.buffer.write(text.replace('\0', '\xa1').encode('utf-8') + b'\n')
)";

std::string in_hexadecimal(std::string_view bytes) {
  std::string digits;
  for (const char c : bytes) {
    digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return digits;
}

void check_reprs(const std::vector<std::string>& names) {
  std::vector<std::string> digits;
  for (const std::string& name : names) {
    digits.push_back(in_hexadecimal(name));
  }
  std::istringstream expected(run_python(host_interpreter(), own_reprs, digits));
  for (const std::string& name : names) {
    std::string line;
    BOOST_REQUIRE(std::getline(expected, line));
    BOOST_CHECK_MESSAGE(repr_of_path(name) == line,
                        in_hexadecimal(name) << ": " << repr_of_path(name) << ", not " << line);
  }
}

/// A name of bytes that make valid and almost valid UTF-8 likely.
std::string random_name(std::mt19937& random) {
  static const std::string_view likely = "a'\"\\\n\x7f\x80\xa0\xa1\xbf\xc2\xc3\xe0\xe2\xed\xef"
                                         "\xf0\xf4\xf5\x8f\x90\x9f\xff";
  std::string name;
  const auto length = std::uniform_int_distribution<std::size_t>(0, 12)(random);
  for (std::size_t i = 0; i < length; ++i) {
    const auto any = std::uniform_int_distribution<int>(1, 255)(random);
    const auto pick = std::uniform_int_distribution<std::size_t>(0, likely.size() - 1)(random);
    name += i % 3 == 0 ? static_cast<char>(any) : likely[pick];
  }
  return name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(python_exception)

// PEP 3151, "New exception classes".
BOOST_AUTO_TEST_CASE(exceptions_are_those_of_pep_3151) {
  const std::pair<int, std::string_view> table[] = {
      {EAGAIN, "BlockingIOError"},
      {EALREADY, "BlockingIOError"},
      {EWOULDBLOCK, "BlockingIOError"},
      {EINPROGRESS, "BlockingIOError"},
      {ECHILD, "ChildProcessError"},
      {EPIPE, "BrokenPipeError"},
      {ESHUTDOWN, "BrokenPipeError"},
      {ECONNABORTED, "ConnectionAbortedError"},
      {ECONNREFUSED, "ConnectionRefusedError"},
      {ECONNRESET, "ConnectionResetError"},
      {EEXIST, "FileExistsError"},
      {ENOENT, "FileNotFoundError"},
      {EINTR, "InterruptedError"},
      {EISDIR, "IsADirectoryError"},
      {ENOTDIR, "NotADirectoryError"},
      {EACCES, "PermissionError"},
      {EPERM, "PermissionError"},
      {ESRCH, "ProcessLookupError"},
      {ETIMEDOUT, "TimeoutError"},
      {0, "OSError"},
      {ENOSPC, "OSError"},
      {EROFS, "OSError"},
      {ENAMETOOLONG, "OSError"},
      {ELOOP, "OSError"},
      {EIO, "OSError"},
      {-1, "OSError"},
  };
  for (const auto& [code, name] : table) {
    BOOST_TEST(exception_of(code) == name, std::strerror(code));
  }
}

BOOST_AUTO_TEST_CASE(exceptions_are_those_of_the_interpreter) {
  std::istringstream lines(run_python(host_interpreter(), own_exceptions));
  int code = 0;
  std::string name;
  int count = 0;
  while (lines >> code >> name) {
    BOOST_TEST(exception_of(code) == name, std::strerror(code));
    ++count;
  }
  BOOST_CHECK_GT(count, 100);
}

BOOST_AUTO_TEST_CASE(text_of_an_oserror_is_that_of_a_traceback) {
  const std::string paths[] = {"x.py", "/d/it's", "\xff"};
  for (const int code : {ENOENT, EACCES, ENOTDIR, ENAMETOOLONG, ENOSPC}) {
    for (const std::string& path : paths) {
      const std::string expected = run_python(
          host_interpreter(),
          "import os, sys\n"
          "code, path = int(sys.argv[1]), bytes.fromhex(sys.argv[2])\n"
          "error = OSError(code, os.strerror(code), path.decode('utf-8', 'surrogateescape'))\n"
          "print('%s: %s' % (type(error).__name__, error))",
          {std::to_string(code), in_hexadecimal(path)});
      BOOST_CHECK_EQUAL(os_error_text(code, path) + "\n", expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_byte_is_shown_as_repr_shows_it) {
  std::vector<std::string> names;
  for (int byte = 0; byte < 256; ++byte) {
    names.emplace_back(1, static_cast<char>(byte));
    names.push_back("a'" + names.back() + "b");
  }
  check_reprs(names);
}

BOOST_AUTO_TEST_CASE(quotes_are_chosen_as_repr_chooses_them) {
  check_reprs({"", "'", "\"", "'\"", "\\", "\\'", "a'b\"c\\d", "''", "\"\""});
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_shown_byte_by_byte) {
  check_reprs({"\xc3\xa9",
               "\xe2\x82\xac",
               "\xf0\x9f\x90\x8d",
               "\xf4\x8f\xbf\xbf", // the last one
               "\xc3",
               "\xe2\x82",
               "\xf0\x9f\x90",
               "\xe2\x82x",
               "\xc3\xa9\xc3", // cut short
               "\xc0\x80",
               "\xc1\xbf",
               "\xe0\x80\x80",
               "\xe0\x9f\xbf", // overlong
               "\xf0\x80\x80\x80",
               "\xf0\x8f\xbf\xbf",
               "\xed\x9f\xbf",
               "\xed\xa0\x80",
               "\xed\xbf\xbf",
               "\xee\x80\x80", // surrogates
               "\xf4\x90\x80\x80",
               "\xf5\x80\x80\x80",
               "\xf8\x88\x80\x80\x80", // beyond Unicode
               "\xc2\x80",
               "\xc2\x9f",
               "\xc2\xa0",
               "\xc2\xa1",
               "\xef\xbf\xbd",
               "\xed\xa0"});
}

BOOST_AUTO_TEST_CASE(random_names_are_shown_as_repr_shows_them) {
  std::mt19937 random(20240601); // NOLINT: the same names always
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) {
      names.push_back(random_name(random));
    }
    check_reprs(names);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
