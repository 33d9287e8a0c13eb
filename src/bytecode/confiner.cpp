// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/confiner.hpp"

#include "bytecode/landlock.hpp"
#include "bytecode/seccomp_filter.hpp"

#include <csignal>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

enum Layer : std::uint32_t {
  user_layer = 1,
  no_new_privileges_layer = 2,
  landlock_layer = 4,
  seccomp_layer = 8,
  limits_layer = 16,
};

/// Debian's uid and gid of nobody and nogroup (base-passwd), without a look into /etc.
constexpr uid_t nobody = 65534;

/// What compiles depends on it, so it is the same everywhere: at 1 MiB 3.9 and 3.13 crash on
/// nested sources, and 3.14 asks the limit how deep it may go.
constexpr rlim_t stack_bytes = rlim_t{8} << 20;
/// Enough for every source that is no attack; beyond it there is a MemoryError and no
/// out-of-memory killer.
constexpr rlim_t memory_bytes = rlim_t{2} << 30;

/// Whether at most VALUE holds now; a stricter limit that came from our parent cannot be raised.
bool set_limit(__rlimit_resource_t resource, rlim_t value) {
  struct rlimit wanted {};
  wanted.rlim_cur = wanted.rlim_max = value;
  if (::setrlimit(resource, &wanted) == 0) {
    return true;
  }
  struct rlimit present {};
  return ::getrlimit(resource, &present) == 0 && present.rlim_max <= value;
}

bool limit_resources() {
  const bool stack = set_limit(RLIMIT_STACK, stack_bytes);
  const bool memory = set_limit(RLIMIT_AS, memory_bytes);
  const bool core = set_limit(RLIMIT_CORE, 0);
  const bool files = set_limit(RLIMIT_FSIZE, 0);
  return stack && memory && core && files;
}

/// The system calls themselves, since the C library's functions want to tell other threads, which
/// a forked child does not have.
bool become_nobody() {
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
         ::syscall(SYS_setresgid, nobody, nobody, nobody) == 0 &&
         ::syscall(SYS_setresuid, nobody, nobody, nobody) == 0;
}

/// Asks for SIGKILL when the parent ends, and looks whether it has ended already.
void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(0);
  }
}

} // namespace

Confiner::Confiner()
    : filter_(make_seccomp_filter()), parent_(::getpid()), change_user_(::geteuid() == 0) {}

std::uint32_t Confiner::confine() const {
  std::uint32_t result = 0;
  bool limits = limit_resources();
  if (change_user_ && become_nobody()) {
    result |= user_layer;
  }
  die_with(parent_); // a change of uid takes the request back
  // Only now: execve(2) fails with EAGAIN where a change of uid met a limit that was exceeded.
  limits = limit_processes_ && set_limit(RLIMIT_NPROC, 0) && limits;
  if (limits) {
    result |= limits_layer;
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    result |= no_new_privileges_layer;
  }
  if (restrict_by_landlock()) {
    result |= landlock_layer;
  }
  if (install_seccomp_filter(filter_)) {
    result |= seccomp_layer;
  }
  return result;
}

Confinement Confiner::held(std::uint32_t result) {
  return {.unprivileged_user = (result & user_layer) != 0,
          .no_new_privileges = (result & no_new_privileges_layer) != 0,
          .landlock = (result & landlock_layer) != 0,
          .seccomp = (result & seccomp_layer) != 0,
          .limits = (result & limits_layer) != 0};
}

} // namespace pysup::bytecode
