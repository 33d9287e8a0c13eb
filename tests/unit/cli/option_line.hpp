// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "captured_stream.hpp"

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

} // namespace pysup::test
