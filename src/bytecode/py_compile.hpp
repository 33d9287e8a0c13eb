// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "bytecode/pool.hpp"
#include "bytecode/python.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>

/// Python's module py_compile, for any interpreter that is installed, without Python around it.
///
/// The rules are those of py_compile in Python 3.13 for all versions
/// (https://docs.python.org/3.13/library/py_compile.html); names are as in PEP 3147 and PEP 488,
/// headers as in PEP 552. Code is in normal form, the same bytes always. Paths are the caller's:
/// relative to the working directory, links followed, the umask counts.
namespace pysup::bytecode {

/// What py_compile.compile() takes; the same names, meanings and defaults.
struct CompileArguments {
  /// The source. Anything that can be read but a directory.
  std::string file;
  /// Where the bytecode goes; not given: default_cfile(). Directories that are missing are made.
  std::optional<std::string> cfile{};
  /// The name that messages and the code object carry; not given or "": `file`.
  std::optional<std::string> dfile{};
  /// -1: the interpreter's own level; 0, 1 and 2 as -O and -OO.
  int optimize = -1;
  /// Not given: default_mode() of the environment, or timestamp for a version without hashes.
  std::optional<InvalidationMode> invalidation_mode{};
  /// 2 and more: a source that does not compile is no error, nullopt comes back. 0 and 1 are alike.
  int quiet = 0;
};

/// Why there is no new bytecode file. In every case what was there is as it was.
struct PyCompileError {
  enum class Kind : std::uint8_t {
    source,      ///< it does not compile: py_compile's PyCompileError. MemoryError counts
    unreadable,  ///< it cannot be read: OSError (PEP 3151), ValueError for a NUL in its name
    target,      ///< the bytecode cannot be written: OSError
    exists,      ///< a symbolic link or no regular file is where it belongs: FileExistsError
    interpreter, ///< it does not start, crashed twice on this source or exceeded the limit
    argument,    ///< `optimize` is none of -1 to 2, or a mode that the version lacks: ValueError
  };
  Kind kind = Kind::source;
  std::string exception{}; ///< its name in Python 3, "SyntaxError"; "" for Kind::interpreter
  /// What Python prints, without "Sorry: "; the last line begins with the exception's name. For a
  /// SyntaxError, lines before it have file, line and a caret, by the interpreter itself.
  std::string message{};
  std::uint32_t line = 0;   ///< of the source, from 1; 0: not known
  std::uint32_t column = 0; ///< in that line, from 1; 0: not known
};

/// The path that was written, as `cfile` was given or made; nullopt only with `quiet` from 2 on.
using CompileResult = tl::expected<std::optional<std::string>, PyCompileError>;

/// Compiles one source. The file is written beside its place and renamed, with the permissions of
/// bytecode_permissions() less the umask; directories with 0777 less the umask.
CompileResult compile(const Python& python, const CompileArguments& arguments);

/// How many are compiled at once, and for how long.
struct BatchOptions {
  unsigned workers = 1;               ///< processes, at least 1; no more start than have work
  std::chrono::milliseconds limit{0}; ///< longest time for one source; 0: none
  const volatile int* interrupted = nullptr; ///< as PoolOptions::interrupted
};

/// Compiles what NEXT gives until it gives nullopt. DONE is called once for each, with its number
/// from 0 on in the order of NEXT, in no fixed order; once interrupted no further ones are.
void compile_files(const Python& python, const BatchOptions& options,
                   const std::function<std::optional<CompileArguments>()>& next,
                   const std::function<void(std::size_t, CompileResult)>& done);

/// Whether the bytecode that ARGUMENTS ask for is there already: a regular file that begins with
/// the header that compile() would write. Its code is not looked at; no import does either.
bool is_fresh(const Python& python, const CompileArguments& arguments);

} // namespace pysup::bytecode
