// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/pool.hpp"
#include "bytecode/probe.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

/// What goes to and fro between the pool and worker.py, which describes it.
namespace pysup::bytecode {

/// The longest answer that is taken, in bytes. A worker has a source, its tree, its code object and
/// the marshalled code in 2 GiB at the same time, so no honest one gives more.
constexpr std::size_t max_answer = std::size_t{512} << 20;

/// What stands in front of a source on its way to a worker, the name included. NUMBER is at
/// least 1.
std::string encode_job_head(std::uint32_t number, const Job& job);

struct Answer {
  enum class Kind : std::uint8_t { hello, code, source, marshal, memory };
  std::uint32_t number = 0; ///< of the job; 0 with a hello
  Kind kind = Kind::code;
  std::string text;
};

/// Puts answers together from the bytes that arrive. The bytes come from a process that parsed a
/// hostile source: nothing in them is believed, and no memory is taken before they are there.
class AnswerReader {
 public:
  void append(std::string_view bytes) { buffer_ += bytes; }
  /// The next answer, nullopt while it is not complete. Errors: bytes that are no answer.
  tl::expected<std::optional<Answer>, std::string> next();

 private:
  std::string buffer_;
  std::size_t begin_ = 0; ///< of what next() has not given yet
};

/// What a hello says. Errors: it is not one, or not CPython's.
Result<Identity> parse_hello(std::string_view text);

/// The outcome that ANSWER (not a hello) stands for.
Outcome to_outcome(Answer answer);

} // namespace pysup::bytecode
