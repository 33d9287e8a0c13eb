// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/public_reference.hpp"

#include "reference/list_file.hpp"
#include "reference/public_files.hpp"
#include "reference/text.hpp"

#include <algorithm>
#include <cerrno>

namespace pysup::reference {

namespace {

constexpr std::string_view shared = "/usr/share/pyshared/";
constexpr std::string_view versioned = "/usr/lib/pyshared/python";

/// Where a listed path belongs; nullopt for one outside the two trees. It is clean, so what follows
/// the tree's name is not empty.
std::optional<PublicFile> place_of(os::Text path) {
  const std::string whole = path;
  const std::string_view text = whole;
  if (text.starts_with(shared)) {
    return PublicFile{text.substr(shared.size()), path, std::nullopt};
  }
  if (text.starts_with(versioned)) {
    const std::string_view rest = text.substr(versioned.size());
    const std::size_t slash = rest.find('/');
    const auto version = parse_version(rest.substr(0, slash));
    if (version && slash != std::string_view::npos) {
      return PublicFile{rest.substr(slash + 1), path, version};
    }
  }
  return std::nullopt;
}

/// "foo.cpython-313-" of "foo.cpython-313-i386-linux-gnu.so"; empty for a name without a platform
/// (PEP 3149).
std::string_view before_platform(std::string_view name) {
  constexpr std::string_view tag = ".cpython-";
  const auto begin = name.rfind(tag);
  if (begin == std::string_view::npos || !name.ends_with(".so")) {
    return {};
  }
  const auto end = name.find('-', begin + tag.size());
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end + 1);
}

/// Packages of several architectures share one reference ("Multi-Arch: same"), which lists the
/// extensions of all: one that is not there is no problem where its like for another platform is.
bool is_for_another_platform(os::Stats& stats, os::Text path, const ListFile& list) {
  const auto stem = before_platform(path.name());
  if (stem.empty()) {
    return false;
  }
  const auto info = stats.of(path);
  return !info && info.error().code == ENOENT &&
         std::any_of(list.paths.begin(), list.paths.end(), [&](const ListedPath& other) {
           return other.path.folder() == path.folder() &&
                  before_platform(other.path.name()) == stem && stats.of(other.path);
         });
}

} // namespace

Result<void> read_public(os::Stats& stats, std::string_view bytes, Reference& reference,
                         ProblemLog& problems) {
  const ListFile list = parse_list(bytes, "pyversions", problems);
  if (list.header) {
    auto versions = VersionSet::parse(list.header->value);
    if (!versions) {
      return fail(fmt::format("{}/{}:{}: pyversions: {}", directory, reference.name,
                              list.header->line, versions.error().message));
    }
    reference.versions = std::move(*versions);
  }
  for (const ListedPath& listed : list.paths) {
    if (const auto file = place_of(listed.path)) {
      if (is_for_another_platform(stats, listed.path, list)) {
        continue;
      }
      add_public_file(stats, *file, LinksTo::files, listed.line, reference, problems);
    } else {
      problems.add(listed.line,
                   "{} is in neither /usr/share/pyshared nor /usr/lib/pyshared/pythonX.Y, skipped",
                   quoted(listed.path.str()));
    }
  }
  settle_public_files(stats.root(), reference, problems);
  return {};
}

} // namespace pysup::reference
