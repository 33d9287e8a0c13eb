// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/tree_reference.hpp"

#include "reference/public_files.hpp"
#include "reference/text.hpp"
#include "reference/walk.hpp"

#include <algorithm>
#include <cerrno>

namespace pysup::reference {

namespace {

constexpr std::string_view version_file = ".version";
constexpr const char* extensions_directory = "/usr/lib/python-support";

/// A SET and a line feed; more is a mistake.
constexpr std::uint64_t most_version_bytes = 65536;

/// The SET in TREE's `.version`; nullopt where there is none.
Result<std::optional<VersionSet>> versions_of(const os::Root& root, const std::string& tree) {
  const std::string path = fmt::format("{}/{}", tree, version_file);
  const auto content = root.read(path, most_version_bytes);
  if (!content && content.error().code == ENOENT) {
    return std::optional<VersionSet>();
  }
  if (!content) {
    return tl::unexpected(content.error());
  }
  auto set = VersionSet::parse(trim(without_byte_order_mark(content->bytes)));
  if (!set) {
    return fail(path + ": " + set.error().message);
  }
  return std::optional<VersionSet>(std::move(*set));
}

/// Adds what lies below TOP, but for its `.version`, for ONLY. Errors: it cannot be listed.
Result<void> add_files(os::Stats& stats, const std::string& top, std::optional<Version> only,
                       Reference& reference, ProblemLog& problems) {
  const auto everywhere = [](std::string_view) {
    return true;
  };
  auto found = walk(stats.root(), top, everywhere, 0, problems);
  if (!found) {
    return tl::unexpected(found.error());
  }
  for (const Found& file : *found) {
    if (file.relative != version_file) {
      add_public_file(stats, {file.relative, top + '/' + file.relative, only},
                      LinksTo::files_or_anything, 0, reference, problems);
    }
  }
  return {};
}

/// X.Y of "pythonX.Y".
std::optional<Version> version_of_name(std::string_view name) {
  constexpr std::string_view python = "python";
  return name.starts_with(python) ? parse_version(name.substr(python.size())) : std::nullopt;
}

/// The subdirectories of TOP that are called pythonX.Y, whatever they turn out to be.
std::vector<Version> versions_below(const os::Root& root, const std::string& top,
                                    ProblemLog& problems) {
  std::vector<Version> versions;
  const auto entries = root.list(top);
  if (!entries && entries.error().code != ENOENT) {
    problems.add(0, "{}, skipped", entries.error().message);
  }
  if (entries) {
    for (const os::DirEntry& entry : *entries) {
      if (const auto version = version_of_name(entry.name)) {
        versions.push_back(*version);
      }
    }
  }
  return versions;
}

/// Adds the extensions of VERSION in TOP; whether there are any.
bool add_extensions(os::Stats& stats, const std::string& top, Version version, Reference& reference,
                    ProblemLog& problems) {
  const std::size_t before = reference.public_files.size();
  const auto added = add_files(stats, top, version, reference, problems);
  if (!added && added.error().code != ENOENT) {
    problems.add(0, "{}, skipped", added.error().message);
  }
  return reference.public_files.size() > before;
}

/// Adds all extensions and gives the versions that have some.
std::vector<Version> add_all_extensions(os::Stats& stats, Reference& reference,
                                        ProblemLog& problems) {
  const std::string by_name = fmt::format("{}/{}", extensions_directory, reference.name);
  std::vector<Version> versions;
  for (const Version version : versions_below(stats.root(), by_name, problems)) {
    const std::string top = fmt::format("{}/{}", by_name, version.name());
    if (add_extensions(stats, top, version, reference, problems)) {
      versions.push_back(version);
    }
  }
  for (const Version version : versions_below(stats.root(), extensions_directory, problems)) {
    const std::string top =
        fmt::format("{}/{}/{}", extensions_directory, version.name(), reference.name);
    if (add_extensions(stats, top, version, reference, problems)) {
      versions.push_back(version);
    }
  }
  return versions;
}

} // namespace

Result<void> read_tree(os::Stats& stats, Reference& reference, ProblemLog& problems) {
  const std::string tree = fmt::format("{}/{}", directory, reference.name);
  auto versions = versions_of(stats.root(), tree);
  if (!versions) {
    return tl::unexpected(versions.error());
  }
  if (auto added = add_files(stats, tree, std::nullopt, reference, problems); !added) {
    return added;
  }
  const auto extended = add_all_extensions(stats, reference, problems);
  if (*versions) {
    reference.versions = std::move(**versions);
  } else if (!extended.empty()) {
    reference.versions = VersionSet::of(extended);
  }
  settle_public_files(stats.root(), reference, problems);
  return {};
}

} // namespace pysup::reference
