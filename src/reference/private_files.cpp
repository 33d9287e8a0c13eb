// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/private_files.hpp"

#include "reference/private_place.hpp"
#include "reference/sort_unless_sorted.hpp"
#include "reference/text.hpp"
#include "reference/walk.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace pysup::reference {

bool PrivateFiles::is_beside_last(os::Text path) {
  if (path.folder().data() != last_folder_ || !path.ends_with(".py")) {
    return false;
  }
  const auto info = stats_.of(path);
  return info && info->type == os::FileType::regular;
}

void PrivateFiles::add(const ListedPath& listed, std::optional<Version> version) {
  if (is_beside_last(listed.path)) {
    files_.push_back({listed.path, listed.path, version});
    return;
  }
  if (!is_private_place(listed.path.str())) {
    problems_.add(listed.line, "{} is no place for private modules, skipped",
                  quoted(listed.path.str()));
    return;
  }
  const auto info = stats_.of(listed.path);
  if (!info) {
    problems_.add(listed.line, "{}, skipped",
                  system_error(quoted(listed.path.str()), info.error().code).message);
  } else if (info->type == os::FileType::regular) {
    add_file(listed, version);
  } else if (info->type == os::FileType::directory) {
    add_directory(listed, version);
  } else {
    problems_.add(listed.line, "{} is neither a file nor a directory, skipped",
                  quoted(listed.path.str()));
  }
}

/// TAIL ("" or "/NAME") of directory PATH, the latter without links; nullopt, with a Problem, where
/// nothing may be written there.
std::optional<std::string> PrivateFiles::place_of(std::string_view path, std::string_view tail,
                                                  std::size_t line) {
  auto place = stats_.directories().canonical(path);
  if (!place) {
    problems_.add(line, "{}, skipped", system_error(quoted(path), place.error().code).message);
    return std::nullopt;
  }
  *place += tail;
  if (!is_private_place(*place)) {
    problems_.add(line, "{} leads to {}, which is no place for private modules, skipped",
                  quoted(path), quoted(*place));
    return std::nullopt;
  }
  return std::move(*place);
}

void PrivateFiles::add_file(const ListedPath& listed, std::optional<Version> version) {
  if (!listed.path.ends_with(".py")) {
    problems_.add(listed.line, "{} is not a .py file, skipped", quoted(listed.path.str()));
    return;
  }
  const std::string tail = '/' + std::string(listed.path.name());
  if (const auto place = place_of(listed.path.parent(), tail, listed.line)) {
    files_.push_back({listed.path, *place, version});
    last_folder_ = listed.path == *place ? listed.path.folder().data() : nullptr;
  }
}

/// Whether PATH, which was found below a listed directory and is called .py, can be compiled.
bool PrivateFiles::is_module(os::Text path, os::FileType type, std::size_t line) {
  if (type == os::FileType::symlink) {
    const auto target = stats_.of(path);
    if (!target) {
      problems_.add(line, "{}, skipped",
                    system_error(quoted(path.str()), target.error().code).message);
      return false;
    }
    type = target->type;
  }
  if (type == os::FileType::other) {
    problems_.add(line, "{} is not a file, skipped", quoted(path.str()));
  }
  return type == os::FileType::regular;
}

void PrivateFiles::add_directory(const ListedPath& listed, std::optional<Version> version) {
  const std::string top = listed.path;
  const auto place = place_of(top, "", listed.line);
  if (!place) {
    return;
  }
  const auto enter = [&](std::string_view relative) {
    return is_private_place(fmt::format("{}/{}", top, relative)) &&
           is_private_place(fmt::format("{}/{}", *place, relative));
  };
  const auto found = walk(stats_.root(), top, enter, listed.line, problems_);
  if (!found) {
    problems_.add(listed.line, "{}, skipped",
                  system_error(quoted(top), found.error().code).message);
    return;
  }
  for (const Found& file : *found) {
    const os::Text path = top + '/' + file.relative;
    if (file.relative.ends_with(".py") && is_module(path, file.type, listed.line)) {
      files_.push_back({path, *place + '/' + file.relative, version});
    }
  }
}

std::vector<PrivateFile> PrivateFiles::take() {
  const auto by_place = [](const PrivateFile& a, const PrivateFile& b) {
    return a.place < b.place;
  };
  const auto by_path = [](const PrivateFile& a, const PrivateFile& b) {
    return a.path < b.path;
  };
  sort_unless_sorted(files_, by_place);
  files_.erase(
      std::unique(files_.begin(), files_.end(),
                  [](const PrivateFile& a, const PrivateFile& b) { return a.place == b.place; }),
      files_.end());
  sort_unless_sorted(files_, by_path);
  return std::exchange(files_, {});
}

} // namespace pysup::reference
