// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/dirs_reference.hpp"

#include "reference/list_file.hpp"
#include "reference/private_files.hpp"
#include "reference/text.hpp"

#include <algorithm>
#include <cerrno>

namespace pysup::reference {

namespace {

/// A version and a line feed; more is a mistake.
constexpr std::uint64_t most_pin_bytes = 4096;

/// The version that the `.pyversion` of directory TOP pins. Errors: there is one and it names no
/// version.
Result<std::optional<Version>> pinned(const os::Root& root, const std::string& top) {
  const std::string path = top + "/.pyversion";
  const auto content = root.read(path, most_pin_bytes);
  if (!content && content.error().code == ENOENT) {
    return std::optional<Version>();
  }
  if (!content) {
    return tl::unexpected(content.error());
  }
  const std::string_view text = trim(content->bytes);
  const auto version = parse_version(text);
  if (!version) {
    return fail(fmt::format("{}: {} is not a version X.Y", quoted(path), quoted(text)));
  }
  return version;
}

} // namespace

void read_dirs(os::Stats& stats, std::string_view bytes, Reference& reference,
               ProblemLog& problems) {
  ListFile list = parse_list(bytes, "", problems);
  // Of two paths for one place the first that is added counts: the innermost directory's.
  std::stable_sort(
      list.paths.begin(), list.paths.end(),
      [](const ListedPath& a, const ListedPath& b) { return a.path.size() > b.path.size(); });
  PrivateFiles files(stats, problems);
  for (const ListedPath& listed : list.paths) {
    const auto info = stats.of(listed.path);
    if (info && info->type != os::FileType::directory) {
      problems.add(listed.line, "{} is not a directory, skipped", quoted(listed.path.str()));
      continue;
    }
    const auto version = pinned(stats.root(), listed.path.str());
    if (!version) {
      problems.add(listed.line, "{}; the directory is skipped", version.error().message);
      continue;
    }
    files.add(listed, *version);
  }
  reference.private_files = files.take();
}

} // namespace pysup::reference
