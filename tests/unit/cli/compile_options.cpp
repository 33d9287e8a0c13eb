// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/compile_options.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <iostream>
#include <sstream>

namespace pysup::cli {
namespace {

using bytecode::InvalidationMode;

/// Sends STREAM into a text for as long as it lives.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() { stream_.rdbuf(before_); }
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

/// What came of a command line, and what was printed.
struct Parsed {
  tl::expected<CompileOptions, int> options;
  std::string output;
  std::string errors;
};

Parsed parse_words(std::initializer_list<const char*> words) {
  std::vector<const char*> line{"pysupport-compile"};
  line.insert(line.end(), words.begin(), words.end());
  const Captured output(std::cout);
  const Captured errors(std::cerr);
  auto options = parse_compile_options(static_cast<int>(line.size()), line.data());
  return {std::move(options), output.text(), errors.text()};
}

std::string in_words(std::initializer_list<const char*> words) {
  std::string text;
  for (const char* word : words) {
    text += std::string(text.empty() ? "" : " ") + '"' + word + '"';
  }
  return text;
}

CompileOptions good(std::initializer_list<const char*> words) {
  auto parsed = parse_words(words);
  BOOST_REQUIRE_MESSAGE(parsed.options, in_words(words) << ": " << parsed.errors);
  BOOST_CHECK_EQUAL(parsed.output + parsed.errors, "");
  return std::move(*parsed.options);
}

/// That WORDS are a usage error, which is told and says WHAT.
void check_wrong(std::initializer_list<const char*> words, const std::string& what = "") {
  const auto parsed = parse_words(words);
  BOOST_REQUIRE_MESSAGE(!parsed.options, in_words(words));
  BOOST_CHECK_MESSAGE(parsed.options.error() == 2, in_words(words));
  BOOST_CHECK_EQUAL(parsed.output, "");
  BOOST_CHECK_MESSAGE(!parsed.errors.empty() && parsed.errors.find(what) != std::string::npos,
                      in_words(words) << ": " << parsed.errors);
}

std::string levels_of(std::initializer_list<const char*> words) {
  std::string text;
  for (const int level : good(words).levels) {
    text += std::to_string(level) + " ";
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(compile_options)

BOOST_AUTO_TEST_CASE(a_file_alone_leaves_all_else_at_its_default) {
  const auto options = good({"x.py"});
  BOOST_CHECK(options.arguments == std::vector<std::string>{"x.py"});
  BOOST_CHECK(!options.python && !options.cfile && !options.dfile && !options.mode);
  BOOST_CHECK(!options.depth && !options.exclude && !options.strip && !options.prepend);
  BOOST_CHECK(options.levels == std::set<int>{-1});
  BOOST_CHECK_EQUAL(options.jobs, 0U);
  BOOST_CHECK(!options.quiet && !options.print_path && !options.hardlink_dupes && !options.force);
}

BOOST_AUTO_TEST_CASE(every_option_is_read_under_each_of_its_names) {
  const auto options = good({"--python",
                             "3.13",
                             "--cfile",
                             "y.pyc",
                             "--dfile",
                             "/x.py",
                             "--optimize",
                             "1",
                             "--invalidation-mode",
                             "unchecked-hash",
                             "--quiet",
                             "--jobs",
                             "7",
                             "--print-path",
                             "--depth",
                             "0",
                             "--exclude",
                             "[ab]$",
                             "--force",
                             "x.py"});
  BOOST_CHECK((options.python == Version{3, 13}));
  BOOST_CHECK_EQUAL(options.cfile.value_or("none"), "y.pyc");
  BOOST_CHECK_EQUAL(options.dfile.value_or("none"), "/x.py");
  BOOST_CHECK(options.levels == std::set<int>{1});
  BOOST_CHECK(options.mode == InvalidationMode::unchecked_hash);
  BOOST_CHECK(options.quiet && options.print_path && options.force && !options.hardlink_dupes);
  BOOST_CHECK_EQUAL(options.jobs, 7U);
  BOOST_CHECK_EQUAL(options.depth.value_or(9), 0U);
  BOOST_REQUIRE(options.exclude.has_value());
  BOOST_CHECK(options.exclude->match("x/a") == reference::Pattern::Verdict::matches); // a search
  BOOST_CHECK(options.exclude->match("x/ac") == reference::Pattern::Verdict::differs);

  const auto other =
      good({"-q", "-j3", "-r", "12", "-x", "t", "-f", "-s", "/b", "-p", "/", "x.py"});
  BOOST_CHECK(other.quiet && other.force && other.exclude);
  BOOST_CHECK_EQUAL(other.jobs, 3U);
  BOOST_CHECK_EQUAL(other.depth.value_or(0), 12U);
  BOOST_CHECK_EQUAL(other.strip.value_or("none"), "/b");
  BOOST_CHECK_EQUAL(other.prepend.value_or("none"), "/");
  const auto long_names = good({"--strip", "b", "--prepend", "", "--hardlink-dupes", //
                                "--optimize=0,1", "x.py"});
  BOOST_CHECK_EQUAL(long_names.strip.value_or("none"), "b");
  BOOST_CHECK_EQUAL(long_names.prepend.value_or("none"), "");
  BOOST_CHECK(long_names.hardlink_dupes);
}

BOOST_AUTO_TEST_CASE(levels_are_given_as_a_list_or_one_by_one) {
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "0", "x.py"}), "0 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "-1", "x.py"}), "-1 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize=-1", "x.py"}), "-1 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "2,0,1", "x.py"}), "0 1 2 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "1", "x.py", "--optimize", "2"}), "1 2 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "1,1", "--optimize", "1", "x.py"}), "1 ");
  BOOST_CHECK_EQUAL(levels_of({"--optimize", "-1,2", "x.py"}), "-1 2 ");
  BOOST_CHECK(good({"--optimize", "1", "2", "3"}).arguments.size() == 2); // files, not levels
}

BOOST_AUTO_TEST_CASE(what_is_no_level_is_a_usage_error) {
  for (const char* level :
       {"3", "-2", "", "x", "00", "01", "+1", "1.0", "1,3", "0;1", " 1", "/", ".", ":", "-"}) {
    check_wrong({"--optimize", level, "x.py"});
  }
  check_wrong({"x.py", "--optimize"});
}

BOOST_AUTO_TEST_CASE(what_is_no_value_is_a_usage_error) {
  for (const char* version : {"3", "x", "", "3.", "3.13.1", "python3.13", "-1", "3.256"}) {
    check_wrong({"--python", version, "x.py"});
  }
  for (const char* mode : {"", "hash", "checked", "Timestamp", "checked_hash"}) {
    check_wrong({"--invalidation-mode", mode, "x.py"}, "--invalidation-mode");
  }
  for (const char* jobs : {"0", "-1", "x", "", "1.5", "99999999999999999999", "1000000"}) {
    check_wrong({"--jobs", jobs, "x.py"});
  }
  for (const char* depth : {"-1", "x", "1.5", "99999999999999999999"}) {
    check_wrong({"--depth", depth, "x.py"});
  }
  for (const char* expression : {"(", "*", "[a"}) {
    check_wrong({"--exclude", expression, "x.py"}, "at byte");
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_command_line_is_a_usage_error) {
  check_wrong({});
  check_wrong({"--quiet"});
  check_wrong({"--nonsense", "x.py"}, "--nonsense");
  check_wrong({"-Z", "x.py"});
  for (const char* option : {"--cfile", "--dfile", "--python", "--strip", "--prepend", "--jobs",
                             "--depth", "--exclude", "--invalidation-mode"}) {
    check_wrong({"x.py", option}, option);
  }
  check_wrong({"--cfile", "a", "--cfile", "b", "x.py"}, "--cfile");
}

BOOST_AUTO_TEST_CASE(one_bytecode_file_is_of_one_source_and_one_level) {
  const std::string wrong = "--cfile takes one source and one level";
  check_wrong({"--cfile", "y", "a.py", "b.py"}, wrong);
  check_wrong({"--cfile", "y", "-"}, wrong);
  check_wrong({"--cfile", "y", "--optimize", "0,1", "a.py"}, wrong);
  check_wrong({"--cfile", "", "a.py", "b.py"}, wrong);
  BOOST_CHECK_EQUAL(good({"--cfile", "y", "--optimize", "1,1", "a.py"}).levels.size(), 1U);
}

BOOST_AUTO_TEST_CASE(one_recorded_name_is_of_one_source) {
  check_wrong({"--dfile", "n", "a.py", "b.py"}, "--dfile takes one source");
  check_wrong({"--dfile", "n", "-"}, "--dfile takes one source");
  BOOST_CHECK_EQUAL(good({"--dfile", "n", "--optimize", "0,1", "a.py"}).levels.size(), 2U);
}

BOOST_AUTO_TEST_CASE(a_recorded_name_is_given_or_made) {
  const std::string wrong = "--dfile cannot go with --strip or --prepend";
  check_wrong({"--dfile", "n", "-s", "/b", "a.py"}, wrong);
  check_wrong({"--dfile", "n", "-p", "/", "a.py"}, wrong);
  check_wrong({"--dfile", "n", "-s", "/b", "-p", "/", "a.py"}, wrong);
}

BOOST_AUTO_TEST_CASE(levels_that_share_a_file_are_at_least_two) {
  const std::string wrong = "--hardlink-dupes makes sense for more than one level only";
  check_wrong({"--hardlink-dupes", "a.py"}, wrong);
  check_wrong({"--hardlink-dupes", "--optimize", "1", "a.py"}, wrong);
  check_wrong({"--hardlink-dupes", "--optimize", "1,1", "a.py"}, wrong);
  BOOST_CHECK(good({"--hardlink-dupes", "--optimize", "0,2", "a.py"}).hardlink_dupes);
}

BOOST_AUTO_TEST_CASE(a_dash_is_an_argument) {
  BOOST_CHECK(good({"-"}).arguments == std::vector<std::string>{"-"});
  BOOST_CHECK(
      (good({"a.py", "-", "b.py"}).arguments == std::vector<std::string>{"a.py", "-", "b.py"}));
  BOOST_CHECK((good({"-q", "--", "-x.py", "--quiet"}).arguments ==
               std::vector<std::string>{"-x.py", "--quiet"}));
}

BOOST_AUTO_TEST_CASE(help_and_version_are_printed_and_good) {
  for (const char* option : {"-h", "--help"}) {
    const auto parsed = parse_words({option});
    BOOST_REQUIRE(!parsed.options);
    BOOST_CHECK_EQUAL(parsed.options.error(), 0);
    BOOST_CHECK_EQUAL(parsed.errors, "");
    for (const char* told : {"--python", "--cfile", "--dfile", "--optimize", "--invalidation-mode",
                             "--quiet", "--jobs", "--print-path", "--depth", "--exclude", "--strip",
                             "--prepend", "--hardlink-dupes", "--force", "--version"}) {
      BOOST_CHECK_MESSAGE(parsed.output.find(told) != std::string::npos, told);
    }
  }
  const auto version = parse_words({"--version"});
  BOOST_REQUIRE(!version.options);
  BOOST_CHECK_EQUAL(version.options.error(), 0);
  BOOST_CHECK(version.output.starts_with("pysupport-compile "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
