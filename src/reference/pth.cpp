// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/pth.hpp"

#include "reference/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pysup::reference {

namespace {

/// Real ones have a few lines.
constexpr std::uint64_t most_path_bytes = std::uint64_t{1} << 20;

bool is_control(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return (code < 0x20 && byte != '\t') || code == 0x7f;
}

/// Whether some version's site module would read more, or something else, than one directory here:
/// str.splitlines(), which it uses since Python 3.13, splits at U+0085, U+2028, U+2029 and at some
/// control characters, and a byte order mark (U+FEFF) vanishes at the start of a file.
bool is_treacherous(std::string_view line) {
  constexpr std::array<std::string_view, 4> sequences = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                                         "\xef\xbb\xbf"};
  return std::any_of(line.begin(), line.end(), is_control) ||
         std::any_of(sequences.begin(), sequences.end(), [line](std::string_view sequence) {
           return line.find(sequence) != std::string_view::npos;
         });
}

bool is_executed(std::string_view line) {
  return line.starts_with("import ") || line.starts_with("import\t");
}

void take_line(std::string_view line, std::vector<std::string>& directories) {
  line = trim(line);
  if (!line.empty() && line.front() != '#' && !is_executed(line) && !is_treacherous(line)) {
    directories.emplace_back(line);
  }
}

} // namespace

std::vector<std::string> parse_pth(std::string_view bytes) {
  std::vector<std::string> directories;
  std::string_view rest = without_byte_order_mark(bytes);
  while (!rest.empty()) { // CR, LF and CR LF end a line in Python's text files
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    take_line(rest.substr(0, end), directories);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return directories;
}

void read_path_lines(const os::Root& root, Reference& reference, ProblemLog& problems) {
  std::set<std::pair<std::string, std::optional<Version>>> seen;
  for (const PublicFile& file : reference.public_files) {
    if (!file.relative.ends_with(".pth") || !file.relative.folder().empty()) {
      continue;
    }
    const auto content = root.read(file.source.str(), most_path_bytes);
    if (!content) {
      problems.add(0, "{}; the directories it names do not count", content.error().message);
      continue;
    }
    for (std::string& named : parse_pth(content->bytes)) {
      if (seen.emplace(named, file.only).second) {
        reference.path_lines.push_back({std::move(named), file.only});
      }
    }
  }
}

} // namespace pysup::reference
