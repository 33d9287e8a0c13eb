// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/presence.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::pass {

std::int64_t to_ns(const os::FileInfo& file) {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max() / second - 1;
  const std::int64_t sec = std::clamp(file.mtime_sec, -last, last);
  return sec * second + file.mtime_nsec;
}

Result<Seen> look(os::Directories& directories, os::Text path) {
  const auto absent = [](int code) {
    return code == ENOENT || code == ENOTDIR || code == ELOOP;
  };
  const auto dir = directories.at(path.parent());
  if (!dir) {
    if (absent(dir.error().code)) {
      return Seen{};
    }
    return tl::unexpected(dir.error());
  }
  const char* const name = path.name().data();
  struct stat st {};
  if (::fstatat(*dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
    if (absent(errno)) {
      return Seen{};
    }
    return fail_errno(path);
  }
  const os::FileInfo info = os::to_file_info(st);
  Seen seen{{true, info.type, info.size, to_ns(info)}, ""};
  if (seen.type == os::FileType::symlink) {
    std::array<char, PATH_MAX> text; // NOLINT(*-member-init): 4 KiB that readlink fills
    const ssize_t length = ::readlinkat(*dir, name, text.data(), text.size());
    if (length < 0) {
      return fail_errno(path);
    }
    seen.link_text.assign(text.data(), static_cast<std::size_t>(length));
  }
  return seen;
}

std::string Ownership::owner(std::string_view path) const {
  if (database_ == nullptr) {
    return "";
  }
  const auto owners = database_->owners(path);
  if (!owners) {
    return "unknown (" + owners.error().message + ")";
  }
  return owners->empty() ? "" : owners->front().name;
}

dpkg::Package Ownership::package_of(std::string_view path) const {
  if (database_ == nullptr) {
    return {};
  }
  const auto owners = database_->owners(path);
  return owners && !owners->empty() ? owners->front() : dpkg::Package{};
}

std::string Ownership::kept_directory(std::string_view path) const {
  constexpr std::array<std::string_view, 7> system = {
      "/", "/usr", "/usr/lib", "/usr/share", "/usr/games", "/usr/lib/pymodules", "/opt"};
  std::string_view directory = os::parent_of(path);
  // Without dpkg nobody knows whose a directory is, so only bytecode's own may go.
  if (database_ == nullptr) {
    return std::string(os::name_of(directory) == "__pycache__" ? os::parent_of(directory)
                                                               : directory);
  }
  while (std::find(system.begin(), system.end(), directory) == system.end() &&
         owner(directory).empty()) {
    directory = os::parent_of(directory);
  }
  return std::string(directory);
}

} // namespace pysup::pass
