// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/pipe_write.hpp"
#include "os/subprocess.hpp"
#include "read_to_end.hpp"
#include "why.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pysup::os {

namespace {

using test::read_to_end;

Command shell(const std::string& script) {
  Command command;
  command.executable = "/bin/sh";
  command.arguments = {"sh", "-c", script};
  return command;
}

Subprocess must_start(const Command& command) {
  auto process = Subprocess::start(command);
  BOOST_REQUIRE_MESSAGE(process, pysup::test::why(process));
  return std::move(*process);
}

/// What SCRIPT prints.
std::string output_of(const std::string& script) {
  const Subprocess process = must_start(shell(script));
  return read_to_end(process.output);
}

void write_all(const Fd& fd, std::string text) {
  const struct iovec piece { text.data(), text.size() };
  BOOST_REQUIRE_EQUAL(write_to_pipe(fd.get(), {&piece, 1}), static_cast<ssize_t>(text.size()));
}

/// Sets a signal's disposition and puts it back.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, &before_);
  }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;
  ~Disposition() { ::sigaction(signal_, &before_, nullptr); }

 private:
  int signal_;
  struct sigaction before_ {};
};

struct TemporaryDirectory {
  std::string path = (std::filesystem::temp_directory_path() / "pysup-unit-XXXXXX").string();
  TemporaryDirectory() { BOOST_REQUIRE(::mkdtemp(path.data()) != nullptr); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path); }
};

boost::test_tools::assertion_result is_root(boost::unit_test::test_unit_id) {
  return ::geteuid() == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(subprocess)

BOOST_AUTO_TEST_CASE(standard_descriptors_are_pipes) {
  Subprocess process = must_start(shell("read line; echo \"got $line\"; echo trouble >&2; exit 3"));
  write_all(process.input, "hello\n");
  BOOST_CHECK_EQUAL(read_to_end(process.output), "got hello\n");
  BOOST_CHECK_EQUAL(read_to_end(process.errors), "trouble\n");
  const int status = process.wait();
  BOOST_CHECK(WIFEXITED(status));
  BOOST_CHECK_EQUAL(WEXITSTATUS(status), 3);
  BOOST_CHECK_EQUAL(process.wait(), status);
}

BOOST_AUTO_TEST_CASE(environment_is_what_was_said) {
  ::setenv("PYSUP_UNIT_INHERITED", "yes", 1);
  Command command;
  command.executable = "/usr/bin/env";
  command.arguments = {"env"};
  command.environment = {"ONE=1", "TWO=two words"};
  const Subprocess process = must_start(command);
  BOOST_CHECK_EQUAL(read_to_end(process.output), "ONE=1\nTWO=two words\n");
}

BOOST_AUTO_TEST_CASE(working_directory_is_the_root) {
  BOOST_CHECK_EQUAL(output_of("pwd"), "/\n");
}

BOOST_AUTO_TEST_CASE(session_is_its_own) {
  const Subprocess process = must_start(shell("read line"));
  BOOST_CHECK_EQUAL(::getsid(process.pid()), process.pid());
  BOOST_CHECK_EQUAL(::getpgid(process.pid()), process.pid());
}

BOOST_AUTO_TEST_CASE(open_descriptors_are_not_inherited) {
  // Opened without close-on-exec, as a careless caller leaves them.
  const Fd low(::open("/", O_RDONLY | O_DIRECTORY));
  const Fd high(::fcntl(low.get(), F_DUPFD, 200));
  BOOST_REQUIRE(high);
  for (const Fd* fd : {&low, &high}) {
    const std::string number = std::to_string(fd->get());
    BOOST_CHECK_EQUAL(
        output_of("if (: >&" + number + ") 2>&-; then echo open; else echo closed; fi"),
        "closed\n");
  }
}

BOOST_AUTO_TEST_CASE(a_huge_limit_of_descriptors_costs_nothing) {
  struct rlimit before {};
  BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NOFILE, &before), 0);
  struct rlimit huge = before;
  huge.rlim_cur = huge.rlim_max;
  if (::geteuid() == 0) { // as far as fs.nr_open lets it go
    huge.rlim_cur = huge.rlim_max = 1'000'000'000;
    while (::setrlimit(RLIMIT_NOFILE, &huge) != 0 && huge.rlim_cur > before.rlim_max) {
      huge.rlim_cur = huge.rlim_max = huge.rlim_max / 2;
    }
  }
  BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &huge), 0);
  struct rusage usage {};
  BOOST_CHECK_EQUAL(output_of("echo fine"), "fine\n");
  ::getrusage(RUSAGE_CHILDREN, &usage);
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_CHECK_LT(usage.ru_stime.tv_sec, 5);
}

BOOST_AUTO_TEST_CASE(signals_are_as_a_new_program_expects) {
  const Disposition ignored(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  // A shell cannot change what was ignored when it started, nor see what was blocked.
  BOOST_CHECK_EQUAL(output_of("trap 'echo pipe' PIPE; trap 'echo term' TERM; kill -PIPE $$; "
                              "kill -TERM $$; echo end"),
                    "pipe\nterm\nend\n");
  sigset_t now;
  ::sigprocmask(SIG_SETMASK, &before, &now);
  BOOST_CHECK_EQUAL(::sigismember(&now, SIGTERM), 1);
  BOOST_CHECK_EQUAL(::sigismember(&now, SIGINT), 0);
}

BOOST_AUTO_TEST_CASE(works_with_closed_standard_descriptors) {
  const Subprocess child = must_start(shell("exit 0")); // nothing of ours is in the way
  std::array<Fd, 3> kept;
  for (int fd = 0; fd < 3; ++fd) {
    kept.at(static_cast<std::size_t>(fd)) = Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 10));
    ::close(fd);
  }
  auto process = Subprocess::start(shell("read line; echo \"$line\"; echo err >&2"));
  std::string output;
  std::string errors;
  if (process) {
    write_all(process->input, "in\n");
    output = read_to_end(process->output);
    errors = read_to_end(process->errors);
  }
  for (int fd = 0; fd < 3; ++fd) {
    ::dup2(kept.at(static_cast<std::size_t>(fd)).get(), fd);
  }
  BOOST_CHECK_EQUAL(output, "in\n");
  BOOST_CHECK_EQUAL(errors, "err\n");
}

BOOST_AUTO_TEST_CASE(failure_to_execute_is_known_at_once) {
  Command command;
  command.executable = "/nonexistent/program";
  command.arguments = {"program"};
  const auto process = Subprocess::start(command);
  BOOST_REQUIRE(!process);
  BOOST_CHECK(process.error().step == StartError::Step::exec);
  BOOST_CHECK_EQUAL(process.error().error.code, ENOENT);
  BOOST_CHECK_EQUAL(process.error().error.message,
                    "/nonexistent/program: execve: No such file or directory");
  BOOST_CHECK_EQUAL(::waitpid(-1, nullptr, WNOHANG), -1); // and no zombie stays
  BOOST_CHECK_EQUAL(errno, ECHILD);
}

BOOST_AUTO_TEST_CASE(failure_to_change_the_root_is_named) {
  Command command = shell("exit 0");
  command.root = "/nonexistent/root";
  const auto process = Subprocess::start(command);
  BOOST_REQUIRE(!process);
  BOOST_CHECK(process.error().step == StartError::Step::chroot);
  const std::string& message = process.error().error.message;
  BOOST_CHECK_MESSAGE(message.starts_with("/bin/sh in /nonexistent/root: chroot: "), message);
}

BOOST_AUTO_TEST_CASE(root_is_changed_before_the_program_is_looked_for,
                     *boost::unit_test::precondition(is_root)) {
  const TemporaryDirectory root;
  Command command = shell("exit 0");
  command.root = root.path;
  const auto process = Subprocess::start(command);
  BOOST_REQUIRE(!process);
  BOOST_CHECK(process.error().step == StartError::Step::exec);
  BOOST_CHECK_EQUAL(process.error().error.code, ENOENT);
}

BOOST_AUTO_TEST_CASE(prepare_runs_in_the_child_and_reports) {
  static const int seven = 7;
  Command command = shell("ulimit -c");
  command.prepare = [](const void* context) -> std::uint32_t {
    struct rlimit none {};
    ::setrlimit(RLIMIT_CORE, &none);
    return static_cast<std::uint32_t>(*static_cast<const int*>(context)) * 6;
  };
  command.context = &seven;
  const Subprocess process = must_start(command);
  BOOST_CHECK_EQUAL(process.prepared(), 42U);
  BOOST_CHECK_EQUAL(read_to_end(process.output), "0\n");
}

BOOST_AUTO_TEST_CASE(kill_reaches_what_the_program_started) {
  Subprocess process = must_start(shell("sleep 1000 & echo started; wait"));
  std::array<char, 8> line{};
  BOOST_REQUIRE_EQUAL(::read(process.output.get(), line.data(), line.size()), 8);
  process.kill();
  BOOST_CHECK_EQUAL(read_to_end(process.output), ""); // ends only when nobody can write any more
  BOOST_CHECK_EQUAL(describe_wait_status(process.wait()), "killed by SIGKILL (Killed)");
}

BOOST_AUTO_TEST_CASE(owner_that_goes_takes_the_program_along) {
  pid_t pid = -1;
  {
    const Subprocess process = must_start(shell("sleep 1000"));
    pid = process.pid();
    Subprocess moved = must_start(shell("sleep 1000"));
    const pid_t replaced = moved.pid();
    moved = must_start(shell("sleep 1000"));
    BOOST_CHECK_EQUAL(::kill(replaced, 0), -1);
    BOOST_CHECK_EQUAL(::kill(moved.pid(), 0), 0);
  }
  BOOST_CHECK_EQUAL(::kill(pid, 0), -1);
  BOOST_CHECK_EQUAL(errno, ESRCH);
}

BOOST_AUTO_TEST_CASE(ignored_SIGCHLD_leaves_the_status_unknown) {
  const Disposition ignored(SIGCHLD, SIG_IGN);
  Subprocess process = must_start(shell("exit 3"));
  BOOST_CHECK_EQUAL(process.wait(), -1);
  BOOST_CHECK_EQUAL(describe_wait_status(-1), "ended");
}

BOOST_AUTO_TEST_CASE(wait_statuses_in_words) {
  Subprocess crash = must_start(shell("kill -SEGV $$"));
  BOOST_CHECK_EQUAL(describe_wait_status(crash.wait()), "killed by SIGSEGV (Segmentation fault)");
  Subprocess failure = must_start(shell("exit 9"));
  BOOST_CHECK_EQUAL(describe_wait_status(failure.wait()), "exited with status 9");
}

BOOST_AUTO_TEST_CASE(writing_to_a_closed_pipe_is_an_error_and_no_signal) {
  static volatile std::sig_atomic_t caught = 0;
  const Disposition counted(SIGPIPE, [](int) { caught = caught + 1; });
  Subprocess process = must_start(shell("exit 0"));
  process.wait();
  char byte = 'x';
  const struct iovec piece { &byte, 1 };
  BOOST_CHECK_EQUAL(write_to_pipe(process.input.get(), {&piece, 1}), -1);
  BOOST_CHECK_EQUAL(errno, EPIPE);
  BOOST_CHECK_EQUAL(static_cast<int>(caught), 0);
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  BOOST_CHECK_EQUAL(::sigismember(&mask, SIGPIPE), 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::os
