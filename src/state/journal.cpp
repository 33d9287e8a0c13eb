// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/journal.hpp"

#include "os/replace_file.hpp"
#include "state/state_directory.hpp"
#include "state/store.hpp"

#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace pysup::state {

namespace {

constexpr const char* journal_name = "unfinished";
constexpr const char* new_name = "unfinished.new";
constexpr std::string_view magic = "python-support unfinished 1\n";
constexpr std::uint64_t limit = std::uint64_t{1} << 30U; // bytes

std::string journal_path() {
  return fmt::format("{}/{}", directory, journal_name);
}

/// What follows the last path: an empty one, which no path is, and their number.
std::string closing(std::size_t count) {
  return std::string(1, '\0') + std::to_string(count);
}

std::string to_bytes(const std::vector<os::Text>& paths) {
  const std::string end = closing(paths.size());
  std::size_t size = magic.size() + end.size();
  for (const os::Text path : paths) {
    size += path.size() + 1;
  }
  std::string bytes;
  bytes.reserve(size); // some megabytes, so not twice as many
  bytes += magic;
  for (const os::Text path : paths) {
    assert(!path.empty() && path.str().find('\0') == std::string::npos);
    bytes.append(path.folder()).append(path.name()).append(1, '\0');
  }
  return bytes += end;
}

/// The paths in BYTES; none where it is not whole.
std::vector<os::Text> to_paths(std::string_view bytes) {
  std::vector<os::Text> paths;
  if (!bytes.starts_with(magic)) {
    return {};
  }
  bytes.remove_prefix(magic.size());
  while (!bytes.empty() && bytes.front() != '\0') {
    const std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) {
      return {};
    }
    paths.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  return bytes == closing(paths.size()) ? paths : std::vector<os::Text>();
}

bool sync_file(int dir, const char* name) {
  const os::Fd fd(::openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

} // namespace

Result<void> Journal::begin(const os::Root& root, const std::vector<os::Text>& paths) {
  const auto dir = open_state_directory(root, Missing::is_made);
  if (!dir) {
    return tl::unexpected(dir.error());
  }
  constexpr unsigned mode = 0644;
  if (auto put = os::replace_file(dir->get(), new_name, to_bytes(paths), mode); !put) {
    return tl::unexpected(system_error(journal_path(), put.error().code));
  }
  // On disk before it takes the place of an older list, and there before anything is made.
  if (!sync_file(dir->get(), new_name) ||
      ::renameat(dir->get(), new_name, dir->get(), journal_name) != 0 || ::fsync(dir->get()) != 0) {
    auto error = fail_errno(journal_path());
    ::unlinkat(dir->get(), new_name, 0);
    return error;
  }
  return {};
}

Result<std::vector<os::Text>> Journal::read(const os::Root& root) {
  const auto dir = open_state_directory(root, Missing::is_error);
  if (!dir) {
    if (dir.error().code == ENOENT) {
      return std::vector<os::Text>();
    }
    return tl::unexpected(dir.error());
  }
  const os::Fd fd(
      ::openat(dir->get(), journal_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) {
      return std::vector<os::Text>();
    }
    return fail_errno(journal_path());
  }
  const auto content = os::read_all(fd.get(), limit, journal_path());
  if (!content) {
    return tl::unexpected(content.error());
  }
  return to_paths(content->bytes);
}

Result<void> Journal::finish(const os::Root& root) {
  const auto dir = open_state_directory(root, Missing::is_error);
  if (!dir) {
    if (dir.error().code == ENOENT) {
      return {};
    }
    return tl::unexpected(dir.error());
  }
  if (::unlinkat(dir->get(), journal_name, 0) != 0 && errno != ENOENT) {
    return fail_errno(journal_path());
  }
  return {};
}

} // namespace pysup::state
