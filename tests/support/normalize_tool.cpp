// SPDX-License-Identifier: GPL-2.0-or-later
//
// Puts the bytecode room's functions behind a pipe, so that a test can hold their results against
// those of real interpreters:
//
//   normalize_tool normalize X.Y        normal_form.hpp: normalize()
//   normalize_tool normalize-twice X.Y  the same, of its own result
//   normalize_tool verify X.Y           normal_form.hpp: verify()
//   normalize_tool hash X.Y MAGIC       header.hpp: source_hash(), eight bytes, little-endian
//
// Reads frames, each a little-endian 32-bit length and as many bytes, until the end of input.
// Answers each with a byte (0 done, 1 unknown, 2 invalid) and a frame: the result or the message.
#include "bytecode/header.hpp"
#include "bytecode/little_endian.hpp"
#include "bytecode/normal_form.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using pysup::Version;
using pysup::bytecode::MarshalError;

using Answer = tl::expected<std::string, MarshalError>;
using Function = std::function<Answer(std::string_view)>;

bool read_exactly(std::string& bytes, std::size_t count) {
  bytes.resize(count);
  return std::fread(bytes.data(), 1, count, stdin) == count;
}

void write_answer(const Answer& answer) {
  std::string out;
  out += static_cast<char>(answer ? 0 : answer.error().kind == MarshalError::Kind::unknown ? 1 : 2);
  const std::string text =
      answer ? *answer : fmt::format("at {}: {}", answer.error().offset, answer.error().message);
  pysup::bytecode::store_le(out, static_cast<std::uint32_t>(text.size()));
  out += text;
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

int serve(const Function& function) {
  std::string bytes;
  while (read_exactly(bytes, 4)) {
    if (!read_exactly(bytes, pysup::bytecode::load_le<std::uint32_t>(bytes))) {
      fmt::print(stderr, "normalize_tool: input ends inside a frame\n");
      return 1;
    }
    write_answer(function(bytes));
  }
  return 0;
}

Answer normalize_twice(Version version, std::string_view bytes) {
  const auto once = pysup::bytecode::normalize(version, bytes);
  return once ? pysup::bytecode::normalize(version, *once) : once;
}

Answer verify(Version version, std::string_view bytes) {
  const auto verdict = pysup::bytecode::verify(version, bytes);
  return verdict ? Answer(std::string()) : tl::unexpected(verdict.error());
}

Answer hash(Version version, std::uint32_t magic, std::string_view bytes) {
  std::string out;
  pysup::bytecode::store_le(out, pysup::bytecode::source_hash(version, magic, bytes));
  return out;
}

} // namespace

// Running out of memory may end it.
int main(int argc, char** argv) { // NOLINT(bugprone-exception-escape)
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto version = arguments.size() < 2 ? std::nullopt : pysup::parse_version(arguments[1]);
  if (version && arguments[0] == "normalize") {
    return serve([&](auto bytes) { return pysup::bytecode::normalize(*version, bytes); });
  }
  if (version && arguments[0] == "normalize-twice") {
    return serve([&](auto bytes) { return normalize_twice(*version, bytes); });
  }
  if (version && arguments[0] == "verify") {
    return serve([&](auto bytes) { return verify(*version, bytes); });
  }
  if (version && arguments[0] == "hash" && arguments.size() == 3) {
    const auto magic = static_cast<std::uint32_t>(std::strtoul(arguments[2].c_str(), nullptr, 0));
    return serve([&](auto bytes) { return hash(*version, magic, bytes); });
  }
  fmt::print(stderr, "usage: normalize_tool normalize|normalize-twice|verify|hash X.Y [MAGIC]\n");
  return 2;
}
