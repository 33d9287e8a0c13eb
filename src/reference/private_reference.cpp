// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/private_reference.hpp"

#include "reference/list_file.hpp"
#include "reference/private_files.hpp"
#include "reference/text.hpp"

namespace pysup::reference {

Result<void> read_private(os::Stats& stats, std::string_view bytes, Reference& reference,
                          ProblemLog& problems) {
  const ListFile list = parse_list(bytes, "pyversion", problems);
  std::optional<Version> version;
  if (list.header) {
    version = parse_version(list.header->value);
    if (!version) {
      return fail(fmt::format("{}/{}:{}: pyversion: {} is not a version X.Y", directory,
                              reference.name, list.header->line, quoted(list.header->value)));
    }
  }
  PrivateFiles files(stats, problems);
  for (const ListedPath& listed : list.paths) {
    files.add(listed, version);
  }
  reference.private_files = files.take();
  return {};
}

} // namespace pysup::reference
