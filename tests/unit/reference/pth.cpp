// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/pth.hpp"

#include "scratch_root.hpp"

#include <random>

using namespace std::string_literals;

namespace pysup::reference {

BOOST_AUTO_TEST_SUITE(pth)

BOOST_AUTO_TEST_CASE(lines_are_directories_or_dropped) {
  const struct {
    std::string bytes;
    std::vector<std::string> expected;
  } cases[] = {
      {"", {}},
      {"/usr/share/foo", {"/usr/share/foo"}},
      {"foo\n../bar\n./baz\n", {"foo", "../bar", "./baz"}},
      {"a\r\nb\rc\n", {"a", "b", "c"}},
      {"\xef\xbb\xbfzope\n", {"zope"}},
      {"\n  \n\t\n# comment\n#x\n a \n", {"a"}},
      {"import sys\nimport\tos\n  import os\nimport os; x = '/a'\n", {}},
      {"importlib\nimports/x\nimport\n", {"importlib", "imports/x", "import"}},
      {"a b\n\xff\xfe\n\xc3\xa9\n", {"a b", "\xff\xfe", "\xc3\xa9"}},
      {"b\na\nb\n", {"b", "a", "b"}},
      {"a\0b\nc\n"s, {"c"}},
      // each of these would end a line for str.splitlines()
      {"x\x0bimport os\n", {}},
      {"x\x0cimport os\n", {}},
      {"x\x1cimport os\nx\x1dimport os\nx\x1eimport os\n", {}},
      {"x\xc2\x85import os\nx\xe2\x80\xa8import os\nx\xe2\x80\xa9import os\n", {}},
      {"\x0cimport os\n", {}},
      {"x\x7fy\n", {}},
      // a byte order mark counts at the start of a file alone, where this line might get
      {"a\n\xef\xbb\xbfimport os\n", {"a"}},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.bytes) {
      check_same(parse_pth(one.bytes), one.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_bytes_give_a_line_that_would_be_executed) {
  std::mt19937 random(3); // NOLINT: the same every time
  const std::vector<std::string> pieces = {
      "import", " ",    "\t",       "\n",           "\r", "\x0b",         "\x0c",
      "/a",     "\x1c", "\xc2\x85", "\xe2\x80\xa8", "#",  "\xef\xbb\xbf", "\0"s};
  std::size_t lines = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes;
    for (auto left = random() % 10; left > 0; --left) {
      bytes += pieces[random() % pieces.size()];
    }
    for (const std::string& line : parse_pth(bytes)) {
      ++lines;
      BOOST_REQUIRE(!line.empty() && !line.starts_with("import ") && !line.starts_with("import\t"));
      BOOST_REQUIRE(line.find_first_of("\n\r\x0b\x0c\x1c\0"s) == std::string::npos);
      BOOST_REQUIRE(parse_pth(line) == std::vector<std::string>{line});
    }
  }
  BOOST_CHECK_GT(lines, 1000);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
