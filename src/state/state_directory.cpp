// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/state_directory.hpp"

#include "os/directories.hpp"
#include "state/store.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::state {

namespace {

constexpr int open_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Opens the directory above.
Result<os::Fd> open_parent(const os::Root& root, Missing missing) {
  const std::string_view path = os::parent_of(directory);
  auto canonical = root.canonical(path);
  if (!canonical && canonical.error().code == ENOENT) {
    canonical = std::string(path); // "/var" is missing too, so no link can be in it
  }
  if (!canonical) {
    return tl::unexpected(std::move(canonical.error()));
  }
  if (missing == Missing::is_made) {
    if (auto made = os::Directories(root).make(*canonical); !made) {
      return tl::unexpected(std::move(made.error()));
    }
  }
  return root.open_directory(*canonical);
}

/// Makes NAME in PARENT, readable for all whatever the umask is, and on disk.
Result<os::Fd> make_in(int parent, const char* name) {
  constexpr mode_t mode = 0755;
  if (::mkdirat(parent, name, mode) != 0 && errno != EEXIST) {
    return fail_errno(directory);
  }
  os::Fd fd(::openat(parent, name, open_flags));
  if (!fd || ::fchmod(fd.get(), mode) != 0 || ::fsync(parent) != 0) {
    return fail_errno(directory);
  }
  return fd;
}

bool is_link(int parent, const char* name) {
  struct stat st {};
  return ::fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

/// Whether NAME is the link that python-support 1.0 had here, to the trees of modules.
bool is_link_of_1_0(int parent, const char* name) {
  constexpr std::string_view trees = "/usr/lib/pymodules";
  std::array<char, 256> text{};
  const ssize_t length = ::readlinkat(parent, name, text.data(), text.size());
  return length > 0 &&
         std::string_view(text.data(), static_cast<std::size_t>(length)).ends_with(trees);
}

} // namespace

Result<os::Fd> open_state_directory(const os::Root& root, Missing missing) {
  const auto parent = open_parent(root, missing);
  if (!parent) {
    return tl::unexpected(parent.error());
  }
  const std::string name(os::name_of(directory));
  os::Fd fd(::openat(parent->get(), name.c_str(), open_flags));
  if (fd) {
    return fd;
  }
  int code = errno;
  if (code != ENOENT && is_link_of_1_0(parent->get(), name.c_str())) {
    code = missing == Missing::is_made && ::unlinkat(parent->get(), name.c_str(), 0) != 0 ? errno
                                                                                          : ENOENT;
  }
  if (code == ENOENT && missing == Missing::is_made) {
    return make_in(parent->get(), name.c_str());
  }
  if (is_link(parent->get(), name.c_str())) {
    return tl::unexpected(Error{std::string(directory) +
                                    ": a symbolic link where a directory belongs, not followed; "
                                    "remove it, or reinstall python-support",
                                code});
  }
  return tl::unexpected(system_error(directory, code));
}

} // namespace pysup::state
