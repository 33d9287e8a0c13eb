// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/option_words.hpp"

#include "cli/exit_status.hpp"
#include "report/text.hpp"

#include <fmt/format.h>
#include <getopt.h>
#include <iostream>

namespace pysup::cli {

namespace {

/// getopt_long(3) gives 1 for an argument that is no option.
constexpr int no_option = 1;

std::string letters_of(std::span<const OptionForm> forms) {
  // '-': arguments come in their order, whatever POSIXLY_CORRECT says; ':': so does a missing value
  std::string letters = "-:";
  for (const OptionForm& form : forms) {
    if (form.code < 256) {
      letters += static_cast<char>(form.code);
      letters += form.takes_value ? ":" : "";
    }
  }
  return letters;
}

std::vector<option> names_of(std::span<const OptionForm> forms) {
  std::vector<option> names;
  names.reserve(forms.size() + 1);
  for (const OptionForm& form : forms) {
    if (form.name != nullptr) {
      const int argument = form.takes_value ? required_argument : no_argument;
      names.push_back({form.name, argument, nullptr, form.code});
    }
  }
  names.push_back({nullptr, 0, nullptr, 0});
  return names;
}

/// What getopt_long(3) refused: the long option WORD, else a letter.
std::string refused(const std::string& word, int letter) {
  if (word.starts_with("--")) {
    return word.substr(0, word.find('='));
  }
  return fmt::format("-{}", static_cast<char>(letter));
}

} // namespace

tl::expected<OptionWords, std::string> split_options(int argc, const char* const* argv,
                                                     std::span<const OptionForm> forms) {
  std::vector<std::string> words(argv, argv + argc);
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const std::string letters = letters_of(forms);
  const std::vector<option> names = names_of(forms);
  OptionWords found;
  ::opterr = 0; // the messages are ours
  ::optind = 0; // glibc: from the start again
  int code = 0;
  while ((code = ::getopt_long(argc, pointers.data(), letters.c_str(), names.data(), nullptr)) !=
         -1) {
    const std::string value = ::optarg == nullptr ? "" : ::optarg;
    const std::string& word = words[static_cast<std::size_t>(::optind - 1)];
    if (code == no_option) {
      found.arguments.push_back(value);
    } else if (code == ':') {
      return tl::unexpected(refused(word, ::optopt) + " option requires 1 argument");
    } else if (code == '?') {
      // optopt: 0 for a name that is unknown or stands for several, else one that takes no value
      const bool has_value = word.starts_with("--") && ::optopt != 0;
      return tl::unexpected(has_value ? refused(word, 0) + " option does not take a value"
                                      : "no such option: " + refused(word, ::optopt));
    } else {
      found.options.push_back({code, value});
    }
  }
  for (int rest = ::optind; rest < argc; ++rest) {
    found.arguments.push_back(words[static_cast<std::size_t>(rest)]);
  }
  return found;
}

int refuse_usage(std::string_view usage, std::string_view program, std::string_view message) {
  const std::string text = fmt::format("{}\n{}: error: {}\n", usage, program, message);
  std::cerr << report::printable(text, true);
  return exit_usage;
}

} // namespace pysup::cli
