// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/ahead.hpp"

namespace pysup::pass {

Ahead::Ahead(const os::Root& root, const std::vector<state::File>& files) {
  os::Directories directories(root);
  entries_.reserve(files.size());
  for (const state::File& file : files) {
    Entry entry;
    entry.type = os::FileType::symlink;
    if (file.kind == state::FileKind::bytecode) {
      if (const auto seen = look(directories, file.path)) { // the survey reports what fails
        entry = *seen;
      }
    }
    entries_.push_back(entry);
  }
}

std::optional<Seen> Ahead::at(const state::File& record,
                              const std::vector<state::File>& files) const {
  const auto index = static_cast<std::size_t>(&record - files.data());
  if (entries_.size() != files.size() || entries_[index].type == os::FileType::symlink) {
    return std::nullopt;
  }
  return Seen{entries_[index], ""};
}

} // namespace pysup::pass
