// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/probe.hpp"
#include "interpreter/version.hpp"
#include "os/environment.hpp"
#include "os/error.hpp"

#include <string>
#include <string_view>

namespace pysup::bytecode {

/// An interpreter to compile with, and what it would say of itself if it were started by us.
struct Python {
  std::string executable; ///< absolute path; what is below /usr, /lib and /lib64 can be started
  Identity identity;
  int optimize = 0;             ///< its own level, sys.flags.optimize
  std::string pycache_prefix{}; ///< sys.pycache_prefix; "" for none
};

/// Starts EXECUTABLE once to ask who it is. PYTHONOPTIMIZE and PYTHONPYCACHEPREFIX (from 3.8 on) of
/// ENVIRONMENT count as they would for it. Errors: it does not start or is no CPython.
Result<Python> ask_python(const std::string& executable, const os::Environment& environment);

/// The level that PYTHONOPTIMIZE=TEXT means: 2.7 takes anything that is not empty for 1 or more,
/// 3.x numbers from 0 on as what they are and all else for 1.
int level_from_environment(Version version, std::string_view text);

/// Where PYTHON keeps the bytecode of SOURCE: cache_path(), or the same name below its
/// pycache_prefix, in the absolute directory of SOURCE there (importlib.util.cache_from_source).
/// Errors: the working directory is needed and gone.
Result<std::string> default_cfile(const Python& python, std::string_view source, int level);

} // namespace pysup::bytecode
