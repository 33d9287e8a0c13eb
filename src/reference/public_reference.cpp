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
std::optional<PublicFile> place_of(const std::string& path) {
  const std::string_view text = path;
  if (text.starts_with(shared)) {
    return PublicFile{std::string(text.substr(shared.size())), path, std::nullopt};
  }
  if (text.starts_with(versioned)) {
    const std::string_view rest = text.substr(versioned.size());
    const std::size_t slash = rest.find('/');
    const auto version = parse_version(rest.substr(0, slash));
    if (version && slash != std::string_view::npos) {
      return PublicFile{std::string(rest.substr(slash + 1)), path, version};
    }
  }
  return std::nullopt;
}

/// "foo.cpython-313-" of "foo.cpython-313-i386-linux-gnu.so"; empty for a name without a platform
/// (PEP 3149).
std::string_view before_platform(std::string_view path) {
  constexpr std::string_view tag = ".cpython-";
  const auto begin = path.rfind(tag);
  if (begin == std::string_view::npos || !path.ends_with(".so")) {
    return {};
  }
  const auto end = path.find('-', begin + tag.size());
  return end == std::string_view::npos ? std::string_view() : path.substr(0, end + 1);
}

/// Packages of several architectures share one reference ("Multi-Arch: same"), which lists the
/// extensions of all: one that is not there is no problem where its like for another platform is.
bool is_for_another_platform(const os::Root& root, const std::string& path, const ListFile& list) {
  const auto stem = before_platform(path);
  if (stem.empty()) {
    return false;
  }
  const auto info = root.info(path);
  return !info && info.error().code == ENOENT &&
         std::any_of(list.paths.begin(), list.paths.end(), [&](const ListedPath& other) {
           return before_platform(other.path) == stem && root.info(other.path);
         });
}

} // namespace

Result<void> read_public(const os::Root& root, std::string_view bytes, Reference& reference,
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
    if (auto file = place_of(listed.path)) {
      if (is_for_another_platform(root, listed.path, list)) {
        continue;
      }
      add_public_file(root, std::move(*file), LinksTo::files, listed.line, reference, problems);
    } else {
      problems.add(listed.line,
                   "{} is in neither /usr/share/pyshared nor /usr/lib/pyshared/pythonX.Y, skipped",
                   quoted(listed.path));
    }
  }
  settle_public_files(root, reference, problems);
  return {};
}

} // namespace pysup::reference
