// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <fmt/format.h>
#include <pcre2.h>
#include <string>
#include <utility>

namespace pysup::reference {

// Outside the unnamed namespace: Pattern::Program, which has linkage, holds them.
template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Code = std::unique_ptr<pcre2_code, FreeWith<&pcre2_code_free>>;
using CompileContext =
    std::unique_ptr<pcre2_compile_context, FreeWith<&pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, FreeWith<&pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, FreeWith<&pcre2_match_data_free>>;

namespace {

/// Steps, depth of backtracking and KiB of memory for one match. A pattern that suits a path needs
/// some hundred steps.
constexpr std::uint32_t most_steps = 500'000;
constexpr std::uint32_t most_depth = 50'000;
constexpr std::uint32_t most_memory = 32 * 1024;

/// Bytes of a pattern, so that compiling is bounded as well.
constexpr std::size_t most_text = 4096;

std::string error_text(int code) {
  std::array<PCRE2_UCHAR, 128> text{};
  const int length = pcre2_get_error_message(code, text.data(), text.size());
  return length < 0 ? fmt::format("error {}", code)
                    : std::string(text.begin(), text.begin() + length);
}

PCRE2_SPTR bytes_of(std::string_view text) {
  // The library refuses a null pointer, which an empty view may have.
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

} // namespace

struct Pattern::Program {
  Code code;
  MatchContext limits;
  MatchData data;
};

void Pattern::Delete::operator()(Program* program) const {
  delete program;
}

Result<Pattern> Pattern::compile(std::string_view text, Where where) {
  if (text.size() > most_text) {
    return fail(fmt::format("longer than {} bytes", most_text));
  }
  const CompileContext context(pcre2_compile_context_create(nullptr));
  auto program = std::unique_ptr<Program, Delete>(new Program);
  program->limits.reset(pcre2_match_context_create(nullptr));
  if (!context || !program->limits) {
    return fail("not enough memory");
  }
  pcre2_set_newline(context.get(),
                    PCRE2_NEWLINE_LF); // the library's default is its builder's choice
  int error = 0;
  PCRE2_SIZE offset = 0;
  // A pattern cannot switch to UTF by itself: (*UTF) would let invalid subjects fail to match.
  program->code.reset(pcre2_compile(bytes_of(text), text.size(),
                                    (where == Where::start ? PCRE2_ANCHORED : 0) | PCRE2_NEVER_UTF |
                                        PCRE2_NEVER_UCP,
                                    &error, &offset, context.get()));
  if (!program->code) {
    return fail(fmt::format("{} at byte {}", error_text(error), offset));
  }
  program->data.reset(pcre2_match_data_create_from_pattern(program->code.get(), nullptr));
  if (!program->data) {
    return fail("not enough memory");
  }
  pcre2_set_match_limit(program->limits.get(), most_steps);
  pcre2_set_depth_limit(program->limits.get(), most_depth);
  pcre2_set_heap_limit(program->limits.get(), most_memory);
  return Pattern(std::move(program));
}

Pattern::Verdict Pattern::match(std::string_view subject) const {
  const int result = pcre2_match(program_->code.get(), bytes_of(subject), subject.size(), 0, 0,
                                 program_->data.get(), program_->limits.get());
  if (result == PCRE2_ERROR_NOMATCH) {
    return Verdict::differs;
  }
  return result < 0 ? Verdict::too_hard : Verdict::matches;
}

} // namespace pysup::reference
