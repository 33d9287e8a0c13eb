// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/stats.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

namespace pysup::os {

Result<FileInfo> Stats::of(Text path) {
  const std::size_t id = path.id();
  if (id < places_.size() && places_[id] != 0) {
    const Known& known = known_[places_[id] - 1];
    FileInfo info;
    info.type = known.type;
    info.size = known.size;
    info.mtime_sec = known.mtime_sec;
    info.mtime_nsec = known.mtime_nsec;
    return info;
  }
  auto info = ask(path);
  if (info) {
    if (id >= places_.size()) {
      places_.resize(std::max(id + 1, places_.size() + places_.size() / 2));
    }
    known_.push_back({info->size, info->mtime_sec, info->mtime_nsec, info->type});
    places_[id] = static_cast<std::uint32_t>(known_.size());
  }
  return info;
}

Result<FileInfo> Stats::ask(Text path) {
  if (root_.is_host()) { // nothing leads out of "/", so one call does
    return root_.info(path.str());
  }
  struct stat st {};
  const auto directory = directories_.at(path.parent());
  if (directory && ::fstatat(*directory, path.name().data(), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
      !S_ISLNK(st.st_mode)) {
    return to_file_info(st);
  }
  return root_.info(path.str()); // goes through links, and says what is wrong
}

} // namespace pysup::os
