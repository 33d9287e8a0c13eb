// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_start.hpp"
#include "pool_support.hpp"
#include "read_to_end.hpp"
#include "why.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

/// Tries what a parser with a hole would be used for, and prints one line for each attempt.
constexpr const char* attempts = R"(
import errno, os, sys

def attempt(name, function, *arguments):
    try:
        result = function(*arguments)
        sys.stdout.write('%s: done: %r\n' % (name, result))
    except (OSError, IOError, ValueError) as error:
        sys.stdout.write('%s: %s\n' % (name, errno.errorcode.get(error.errno)))
    sys.stdout.flush()

def connect(family, address):
    import _socket
    _socket.socket(family, 1).connect(address)

def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


attempt('write', os.open, DIRECTORY + '/new', os.O_WRONLY | os.O_CREAT, 0o666)
attempt('append', os.open, DIRECTORY + '/file', os.O_WRONLY | os.O_APPEND)
attempt('truncate', os.truncate if hasattr(os, 'truncate') else os.open, DIRECTORY + '/file', 0)
attempt('read', os.open, DIRECTORY + '/file', os.O_RDONLY)
attempt('mkdir', os.mkdir, DIRECTORY + '/dir')
attempt('unlink', os.unlink, DIRECTORY + '/file')
attempt('rename', os.rename, DIRECTORY + '/file', DIRECTORY + '/other')
attempt('symlink', os.symlink, 'x', DIRECTORY + '/link')
attempt('chmod', os.chmod, DIRECTORY + '/file', 0o777)
attempt('chown', os.chown, DIRECTORY + '/file', 0, 0)
attempt('utime', os.utime, DIRECTORY + '/file', None)
attempt('shadow', os.open, '/etc/shadow', os.O_RDONLY)
attempt('fork', fork)
attempt('kill', os.kill, PARENT, 0)
attempt('setuid', os.setuid, 0)
attempt('chroot', os.chroot, '/usr')
attempt('inet', connect, 2, ('127.0.0.1', 1))
attempt('unix', connect, 1, '/run/x')
attempt('pipe', os.pipe)
attempt('nice', os.nice, -1)
attempt('stdlib', len, os.listdir(os.path.dirname(os.__file__)) and [])
)";

struct Confined {
  std::string output;
  std::string errors;
  Confinement held;
};

Confined run_confined(const Interpreter& interpreter, const std::string& program,
                      Confiner& confiner, bool second_try = false) {
  const WorkerCommand command{.executable = interpreter.executable,
                              .root = interpreter.root,
                              .program = program,
                              .second_try = second_try};
  auto started = start_worker(command, confiner);
  BOOST_REQUIRE_MESSAGE(started, pysup::test::why(started));
  started->process.input.reset();
  Confined result{test::read_to_end(started->process.output),
                  test::read_to_end(started->process.errors), started->held};
  BOOST_CHECK_MESSAGE(started->process.wait() == 0, interpreter << ": " << result.errors);
  return result;
}

/// Whether this process may become nobody: not in a user namespace that does not know that user,
/// or does not let go of groups.
boost::test_tools::assertion_result may_become_nobody(boost::unit_test::test_unit_id test) {
  std::string setgroups = "allow";
  std::ifstream("/proc/self/setgroups") >> setgroups;
  std::ifstream map("/proc/self/uid_map"); // first uid inside, first outside, how many
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  bool known = false;
  while (map >> inside >> outside >> count) {
    known = known || (inside <= 65534 && 65534 < inside + count);
  }
  return is_root(test) && known && setgroups == "allow";
}

/// A directory that everybody may write to, with one file, seen from INTERPRETER as path().
class OpenDirectory {
 public:
  explicit OpenDirectory(const Interpreter& interpreter)
      : host_(interpreter.root + "/tmp/pysup-unit-XXXXXX"), skip_(interpreter.root.size()) {
    BOOST_REQUIRE(::mkdtemp(host_.data()) != nullptr);
    std::ofstream(host_ + "/file") << "untouched";
    std::filesystem::permissions(host_, std::filesystem::perms::all);
    std::filesystem::permissions(host_ + "/file", std::filesystem::perms(0666));
  }
  OpenDirectory(const OpenDirectory&) = delete;
  OpenDirectory& operator=(const OpenDirectory&) = delete;
  ~OpenDirectory() { std::filesystem::remove_all(host_); }

  [[nodiscard]] std::string path() const { return host_.substr(skip_); }
  void check_untouched() const {
    std::string text;
    std::ifstream(host_ + "/file") >> text;
    BOOST_CHECK_EQUAL(text, "untouched");
    BOOST_CHECK_EQUAL(std::distance(std::filesystem::directory_iterator(host_), {}), 1);
  }

 private:
  std::string host_;
  std::size_t skip_;
};

void check_attempts(const Interpreter& interpreter, Confiner& confiner) {
  const OpenDirectory directory(interpreter);
  const std::string program =
      fmt::format("DIRECTORY = '{}'\nPARENT = {}\n{}", directory.path(), ::getpid(), attempts);
  const Confined result = run_confined(interpreter, program, confiner);
  BOOST_TEST_MESSAGE(interpreter << ": " << to_text(result.held) << '\n' << result.output);
  std::istringstream lines(result.output);
  std::string line;
  std::size_t failed = 0;
  while (std::getline(lines, line)) {
    const bool harmless = line.starts_with("stdlib: ");
    BOOST_CHECK_MESSAGE((line.find(": done") != std::string::npos) == harmless,
                        interpreter << ": " << line);
    failed += harmless ? 0 : 1;
  }
  BOOST_CHECK_MESSAGE(failed == 20, interpreter << ": " << result.output << result.errors);
  directory.check_untouched();
}

} // namespace

BOOST_AUTO_TEST_SUITE(confinement)

BOOST_AUTO_TEST_CASE(layers_in_words) {
  BOOST_CHECK_EQUAL(to_text(Confinement{}), "none");
  BOOST_CHECK_EQUAL(to_text(Confinement{.landlock = true}), "landlock");
  const Confinement all{true, true, true, true, true};
  BOOST_CHECK_EQUAL(to_text(all), "user, no-new-privs, landlock, seccomp, limits");
}

BOOST_AUTO_TEST_CASE(a_layer_holds_where_it_held_in_both) {
  const Confinement all{true, true, true, true, true};
  const Confinement some{.landlock = true, .limits = true};
  BOOST_CHECK((all & some) == some);
  BOOST_CHECK((some & all) == some);
  BOOST_CHECK((some & Confinement{.seccomp = true}) == Confinement{});
}

BOOST_AUTO_TEST_CASE(worker_can_do_nothing_but_compile) {
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    check_attempts(interpreter, confiner);
  }
}

BOOST_AUTO_TEST_CASE(other_layers_suffice_where_the_user_cannot_be_changed) {
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    confiner.keep_user();
    check_attempts(interpreter, confiner);
  }
}

BOOST_AUTO_TEST_CASE(limits_are_in_force) {
  constexpr const char* program = R"(
import resource, sys
for name in 'STACK', 'AS', 'CORE', 'FSIZE', 'NPROC':
    limits = resource.getrlimit(getattr(resource, 'RLIMIT_' + name))
    sys.stdout.write('%s %s %s\n' % ((name,) + limits))
try:
    bytearray(3 << 30)
except MemoryError:
    sys.stdout.write('no memory\n')
)";
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    const Confined result = run_confined(interpreter, program, confiner);
    BOOST_CHECK(result.held.limits);
    BOOST_CHECK_EQUAL(result.output, "STACK 8388608 8388608\nAS 2147483648 2147483648\n"
                                     "CORE 0 0\nFSIZE 0 0\nNPROC 0 0\nno memory\n");
  }
}

/// qemu's user mode starts a thread in each program that it runs.
BOOST_AUTO_TEST_CASE(a_second_try_may_have_threads) {
  constexpr const char* program = R"(
import resource, sys
sys.stdout.write('AS %d NPROC %d' % (resource.getrlimit(resource.RLIMIT_AS)[1],
                                     resource.getrlimit(resource.RLIMIT_NPROC)[1]))
)";
  struct rlimit own {};
  BOOST_REQUIRE_EQUAL(::getrlimit(RLIMIT_NPROC, &own), 0);
  const auto most = static_cast<std::int64_t>(own.rlim_max); // -1: no limit
  BOOST_REQUIRE_NE(most, 0);
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    const Confined result = run_confined(interpreter, program, confiner, true);
    BOOST_CHECK(!result.held.limits);
    BOOST_CHECK_EQUAL(result.output, fmt::format("AS 2147483648 NPROC {}", most));
    const Confined next = run_confined(interpreter, program, confiner);
    BOOST_CHECK_EQUAL(next.output, "AS 2147483648 NPROC 0");
  }
}

BOOST_AUTO_TEST_CASE(root_becomes_nobody, *boost::unit_test::precondition(may_become_nobody)) {
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    const Confined result = run_confined(
        interpreter, "import os; print((os.getuid(), os.geteuid(), os.getgid(), os.getegid()))",
        confiner);
    BOOST_CHECK(result.held.unprivileged_user);
    BOOST_CHECK_EQUAL(result.output, "(65534, 65534, 65534, 65534)\n");
  }
}

BOOST_AUTO_TEST_CASE(surroundings_are_not_inherited) {
  for (const Interpreter& interpreter : interpreters()) {
    Confiner confiner;
    const Confined result =
        run_confined(interpreter,
                     "import os, sys; print((sorted(os.environ), os.getcwd(), sys.flags.no_site, "
                     "sys.flags.no_user_site, sys.flags.dont_write_bytecode))",
                     confiner);
    // LC_CTYPE is what 3.7 and later set themselves in the C locale (PEP 538).
    const bool coerced = result.output.find("LC_CTYPE") != std::string::npos;
    BOOST_CHECK_EQUAL(result.output, fmt::format("([{}'PYTHONHASHSEED'], '/', 1, 1, 1)\n",
                                                 coerced ? "'LC_CTYPE', " : ""));
  }
}

BOOST_AUTO_TEST_CASE(worker_dies_with_its_parent) {
  // A child of ours starts a worker and is killed; the worker's pipe to us shows its end.
  std::array<int, 2> ends{};
  BOOST_REQUIRE_EQUAL(::pipe(ends.data()), 0);
  const os::Fd ours(ends[0]);
  os::Fd theirs(ends[1]);
  const pid_t parent = ::fork();
  BOOST_REQUIRE_GE(parent, 0);
  if (parent == 0) {
    Confiner confiner;
    const WorkerCommand command{.executable = host_interpreter().executable,
                                .program = "import time\nwhile True: time.sleep(1)"};
    const auto started = start_worker(command, confiner);
    const pid_t pid = started ? started->process.pid() : -1;
    static_cast<void>(::write(theirs.get(), &pid, sizeof pid) == 0);
    for (;;) {
      ::pause();
    }
  }
  theirs.reset(); // so that a child that ends before it says anything is seen
  pid_t worker = -1;
  BOOST_REQUIRE_EQUAL(::read(ours.get(), &worker, sizeof worker),
                      static_cast<ssize_t>(sizeof worker));
  BOOST_REQUIRE_GT(worker, 0);
  BOOST_CHECK_EQUAL(::kill(worker, 0), 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  int left = 500;
  const auto gone = [&] { // or a zombie that nobody has reaped yet
    std::ifstream file(fmt::format("/proc/{}/stat", worker));
    std::string line;
    return !std::getline(file, line) || line.find(") Z ") != std::string::npos;
  };
  while (!gone() && --left > 0) {
    ::usleep(10'000);
  }
  BOOST_CHECK_GT(left, 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
