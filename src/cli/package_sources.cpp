// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/package_sources.hpp"

#include "os/caller_path.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace pysup::cli {

namespace {

namespace fs = std::filesystem;

/// The longest lists have some ten thousand lines.
constexpr std::uint64_t most_list_bytes = std::uint64_t{256} << 20;

/// deb-control(5): so that no name leads to a file elsewhere.
bool is_package_name(std::string_view name) {
  constexpr std::string_view others = "+-.";
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != others.npos;
  });
}

/// Calls TAKE with each line of TEXT.
template <typename Take>
void each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Lists that are named after PACKAGE and an architecture, as those of packages are that may be
/// installed for several.
std::vector<std::string> lists_by_architecture(const std::string& info, std::string_view package) {
  std::vector<std::string> found;
  const std::string begin = fmt::format("{}:", package);
  std::error_code error;
  for (fs::directory_iterator entry(info, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(begin) && name.ends_with(".list")) {
      found.push_back(entry->path().string());
    }
  }
  return found;
}

/// What dpkg has under another name: the contested path, and the other one.
using Diverted = std::map<std::string, std::string, std::less<>>;

/// Those that concern PACKAGE: what it diverts itself is where it ships it.
Result<Diverted> read_diversions(const std::string& admindir, std::string_view package) {
  Diverted diverted;
  const auto content = os::read_caller_path(admindir + "/diversions", most_list_bytes);
  if (!content) {
    if (content.error().code == ENOENT) {
      return diverted;
    }
    return tl::unexpected(content.error());
  }
  std::vector<std::string_view> lines;
  each_line(content->bytes, [&](std::string_view line) { lines.push_back(line); });
  if (lines.size() % 3 != 0) {
    return fail(admindir + "/diversions: damaged");
  }
  for (std::size_t i = 0; i < lines.size(); i += 3) { // contested, other name, package or ":"
    if (lines[i + 2] != package) {
      diverted.emplace(lines[i], lines[i + 1]);
    }
  }
  return diverted;
}

} // namespace

Result<std::vector<std::string>> package_sources(const std::string& admindir,
                                                 std::string_view package) {
  const std::string_view name = package.substr(0, package.find(':'));
  const std::string_view architecture = package.substr(std::min(name.size() + 1, package.size()));
  const std::string info = admindir + "/info";
  if (!is_package_name(name) || (name != package && !is_package_name(architecture))) {
    return fail(fmt::format("\"{}\" is not the name of a package", package));
  }
  std::vector<std::string> lists;
  for (const std::string& list : {fmt::format("{}/{}.list", info, package), //
                                  fmt::format("{}/{}.list", info, name)}) {
    std::error_code error;
    if (lists.empty() && fs::exists(list, error)) {
      lists.push_back(list);
    }
  }
  if (lists.empty() && architecture.empty()) {
    lists = lists_by_architecture(info, name);
  }
  if (lists.empty()) {
    return fail(fmt::format("package '{}' is not installed", package));
  }
  const auto diverted = read_diversions(admindir, name);
  if (!diverted) {
    return tl::unexpected(diverted.error());
  }
  std::vector<std::string> sources;
  for (const std::string& list : lists) {
    const auto content = os::read_caller_path(list, most_list_bytes);
    if (!content) {
      return tl::unexpected(content.error());
    }
    each_line(content->bytes, [&](std::string_view path) {
      const auto other = diverted->find(path);
      const std::string_view on_disk = other == diverted->end() ? path : other->second;
      if (on_disk.starts_with('/') && on_disk.ends_with(".py")) {
        sources.emplace_back(on_disk);
      }
    });
  }
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

} // namespace pysup::cli
