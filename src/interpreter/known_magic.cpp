// SPDX-License-Identifier: GPL-2.0-or-later
#include "interpreter/known_magic.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>

namespace pysup::interpreter {

namespace {

/// The magic is a 16-bit number followed by "\r\n", which makes a file that was copied as text
/// show (CPython, Include/internal/pycore_magic_number.h).
constexpr std::uint32_t line_end = 0x0a0dU << 16U;

constexpr std::uint32_t magic_of(std::uint16_t number) {
  return number | line_end;
}

/// "/usr/lib/python3.13": the standard library of VERSION.
std::string library(Version version) {
  return "/usr/lib/" + version.name();
}

/// From importlib's source, where a line reads
/// `MAGIC_NUMBER = (3571).to_bytes(2, 'little') + b'\r\n'` (3.x before 3.14).
std::optional<std::uint32_t> from_source(const os::Root& root, Version version) {
  constexpr std::uint64_t limit = 1U << 20U; // bytes; the largest so far has 70,000
  const auto source = root.read(library(version) + "/importlib/_bootstrap_external.py", limit);
  if (!source) {
    return std::nullopt;
  }
  constexpr std::string_view before = "\nMAGIC_NUMBER = (";
  constexpr std::string_view after = R"().to_bytes(2, 'little') + b'\r\n')";
  const std::size_t at = source->bytes.find(before);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const std::string_view rest = std::string_view(source->bytes).substr(at + before.size());
  std::uint16_t number = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc() ||
      !rest.substr(static_cast<std::size_t>(stop - rest.data())).starts_with(after)) {
    return std::nullopt;
  }
  return magic_of(number);
}

/// The first four bytes of a bytecode file; nullopt where they cannot be a magic.
std::optional<std::uint32_t> magic_in(const os::Root& root, const std::string& path) {
  const auto file = root.open_file(path);
  std::array<unsigned char, 4> head{};
  if (!file || ::pread(file->get(), head.data(), head.size(), 0) != ssize_t{head.size()}) {
    return std::nullopt;
  }
  const auto magic = static_cast<std::uint32_t>(head[0] | (head[1] << 8U) | (head[2] << 16U)) |
                     (std::uint32_t{head[3]} << 24U);
  constexpr std::uint32_t line_end_bits = 0xffff0000U;
  return (magic & line_end_bits) == line_end ? std::optional(magic) : std::nullopt;
}

/// From the standard library's bytecode: what more than half of its first files begin with. One
/// file alone may be damaged, or left over from a pre-release.
std::optional<std::uint32_t> from_bytecode(const os::Root& root, Version version) {
  constexpr std::size_t enough = 31; // files
  const bool has_cache = version.major >= 3;
  const std::string directory = library(version) + (has_cache ? "/__pycache__" : "");
  const std::string ending =
      has_cache ? fmt::format(".cpython-{}{}.pyc", version.major, version.minor) : ".pyc";
  const auto entries = root.list(directory);
  std::map<std::uint32_t, std::size_t> votes;
  std::size_t all = 0;
  for (std::size_t i = 0; entries && i < entries->size() && all < enough; ++i) {
    const os::DirEntry& entry = (*entries)[i];
    if (entry.type != os::FileType::regular || !entry.name.ends_with(ending)) {
      continue;
    }
    if (const auto magic = magic_in(root, directory + '/' + entry.name)) {
      ++votes[*magic];
      ++all;
    }
  }
  for (const auto& [magic, count] : votes) {
    if (2 * count > all) {
      return magic;
    }
  }
  return std::nullopt;
}

struct Series {
  Version version;
  std::uint16_t number;
};

/// The numbers that all final releases of a series share, from the list in
/// Include/internal/pycore_magic_number.h (before 3.14: the comment in
/// Lib/importlib/_bootstrap_external.py; 2.7: Python/import.c). A series is entered when it has a
/// final release, not earlier: until then the number changes.
constexpr std::array<Series, 9> final_releases = {{{{2, 7}, 62211},
                                                   {{3, 8}, 3413},
                                                   {{3, 9}, 3425},
                                                   {{3, 10}, 3439},
                                                   {{3, 11}, 3495},
                                                   {{3, 12}, 3531},
                                                   {{3, 13}, 3571},
                                                   {{3, 14}, 3627},
                                                   {{3, 15}, 3666}}};

std::optional<std::uint32_t> from_table(Version version) {
  const auto* const series =
      std::find_if(final_releases.begin(), final_releases.end(),
                   [version](const Series& s) { return s.version == version; });
  return series == final_releases.end() ? std::nullopt : std::optional(magic_of(series->number));
}

} // namespace

std::optional<std::uint32_t> magic_without_starting(const os::Root& root, Version version) {
  if (const auto magic = from_source(root, version)) {
    return magic;
  }
  if (const auto magic = from_bytecode(root, version)) {
    return magic;
  }
  return from_table(version);
}

} // namespace pysup::interpreter
