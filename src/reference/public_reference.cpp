// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/public_reference.hpp"

#include "reference/list_file.hpp"
#include "reference/public_files.hpp"
#include "reference/text.hpp"

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
