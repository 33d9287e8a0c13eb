// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/store.hpp"

#include "reference/dirs_reference.hpp"
#include "reference/private_reference.hpp"
#include "reference/problem_log.hpp"
#include "reference/public_reference.hpp"
#include "reference/text.hpp"
#include "reference/tree_reference.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace pysup::reference {

namespace {

/// Real references have some thousand lines at most.
constexpr std::uint64_t most_reference_bytes = std::uint64_t{64} << 20;

/// Names that dpkg gives to files of a package it is unpacking, or of its old version.
bool is_being_unpacked(std::string_view name) {
  constexpr std::array<std::string_view, 2> suffixes = {".dpkg-new", ".dpkg-tmp"};
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [name](std::string_view suffix) { return name.ends_with(suffix); });
}

/// Why the entry NAME is no reference of KIND; "" where it is one.
std::string cause_against(const os::Root& root, const std::string& name, Kind kind) {
  const auto info = root.info(fmt::format("{}/{}", directory, name));
  if (!info) {
    return system_error("not readable", info.error().code).message;
  }
  const bool wants_directory = kind == Kind::tree;
  switch (info->type) {
  case os::FileType::directory:
    return wants_directory ? "" : fmt::format("a directory, but a .{} is a file", to_text(kind));
  case os::FileType::regular:
    return wants_directory ? "a file that is no .public, .private or .dirs" : "";
  default:
    return "neither a file nor a directory";
  }
}

Result<void> read_list(os::Stats& stats, Reference& reference, ProblemLog& problems) {
  const auto content =
      stats.root().read(fmt::format("{}/{}", directory, reference.name), most_reference_bytes);
  if (!content) {
    return tl::unexpected(content.error());
  }
  switch (reference.kind) {
  case Kind::public_list:
    return read_public(stats, content->bytes, reference, problems);
  case Kind::private_list:
    return read_private(stats, content->bytes, reference, problems);
  default:
    read_dirs(stats, content->bytes, reference, problems);
    return {};
  }
}

} // namespace

Result<std::vector<Listed>> list(const os::Root& root, std::vector<Problem>& problems) {
  const auto entries = root.list(directory);
  if (!entries && entries.error().code == ENOENT) {
    return std::vector<Listed>();
  }
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  std::vector<Listed> listed;
  for (const os::DirEntry& entry : *entries) {
    if (is_being_unpacked(entry.name)) {
      continue;
    }
    const auto kind = kind_of(entry.name);
    const std::string cause =
        kind ? cause_against(root, entry.name, *kind) : "not the name of a reference";
    if (cause.empty()) {
      listed.push_back({entry.name, *kind});
    } else {
      problems.push_back({entry.name, 0, cause + ", skipped"});
    }
  }
  return listed;
}

std::optional<Kind> kind_of(std::string_view name) {
  constexpr std::string_view forbidden("/\0", 2);
  if (name.empty() || name.front() == '.' || name == "private" ||
      name.find_first_of(forbidden) != std::string_view::npos) {
    return std::nullopt;
  }
  if (name.ends_with(".public")) {
    return Kind::public_list;
  }
  if (name.ends_with(".private")) {
    return Kind::private_list;
  }
  return name.ends_with(".dirs") ? Kind::dirs : Kind::tree;
}

Result<std::string> name_from_argument(std::string_view argument) {
  std::string_view name = argument;
  if (name.starts_with('/')) {
    const std::string_view above = directory;
    if (!name.starts_with(above) || !name.substr(above.size()).starts_with('/')) {
      return fail(fmt::format("{} is not in {}", quoted(argument), directory));
    }
    name.remove_prefix(std::min(name.find_first_not_of('/', above.size()), name.size()));
  }
  while (name.ends_with('/')) { // as completion leaves the name of a directory
    name.remove_suffix(1);
  }
  if (!kind_of(name)) {
    return fail(quoted(argument) + " is not the name of a reference");
  }
  return std::string(name);
}

Result<Reference> load(os::Stats& stats, const Listed& listed, std::vector<Problem>& problems) {
  Reference reference;
  reference.name = listed.name;
  reference.kind = listed.kind;
  ProblemLog log(listed.name, problems);
  auto read = listed.kind == Kind::tree ? read_tree(stats, reference, log)
                                        : read_list(stats, reference, log);
  if (!read) {
    return tl::unexpected(std::move(read.error()));
  }
  return reference;
}

} // namespace pysup::reference
