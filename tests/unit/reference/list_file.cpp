// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/list_file.hpp"

#include "scratch_root.hpp"

#include <ctime>
#include <random>
#include <set>

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace pysup::reference {

namespace {

struct Parsed {
  ListFile file;
  std::vector<Problem> problems;
};

Parsed parse(std::string_view bytes, std::string_view key = "pyversions") {
  Parsed parsed;
  ProblemLog log("x.public", parsed.problems);
  parsed.file = parse_list(bytes, key, log);
  return parsed;
}

std::vector<std::string> paths(const Parsed& parsed) {
  std::vector<std::string> result;
  for (const ListedPath& listed : parsed.file.paths) {
    result.push_back(listed.path);
  }
  return result;
}

void check_paths(std::string_view bytes, const std::vector<std::string>& expected) {
  const Parsed parsed = parse(bytes);
  check_same(paths(parsed), expected);
  check_same(parsed.problems, {});
}

} // namespace

BOOST_AUTO_TEST_SUITE(list_file)

BOOST_AUTO_TEST_CASE(an_empty_file_lists_nothing) {
  for (const auto bytes : {""sv, "\n"sv, "\xef\xbb\xbf"sv, "\r\n\r\n"sv, "  \t \n# /a\n  # /b"sv}) {
    check_paths(bytes, {});
    BOOST_CHECK(!parse(bytes).file.header);
  }
}

BOOST_AUTO_TEST_CASE(lines_may_end_as_on_any_system) {
  check_paths("/a\n/b\n", {"/a", "/b"});
  check_paths("/a\r\n/b\r\n", {"/a", "/b"});
  check_paths("/a\r\n/b", {"/a", "/b"});
  check_paths("\xef\xbb\xbf/a\n/b", {"/a", "/b"});
}

BOOST_AUTO_TEST_CASE(blanks_at_both_ends_do_not_count) {
  check_paths("  /a \t\n\t/b c\t", {"/a", "/b c"});
}

BOOST_AUTO_TEST_CASE(names_may_have_any_bytes) {
  check_paths("/a b/'c'/\"d\".py\n/\xff\xfe/\xc3\xa9\n/e=f\n/g#h\n/$(i);`j`\\k\n",
              {"/a b/'c'/\"d\".py", "/\xff\xfe/\xc3\xa9", "/e=f", "/g#h", "/$(i);`j`\\k"});
}

BOOST_AUTO_TEST_CASE(slashes_are_squeezed) {
  check_paths("//a///b\n/c/\n/\n///\n", {"/a/b", "/c", "/"});
}

BOOST_AUTO_TEST_CASE(a_path_listed_twice_counts_once_where_it_stands_first) {
  const Parsed parsed = parse("/b\n/a\n//b\n/a\n/c\n");
  check_same(paths(parsed), {"/b", "/a", "/c"});
  BOOST_CHECK_EQUAL(parsed.file.paths[1].line, 2);
  BOOST_CHECK_EQUAL(parsed.file.paths[2].line, 5);
  check_same(parsed.problems, {});
}

BOOST_AUTO_TEST_CASE(of_many_equal_lines_the_first_counts) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    bytes += "/b\n/a\n/c\n";
  }
  const Parsed parsed = parse(bytes);
  check_same(paths(parsed), {"/b", "/a", "/c"});
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_CHECK_EQUAL(parsed.file.paths[i].line, i + 1);
  }
}

BOOST_AUTO_TEST_CASE(the_header_may_stand_anywhere) {
  const struct {
    std::string_view bytes;
    const char* value;
    std::size_t line;
  } cases[] = {
      {"pyversions=2.7\n/a\n", "2.7", 1},
      {"/a\n\n  pyversions \t=  2.7, 3.2- \r\n/b", "2.7, 3.2-", 3},
      {"/a\npyversions=", "", 2},
      {"\xef\xbb\xbfpyversions=all", "all", 1},
      {"pyversions=a=b", "a=b", 1},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.bytes) {
      const Parsed parsed = parse(one.bytes);
      BOOST_REQUIRE(parsed.file.header);
      BOOST_CHECK_EQUAL(parsed.file.header->value, one.value);
      BOOST_CHECK_EQUAL(parsed.file.header->line, one.line);
      check_same(parsed.problems, {});
    }
  }
}

BOOST_AUTO_TEST_CASE(other_headers_are_ignored) {
  const Parsed parsed = parse("x-y=1\nFoo_Bar = baz\npyversion=9\nPyVersions=8\n/a\n");
  BOOST_CHECK(!parsed.file.header);
  check_same(paths(parsed), {"/a"});
  check_same(parsed.problems, {});
  BOOST_CHECK(!parse("pyversions=2.7\n", "").file.header);
}

BOOST_AUTO_TEST_CASE(of_several_headers_the_last_counts) {
  const Parsed differing = parse("pyversions=2.7\n/a\npyversions=3.2-\n");
  BOOST_CHECK_EQUAL(differing.file.header.value().value, "3.2-");
  check_problem(differing.problems, 3, {"pyversions=\"3.2-\"", "line 1", "this one counts"});
  check_same(parse("pyversions=2.7\npyversions = 2.7\n").problems, {});
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_skipped_and_the_rest_kept) {
  const struct {
    std::string_view line;
    std::string_view told;
  } cases[] = {
      {"a/b.py", "\"a/b.py\" is not an absolute path, skipped"},
      {"./a", "\"./a\" is not an absolute path, skipped"},
      {"a/b=c", "\"a/b=c\" is not an absolute path, skipped"},
      {"=c", "\"=c\" is not an absolute path, skipped"},
      {"py versions=c", "not an absolute path, skipped"},
      {"\xef\xbb\xbf/late", "not an absolute path, skipped"},
      {"/a/../b", "\"/a/../b\" has a component \".\" or \"..\", skipped"},
      {"/..", "component"},
      {"/a/..", "component"},
      {"/./a", "component"},
      {"/a/.", "component"},
      {"/a\0b"sv, "\"/a\\x00b\" has a NUL byte in it, skipped"},
      {"pyversions=2.7\0"sv, "NUL byte"},
      {"\x1b]0;x\x07", "\"\\x1b]0;x\\x07\" is not"},
  };
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.told) {
      const Parsed parsed = parse("/first\n" + std::string(one.line) + "\n/last\n");
      check_same(paths(parsed), {"/first", "/last"});
      check_problem(parsed.problems, 2, {one.told});
      BOOST_CHECK(!parsed.file.header);
    }
  }
}

BOOST_AUTO_TEST_CASE(dots_within_names_are_ordinary) {
  check_paths("/a..b/...\n/.a/..b/c.\n", {"/a..b/...", "/.a/..b/c."});
}

BOOST_AUTO_TEST_CASE(a_very_long_line_is_told_in_short) {
  const Parsed parsed = parse(std::string(1'000'000, 'x'));
  check_problem(parsed.problems, 1, {"xxx...\" is not an absolute path"});
  BOOST_CHECK_LT(parsed.problems.front().message.size(), 400);
}

BOOST_AUTO_TEST_CASE(problems_are_bounded) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    bytes += "relative\n";
  }
  const Parsed parsed = parse(bytes);
  BOOST_REQUIRE_EQUAL(parsed.problems.size(), ProblemLog::most + 1);
  BOOST_CHECK_EQUAL(parsed.problems[19].line, 20);
  BOOST_CHECK_EQUAL(parsed.problems[20], (Problem{"x.public", 0, "and 980 more problems"}));
}

BOOST_AUTO_TEST_CASE(as_many_problems_as_are_kept_are_not_counted_besides) {
  std::string bytes;
  for (std::size_t i = 0; i < ProblemLog::most; ++i) {
    bytes += "relative\n";
  }
  BOOST_CHECK_EQUAL(parse(bytes).problems.size(), ProblemLog::most);
}

BOOST_AUTO_TEST_CASE(a_million_lines_take_linear_time) {
  const auto timed = [](int lines) {
    std::string bytes;
    for (int i = 0; i < lines; ++i) {
      bytes += fmt::format("/usr/share/pyshared/package/module{}.py\nbad\n", i * 7919L % lines);
    }
    const std::clock_t start = std::clock(); // this process's own time, whatever else runs
    const Parsed parsed = parse(bytes);
    const double spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    BOOST_CHECK_EQUAL(parsed.file.paths.size(), lines);
    BOOST_CHECK_EQUAL(parsed.problems.size(), ProblemLog::most + 1);
    return spent;
  };
  timed(1000); // memory and caches are warm
  const double tenth = timed(50'000);
  const double whole = timed(500'000);
  BOOST_TEST_MESSAGE("a million lines: " << whole << " s");
  // Ten times the lines; quadratic behaviour would take a hundred times as long.
  BOOST_CHECK_LT(whole, 40 * tenth);
}

BOOST_AUTO_TEST_CASE(damaged_files_never_give_a_path_that_the_grammar_refuses) {
  const std::string whole =
      "\xef\xbb\xbfpyversions = 2.7, 3.2-\r\n# c\n\n/usr/share/pyshared/a b.py\n"
      "//usr/./x\n/usr/../etc\nrel=/a\n/\xff/\0\n  /usr/lib/pyshared/python3.9/m.so"s;
  const std::string alphabet = "/.\n\r\0 =#\xef\xbb\xbf\xffpy"s;
  std::mt19937 random(7); // NOLINT: the same every time
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (auto changes = random() % 6; changes > 0; --changes) {
      const std::size_t at = random() % (bytes.size() + 1);
      switch (random() % 4) {
      case 0:
        bytes.resize(at); // cut in the middle
        break;
      case 1:
        bytes.erase(at, random() % 9);
        break;
      case 2:
        bytes.insert(at, 1, alphabet[random() % alphabet.size()]);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % (bytes.size() + 1), random() % 30));
      }
    }
    const Parsed parsed = parse(bytes);
    std::size_t last = 0;
    std::set<std::string> seen;
    std::string again;
    for (const auto& [text, line] : parsed.file.paths) {
      const std::string path = text;
      BOOST_REQUIRE_GT(line, last);
      last = line;
      BOOST_REQUIRE(seen.insert(path).second);
      BOOST_REQUIRE(path.starts_with('/') && (path == "/" || !path.ends_with('/')));
      BOOST_REQUIRE(path.find_first_of("\0\n"sv) == std::string::npos);
      const std::string closed = path + '/';
      for (const char* refused : {"//", "/./", "/../"}) {
        BOOST_REQUIRE(path == "/" || closed.find(refused) == std::string::npos);
      }
      again += path + "/\n"; // the slash keeps a blank at the end of the name
    }
    BOOST_REQUIRE(paths(parse(again)) == paths(parsed)); // what was read can be written and read
    BOOST_REQUIRE_LE(parsed.problems.size(), ProblemLog::most + 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
