// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "captured_stream.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <iostream>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace pysup::test {

/// What came of a command line, and what was printed.
template <typename Options>
struct ParsedLine {
  tl::expected<Options, int> options;
  std::string output;
  std::string errors;
};

/// Gives WORDS, behind the name of a program, to PARSE.
template <typename Options>
ParsedLine<Options> parse_line(tl::expected<Options, int> (*parse)(int, const char* const*),
                               std::initializer_list<const char*> words) {
  std::vector<const char*> line{"program"};
  line.insert(line.end(), words.begin(), words.end());
  const CapturedStream output(std::cout);
  const CapturedStream errors(std::cerr);
  auto options = parse(static_cast<int>(line.size()), line.data());
  return {std::move(options), output.text(), errors.text()};
}

/// WORDS as a person would show them.
inline std::string shown(std::initializer_list<const char*> words) {
  std::string text;
  for (const char* word : words) {
    text += std::string(text.empty() ? "" : " ") + '"' + word + '"';
  }
  return text;
}

/// The options that WORDS are, of which nothing may be said.
template <typename Options>
Options options_of(tl::expected<Options, int> (*parse)(int, const char* const*),
                   std::initializer_list<const char*> words) {
  auto parsed = parse_line(parse, words);
  BOOST_REQUIRE_MESSAGE(parsed.options, shown(words) << ": " << parsed.errors);
  BOOST_CHECK_EQUAL(parsed.output + parsed.errors, "");
  return std::move(*parsed.options);
}

/// That WORDS end with STATUS and say TEXT, on standard error alone if STATUS is that of misuse.
template <typename Options>
void check_line_ends(tl::expected<Options, int> (*parse)(int, const char* const*),
                     std::initializer_list<const char*> words, int status,
                     const std::string& text) {
  const auto parsed = parse_line(parse, words);
  BOOST_TEST_CONTEXT(shown(words)) {
    BOOST_REQUIRE(!parsed.options);
    BOOST_CHECK_EQUAL(parsed.options.error(), status);
    BOOST_CHECK_EQUAL(status == 2 ? parsed.output : parsed.errors, "");
    BOOST_CHECK_NE((status == 2 ? parsed.errors : parsed.output).find(text), std::string::npos);
  }
}

} // namespace pysup::test
