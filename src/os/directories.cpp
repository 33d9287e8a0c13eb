// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/directories.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::os {

namespace {

constexpr mode_t made_mode = 0755;

} // namespace

Result<int> Directories::remember(std::string_view path, Fd fd) {
  auto oldest = std::min_element(slots_.begin(), slots_.end(),
                                 [](const Slot& a, const Slot& b) { return a.used < b.used; });
  *oldest = Slot{std::string(path), std::move(fd), ++clock_};
  return oldest->fd.get();
}

Result<int> Directories::at(std::string_view path) {
  for (Slot& slot : slots_) {
    if (slot.fd && slot.path == path) {
      slot.used = ++clock_;
      return slot.fd.get();
    }
  }
  auto fd = root_.open_directory(path);
  if (!fd) {
    return tl::unexpected(std::move(fd.error()));
  }
  return remember(path, std::move(*fd));
}

Result<std::string> Directories::canonical(std::string_view path) {
  if (at(path)) {
    return std::string(path);
  }
  return root_.canonical(path);
}

Result<int> Directories::make(std::string_view path) {
  auto fd = at(path);
  if (!fd && fd.error().code == ENOENT && path != "/") {
    auto parent = make(parent_of(path));
    if (!parent) {
      return parent;
    }
    const bool made = ::mkdirat(*parent, std::string(name_of(path)).c_str(), made_mode) == 0;
    if (!made && errno != EEXIST) {
      return fail_errno(std::string(path));
    }
    fd = at(path);
    if (made && fd && ::fchmod(*fd, made_mode) != 0) { // the umask may have taken bits away
      return fail_errno(std::string(path));
    }
  }
  if (fd) {
    note_change(*fd);
  }
  return fd;
}

void Directories::note_change(int fd) {
  struct stat st {};
  if (::fstat(fd, &st) == 0 && !changed_.contains(st.st_dev)) {
    changed_.emplace(st.st_dev, Fd(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  }
}

void Directories::forget(std::string_view path) {
  for (Slot& slot : slots_) {
    if (slot.path.starts_with(path) &&
        (slot.path.size() == path.size() || slot.path[path.size()] == '/')) {
      slot = Slot{};
    }
  }
}

void Directories::prune(std::string_view path, std::string_view stop) {
  while (path.size() > stop.size() && path != "/") {
    const std::string_view parent = parent_of(path);
    const auto fd = at(parent);
    if (fd && ::unlinkat(*fd, std::string(name_of(path)).c_str(), AT_REMOVEDIR) == 0) {
      note_change(*fd);
    } else if ((fd ? errno : fd.error().code) != ENOENT) { // what is gone keeps nothing
      return;
    }
    forget(path);
    path = parent;
  }
}

Result<void> Directories::sync() {
  for (const auto& [device, fd] : changed_) {
    if (::syncfs(fd.get()) != 0) {
      return fail_errno("syncfs");
    }
  }
  changed_.clear();
  return {};
}

} // namespace pysup::os
