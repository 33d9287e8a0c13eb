// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/confinement.hpp"
#include "interpreter/version.hpp"
#include "os/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace pysup::bytecode {

/// One source to compile.
struct Job {
  std::uint64_t id = 0; ///< the caller's; comes back with the outcome
  std::string name;     ///< the file name recorded in the code object and shown in messages
  std::string source;   ///< the file's bytes
  int level = 0;        ///< optimization: 0, 1, 2
};

/// Why a source has no code.
struct CompileError {
  enum class Kind : std::uint8_t {
    source,      ///< the interpreter refused it: SyntaxError, undecodable, NUL bytes, ...
    marshal,     ///< compiled, but too deeply nested to marshal
    memory,      ///< MemoryError under the worker's limit
    died,        ///< the worker was killed or crashed on it, twice
    timeout,     ///< took longer than the limit
    interpreter, ///< the interpreter does not start or answer at all
  };
  Kind kind = Kind::source;
  std::string exception{}; ///< the exception's name, "SyntaxError"; empty where there was none
  /// What py_compile prints, several lines, the last "SyntaxError: ..."; without the "Sorry: "
  /// that it puts before exceptions that are no plain SyntaxError. At most some kilobytes; holds
  /// whatever characters the source has.
  std::string message{};
  std::uint32_t line = 0;   ///< of the source, from 1; 0 where the exception names none
  std::uint32_t column = 0; ///< in that line, from 1, as SyntaxError.offset; 0: not known
};

using Outcome = tl::expected<std::string, CompileError>; ///< the code as marshal.dumps() gave it

struct PoolOptions {
  Version version;
  std::uint32_t magic = 0; ///< what the worker must say its magic number is; 0: any
  std::string executable;  ///< path of the interpreter inside `root`
  std::string root = "/";  ///< host directory to chroot(2) into before the interpreter starts
  unsigned workers = 1;    ///< processes, at least 1
  unsigned in_flight = 16; ///< jobs handed to a worker ahead of its answers, at least 1
  /// Longest time for one source; 0: none. Time spent in NEXT and DONE does not count.
  std::chrono::milliseconds limit{0};
  /// Longest time until an interpreter answers at all. Where `limit` is shorter that counts, but
  /// not less than 10 seconds.
  std::chrono::milliseconds startup_limit{60'000};
  /// Not 0 once the caller wants to stop: what a signal handler sets, noticed within 100 ms.
  const volatile int* interrupted = nullptr;
};

struct PoolReport {
  unsigned started = 0;     ///< interpreter processes started, replacements included
  Confinement confinement;  ///< what held in every worker
  bool interrupted = false; ///< stopped early because of PoolOptions::interrupted
};

/// Compiles all jobs that NEXT gives until it gives nullopt, on long-lived worker processes that
/// are only given sources and only give back code. DONE is called once for each job that NEXT
/// gave, in no fixed order, in the caller's thread, unless the pool was interrupted.
/// At most workers * in_flight sources are in memory at a time.
///
/// A source on which a worker dies, or for which a worker that compiled others before it has no
/// memory, is tried once more alone in a fresh worker. A worker that exceeds the limit is killed;
/// what it would have compiled next is handed to others. Where interpreters no longer start, the
/// remaining jobs get CompileError::Kind::interpreter.
///
/// Fails only where no worker can be started at all; then DONE was called for no job.
Result<PoolReport> compile_all(const PoolOptions& options,
                               const std::function<std::optional<Job>()>& next,
                               const std::function<void(std::uint64_t, Outcome)>& done);

} // namespace pysup::bytecode
