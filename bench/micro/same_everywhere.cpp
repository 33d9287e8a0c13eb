// SPDX-License-Identifier: GPL-2.0-or-later
//
// Two calls of libc whose answers would make counts of instructions differ from run to run, or from
// one release of valgrind to another. The linker has the program that counts call these instead
// (--wrap).
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
extern "C" {
unsigned long __real_getauxval(unsigned long type);
unsigned long __wrap_getauxval(unsigned long type);
long __wrap_syscall(long number, ...);
}

/// The normal form keys its hash table with the random bytes that the kernel gives each process:
/// they decide how often values collide. Here they are the same always.
unsigned long __wrap_getauxval(unsigned long type) {
  static constexpr std::array<unsigned char, 16> bytes = {1, 2,  3,  4,  5,  6,  7,  8,
                                                          9, 10, 11, 12, 13, 14, 15, 16};
  return type == AT_RANDOM ? reinterpret_cast<std::uintptr_t>(bytes.data())
                           : __real_getauxval(type);
}

/// openat2(2), which valgrind knows from some release on and before answers with ENOSYS, so that
/// the program would look paths up step by step. In a scratch root without links, openat(2) opens
/// the same file. Nothing else that is counted is called in this way.
long __wrap_syscall(long number, ...) {
  if (number != SYS_openat2) {
    errno = ENOSYS;
    return -1;
  }
  va_list arguments;
  va_start(arguments, number);
  const int root = va_arg(arguments, int);
  const char* const relative = va_arg(arguments, const char*);
  const auto* const how = va_arg(arguments, const open_how*);
  va_end(arguments);
  return ::openat(root, relative, static_cast<int>(how->flags), static_cast<mode_t>(how->mode));
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
