// SPDX-License-Identifier: GPL-2.0-or-later
#include "interpreter/discover.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace pysup::interpreter {

namespace {

constexpr std::string_view program_directory = "/usr/bin";

/// As many links as Linux follows in one path lookup (path_resolution(7)).
constexpr int max_links = 40;

/// The version in a program's name: 3.13 of "python3.13", nothing of "python3.13-config" or
/// "python3.013".
std::optional<Version> version_of(std::string_view name) {
  constexpr std::string_view prefix = "python";
  if (!name.starts_with(prefix)) {
    return std::nullopt;
  }
  const auto version = parse_version(name.substr(prefix.size()));
  return version && version->name() == name ? version : std::nullopt;
}

/// Whether an errno of stat(2) says that a link leads nowhere. Any other failure must not make an
/// interpreter look gone, because the modules of one that is gone are removed.
bool leads_nowhere(int code) {
  return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

} // namespace

Result<std::vector<Candidate>> candidates(const os::Root& root) {
  std::vector<Candidate> found;
  const auto entries = root.list(program_directory);
  if (!entries) {
    if (entries.error().code == ENOENT) {
      return found;
    }
    return tl::unexpected(entries.error());
  }
  for (const os::DirEntry& entry : *entries) {
    const auto version = version_of(entry.name);
    if (!version) {
      continue;
    }
    std::string path = std::string(program_directory) + '/' + entry.name;
    const auto info = root.info(path);
    if (!info && !leads_nowhere(info.error().code)) {
      return tl::unexpected(info.error());
    }
    constexpr std::uint32_t any_execute = 0111;
    if (info && info->type == os::FileType::regular && (info->mode & any_execute) != 0) {
      found.push_back({*version, std::move(path), *info});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Candidate& a, const Candidate& b) { return a.version < b.version; });
  return found;
}

std::optional<Version> default_version(const os::Root& root, int major) {
  const auto programs = root.canonical(program_directory);
  std::string path = fmt::format("{}/python{}", program_directory, major);
  for (int links = 0; programs && links < max_links; ++links) {
    const auto text = root.read_link(path);
    if (!text) {
      return std::nullopt;
    }
    path = text->starts_with('/') ? *text : fmt::format("{}/{}", os::parent_of(path), *text);
    const auto version = version_of(os::name_of(path));
    const auto directory = root.canonical(os::parent_of(path));
    if (version && version->major == major && directory && *directory == *programs) {
      return version;
    }
  }
  return std::nullopt;
}

} // namespace pysup::interpreter
