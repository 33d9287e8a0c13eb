// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/py_compile.hpp"
#include "pool_support.hpp"
#include "read_to_end.hpp"
#include "scratch_directory.hpp"
#include "umask.hpp"

#include <cstdlib>
#include <functional>
#include <grp.h>
#include <map>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pysup::bytecode {

/// The host's interpreter, as an environment without variables makes it.
const Python& host_python();

/// "wrote PATH", "nothing" or the error's message.
std::string told(const CompileResult& result);
/// The same of Python's own py_compile, run in the working directory.
std::string told_by_python(const CompileArguments& arguments);

/// Type, permissions and content of everything below DIRECTORY. Bytecode is in normal form there.
std::map<std::string, std::string> everything_in(const std::string& directory);

/// Lets Python's py_compile and ours do the same in two directories that SETUP made alike, and
/// checks that they say the same and leave the same. Paths are relative. Gives our result.
CompileResult check_like_python(const std::function<void(const test::ScratchDirectory&)>& setup,
                                const CompileArguments& arguments);

/// Whether RESULT is an error of KIND.
bool is_error(const CompileResult& result, PyCompileError::Kind kind);

using test::Umask;

/// Sets a variable of the environment, or unsets it, for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const char* value)
      : name_(name), before_(os::process_environment(name)) {
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

/// Changes the working directory for as long as it lives.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::string& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

/// The text that BODY gives in a process that has nothing of root's rights.
template <typename Body>
std::string as_nobody(Body body) {
  int ends[2];
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  const os::Fd reading(ends[0]);
  os::Fd writing(ends[1]);
  const pid_t pid = ::fork();
  BOOST_REQUIRE_GE(pid, 0);
  if (pid == 0) {
    ::alarm(60);
    constexpr unsigned nobody = 65534;
    const bool dropped = ::geteuid() != 0 || (::setgroups(0, nullptr) == 0 &&
                                              ::setresgid(nobody, nobody, nobody) == 0 &&
                                              ::setresuid(nobody, nobody, nobody) == 0);
    const std::string text = dropped ? body() : "rights not dropped";
    ::_exit(::write(writing.get(), text.data(), text.size()) < 0 ? 1 : 0);
  }
  writing.reset();
  std::string text = test::read_to_end(reading);
  ::waitpid(pid, nullptr, 0);
  return text;
}

} // namespace pysup::bytecode
