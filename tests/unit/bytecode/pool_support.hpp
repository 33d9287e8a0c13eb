// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/pool.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

namespace pysup::bytecode {

/// An interpreter to test with.
struct Interpreter {
  std::string root = "/";
  std::string executable;
  Version version;
};

inline std::ostream& operator<<(std::ostream& out, const Interpreter& interpreter) {
  return out << interpreter.executable << " in " << interpreter.root;
}

/// The host's /usr/bin/python3.Y, and every pythonX.Y of the root directories in the directory
/// that PYSUP_ROOTS names. There is at least one of the host.
const std::vector<Interpreter>& interpreters();
/// One of the host's.
const Interpreter& host_interpreter();

/// What came of compiling some jobs.
struct Run {
  Result<PoolReport> report;
  std::map<std::uint64_t, Outcome> outcomes;
  std::vector<std::uint64_t> order; ///< of the outcomes
};

PoolOptions options_for(const Interpreter& interpreter);
/// Compiles JOBS and checks that each has exactly one outcome, or none when the pool failed or was
/// interrupted.
Run compile_jobs(const PoolOptions& options, const std::vector<Job>& jobs);
/// The outcome of one job in a pool of its own.
Outcome compile_one(const PoolOptions& options, const Job& job);

/// The code that INTERPRETER itself gives for JOB, without our worker, in normal form.
std::string expected_code(const Interpreter& interpreter, const Job& job);
/// Checks that OUTCOME is that code.
void check_code(const Interpreter& interpreter, const Job& job, const Outcome& outcome);
/// What INTERPRETER prints when it runs PROGRAM with ARGUMENTS, outside any worker.
std::string run_python(const Interpreter& interpreter, const std::string& program,
                       const std::vector<std::string>& arguments = {}, int level = 0);

/// "died: ..." for messages.
std::string to_text(const Outcome& outcome);
/// Whether OUTCOME is an error of KIND.
bool is_error(const Outcome& outcome, CompileError::Kind kind);

/// TEXT, COUNT times.
std::string repeat(std::string_view text, std::size_t count);

/// Takes interpreters of version 3 half a minute: a set of integers with one and the same hash.
std::string source_that_hangs();

/// The processes whose parent we are.
std::vector<pid_t> children();

boost::test_tools::assertion_result is_root(boost::unit_test::test_unit_id);

class TemporaryDirectory {
 public:
  TemporaryDirectory() { BOOST_REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "pysup-unit-XXXXXX").string();
};

/// A root directory with a shell script in the place of an interpreter. Needs root to be used.
class FakeInterpreter {
 public:
  explicit FakeInterpreter(const std::string& script);
  [[nodiscard]] Interpreter interpreter() const;

 private:
  TemporaryDirectory root_;
};

/// A root directory with a copy of the host's interpreter and the part of its standard library
/// that starting and compiling need; without /proc, /dev and /tmp. Needs root to be used.
class CopiedInterpreter {
 public:
  CopiedInterpreter();
  [[nodiscard]] const std::string& root() const { return root_.path(); }
  [[nodiscard]] Interpreter interpreter() const;
  /// The bytecode files of the library's package NAME, in the copy.
  [[nodiscard]] std::vector<std::string> bytecode_of(const std::string& name) const;

 private:
  TemporaryDirectory root_;
};

} // namespace pysup::bytecode
