// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace pysup::os {

/// A process that runs one function and ends with its result as exit status, without any cleanup
/// of this process's.
class Child {
 public:
  template <typename Body>
  explicit Child(Body body) : pid_(::fork()) {
    BOOST_REQUIRE_GE(pid_, 0);
    if (pid_ == 0) {
      ::alarm(30); // whatever goes wrong, it does not outlive the test
      ::_exit(body());
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Waits for its end; the status as waitpid(2) gives it.
  int wait() {
    int status = 0;
    BOOST_REQUIRE_EQUAL(::waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

/// A pipe between a test and its children, for one byte at a time.
class Signpost {
 public:
  Signpost() { BOOST_REQUIRE_EQUAL(::pipe(ends_), 0); }
  Signpost(const Signpost&) = delete;
  Signpost& operator=(const Signpost&) = delete;
  ~Signpost() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void tell() const { static_cast<void>(::write(ends_[1], "x", 1) == 1); }
  /// Waits until the other side tells; false when a signal came first.
  [[nodiscard]] bool hear() const {
    char byte = 0;
    return ::read(ends_[0], &byte, 1) == 1;
  }

 private:
  int ends_[2]{};
};

} // namespace pysup::os
