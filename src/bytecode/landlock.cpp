// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/landlock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

/// struct landlock_ruleset_attr as of ABI 6; the headers that we are built with may be older.
struct RulesetAttributes {
  std::uint64_t file_system = 0;
  std::uint64_t network = 0; ///< since ABI 4
  std::uint64_t scoped = 0;  ///< since ABI 6
};

constexpr std::uint64_t first_bits(int count) {
  return (std::uint64_t{1} << count) - 1;
}

/// All rights that ABI knows (kernel documentation, userspace-api/landlock.rst), for what is not
/// named when a ruleset is made stays allowed.
RulesetAttributes all_rights(long abi) {
  RulesetAttributes all;
  if (abi >= 5) {
    all.file_system = first_bits(16); // ioctl on devices
  } else if (abi >= 3) {
    all.file_system = first_bits(15); // truncating
  } else {
    all.file_system = first_bits(abi == 2 ? 14 : 13); // linking to other directories
  }
  all.network = abi >= 4 ? first_bits(2) : 0;
  all.scoped = abi >= 6 ? first_bits(2) : 0;
  return all;
}

/// An older kernel takes a shorter structure only.
std::size_t attributes_size(long abi) {
  if (abi < 4) {
    return offsetof(RulesetAttributes, network);
  }
  return abi < 6 ? offsetof(RulesetAttributes, scoped) : sizeof(RulesetAttributes);
}

/// A path that is not there, as /lib64 on most architectures, needs no rule.
void allow(int ruleset, const char* path, std::uint64_t rights) {
  const int fd = ::open(path, O_PATH | O_CLOEXEC);
  if (fd >= 0) {
    struct landlock_path_beneath_attr rule {};
    rule.allowed_access = rights;
    rule.parent_fd = fd;
    ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(fd);
  }
}

} // namespace

bool restrict_by_landlock() {
  const long abi =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) {
    return false;
  }
  const RulesetAttributes handled = all_rights(abi);
  const int ruleset =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, attributes_size(abi), 0));
  if (ruleset < 0) {
    return false;
  }
  constexpr std::uint64_t read_and_execute =
      LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  for (const char* const directory : std::array{"/usr", "/lib", "/lib64"}) {
    allow(ruleset, directory, read_and_execute);
  }
  allow(ruleset, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE);
  const bool restricted = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return restricted;
}

} // namespace pysup::bytecode
