// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_protocol.hpp"

#include "bytecode/little_endian.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

constexpr std::size_t head_size = 9; ///< of an answer: length, number, kind

/// Longer messages, of a source that is one long line for instance, lose their middle.
constexpr std::size_t max_message = 8192;

std::string shorten(std::string_view message) {
  if (message.size() <= max_message) {
    return std::string(message);
  }
  const std::size_t half = max_message / 2;
  return fmt::format("{}\n[...]\n{}", message.substr(0, half),
                     message.substr(message.size() - half));
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// Takes the first line off TEXT; all of it where no line ends.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

CompileError::Kind error_kind(Answer::Kind kind) {
  switch (kind) {
  case Answer::Kind::marshal:
    return CompileError::Kind::marshal;
  case Answer::Kind::memory:
    return CompileError::Kind::memory;
  default:
    return CompileError::Kind::source;
  }
}

} // namespace

std::string encode_job_head(std::uint32_t number, const Job& job) {
  assert(number > 0);
  std::string head;
  store_le(head, number);
  store_le(head, static_cast<std::uint32_t>(job.level));
  store_le(head, static_cast<std::uint32_t>(job.name.size()));
  store_le(head, std::uint64_t{job.source.size()});
  return head + job.name;
}

tl::expected<std::optional<Answer>, std::string> AnswerReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.size() < head_size) {
    return std::nullopt;
  }
  const auto size = load_le<std::uint32_t>(rest);
  const auto kind = static_cast<unsigned char>(rest[8]);
  if (size > max_answer || kind > static_cast<unsigned char>(Answer::Kind::memory)) {
    return tl::unexpected(std::string("the interpreter gave an answer that makes no sense"));
  }
  if (rest.size() < head_size + size) {
    // Answers before this one are done with. Their bytes go once for each that is incomplete.
    buffer_.erase(0, begin_);
    begin_ = 0;
    return std::nullopt;
  }
  Answer answer;
  answer.number = load_le<std::uint32_t>(rest.substr(4));
  answer.kind = static_cast<Answer::Kind>(kind);
  answer.text = rest.substr(head_size, size);
  begin_ += head_size + size;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  }
  return answer;
}

Result<Identity> parse_hello(std::string_view text) {
  std::array<std::string_view, 5> fields; // implementation, major, minor, magic, cache tag
  for (std::string_view& field : fields) {
    field = take_line(text);
  }
  if (fields[0] != "cpython") {
    return fail(fmt::format("it is not CPython but calls itself \"{}\"", shorten(fields[0])));
  }
  const auto major = parse_number<std::uint8_t>(fields[1]);
  const auto minor = parse_number<std::uint8_t>(fields[2]);
  const auto magic = parse_number<std::uint32_t>(fields[3]);
  if (!major || !minor || !magic || fields[4].empty() ||
      fields[4].find('/') != std::string_view::npos) {
    return fail("it does not say which version it is");
  }
  return Identity{Version{*major, *minor}, *magic, std::string(fields[4])};
}

Outcome to_outcome(Answer answer) {
  assert(answer.kind != Answer::Kind::hello);
  if (answer.kind == Answer::Kind::code) {
    return std::move(answer.text);
  }
  std::string_view rest = answer.text;
  const std::string_view exception = take_line(rest);
  const std::string_view line = take_line(rest);
  const std::string_view column = take_line(rest);
  return tl::unexpected(CompileError{error_kind(answer.kind), shorten(exception), shorten(rest),
                                     parse_number<std::uint32_t>(line).value_or(0),
                                     parse_number<std::uint32_t>(column).value_or(0)});
}

} // namespace pysup::bytecode
