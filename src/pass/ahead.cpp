// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/ahead.hpp"

#include <algorithm>

namespace pysup::pass {

namespace {

/// Files that a thread takes at once: those of some directories, so that each is opened by one.
constexpr std::size_t share = 128;

} // namespace

Ahead::Ahead(const os::Root& root, std::span<const state::File> files)
    : root_(root), files_(files) {
  Entry unknown;
  unknown.type = os::FileType::symlink;
  entries_.resize(files.size(), unknown);
}

void Ahead::look() {
  os::Directories directories(root_);
  for (;;) {
    const std::size_t first = next_.fetch_add(share);
    if (first >= files_.size()) {
      return;
    }
    const std::size_t end = std::min(first + share, files_.size());
    for (std::size_t index = first; index < end; ++index) {
      look_at(directories, index);
    }
  }
}

void Ahead::look_at(os::Directories& directories, std::size_t index) {
  if (files_[index].kind == state::FileKind::bytecode) {
    // The survey looks again at what could not be looked at, and reports it.
    if (const auto seen = pass::look(directories, files_[index].path)) {
      entries_[index] = *seen;
    }
  }
}

std::optional<Seen> Ahead::at(const state::File& record, std::span<const state::File> files) const {
  const auto index = static_cast<std::size_t>(&record - files.data());
  if (entries_.size() != files.size() || entries_[index].type == os::FileType::symlink) {
    return std::nullopt;
  }
  return Seen{entries_[index], ""};
}

} // namespace pysup::pass
