// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/seccomp_filter.hpp"

#include "os/fd.hpp"

#include <asm/ioctls.h>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

struct Release {
  void operator()(void* context) const { ::seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

/// What interpreters, the loader and the C library ask for while they start, look codecs up, take
/// and give memory, read and write descriptors, and end. Several are the older or the 32-bit name
/// of another; names that an architecture lacks are passed over.
constexpr const char* plain_calls[] = {
    // Descriptors.
    "read", "pread64", "readv", "write", "writev", "lseek", "_llseek", "close", "dup", "dup2",
    "dup3", "fcntl", "fcntl64", "poll", "ppoll",
    // What is there.
    "stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "fstatat64", "newfstatat", "statx",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents", "getdents64",
    "getcwd", "statfs", "statfs64", "fstatfs", "fstatfs64",
    // Memory.
    "brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise",
    // Signals to itself come from the kernel; handlers must work.
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack",
    // Threads of which there is one.
    "futex", "futex_time64", "set_tid_address", "set_robust_list", "rseq", "sched_yield",
    "sched_getaffinity", "arch_prctl", "set_thread_area", "set_tls", "cacheflush",
    // Itself and the machine.
    "getpid", "gettid", "getuid", "getuid32", "geteuid", "geteuid32", "getgid", "getgid32",
    "getegid", "getegid32", "uname", "sysinfo", "getrandom", "getrlimit", "ugetrlimit",
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday",
    "time", "riscv_hwprobe", "riscv_flush_icache", "restart_syscall",
    // Start and end.
    "execve", "exit", "exit_group"};

bool allow(const Context& context, const char* name, std::vector<scmp_arg_cmp> conditions = {}) {
  const int number = ::seccomp_syscall_resolve_name(name);
  if (number == __NR_SCMP_ERROR) { // this libseccomp has never heard of it
    return true;
  }
  const int code =
      ::seccomp_rule_add_array(context.get(), SCMP_ACT_ALLOW, number,
                               static_cast<unsigned>(conditions.size()), conditions.data());
  return code == 0 || code == -EDOM; // EDOM: this architecture has no such call
}

scmp_arg_cmp equals(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

bool allow_with_conditions(const Context& context) {
  constexpr std::uint64_t changing = O_ACCMODE | O_CREAT | O_TRUNC;
  const auto reads_only = [](unsigned argument) {
    return scmp_arg_cmp{argument, SCMP_CMP_MASKED_EQ, changing, O_RDONLY};
  };
  return allow(context, "open", {reads_only(1)}) && allow(context, "openat", {reads_only(2)}) &&
         // Whether a descriptor is a terminal, and close-on-exec as older interpreters set it.
         allow(context, "ioctl", {equals(1, TCGETS)}) &&
         allow(context, "ioctl", {equals(1, FIOCLEX)}) &&
         // Its own limits: none can be raised.
         allow(context, "prlimit64", {equals(0, 0)});
}

Context make_context() {
  Context context(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (context == nullptr) {
    return context;
  }
  bool complete = true;
  for (const char* const name : plain_calls) {
    complete = complete && allow(context, name);
  }
  complete = complete && allow_with_conditions(context);
  return complete ? std::move(context) : Context();
}

} // namespace

std::vector<sock_filter> make_seccomp_filter() {
  const Context context = make_context();
  const os::Fd file(::memfd_create("seccomp filter", MFD_CLOEXEC));
  if (context == nullptr || !file || ::seccomp_export_bpf(context.get(), file.get()) != 0) {
    return {};
  }
  const off_t bytes = ::lseek(file.get(), 0, SEEK_END);
  if (bytes <= 0) {
    return {};
  }
  std::vector<sock_filter> filter(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
  const std::size_t wanted = filter.size() * sizeof(sock_filter);
  if (::pread(file.get(), filter.data(), wanted, 0) != static_cast<ssize_t>(wanted)) {
    return {};
  }
  return filter;
}

bool install_seccomp_filter(const std::vector<sock_filter>& filter) {
  if (filter.empty()) {
    return false;
  }
  sock_fprog program{};
  program.len = static_cast<unsigned short>(filter.size());
  program.filter = const_cast<sock_filter*>(filter.data()); // NOLINT: the kernel only reads it
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

} // namespace pysup::bytecode
