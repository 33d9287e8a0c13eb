// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/probe.hpp"
#include "os/subprocess.hpp"
#include "pool_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>

namespace pysup::bytecode {

namespace {

namespace fs = std::filesystem;

const std::vector<Job> sample_jobs{
    {1, "/usr/lib/x.py", "def f(a):\n    return {a: [a]}\n", 0},
    {2, "/usr/lib/y.py", "# coding: latin-1\nx = '\xe9'\n", 2},
};

/// Compiles the sample jobs in the root of INTERPRETER and gives the pool's report.
PoolReport must_compile(const Interpreter& interpreter) {
  const Run run = compile_jobs(options_for(interpreter), sample_jobs);
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  for (const Job& job : sample_jobs) {
    check_code(host_interpreter(), job, run.outcomes.at(job.id));
  }
  return *run.report;
}

/// What held around a worker on this machine, with nothing in the way.
Confinement usual_confinement() {
  const Run run = compile_jobs(options_for(host_interpreter()), {sample_jobs[0]});
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  return run.report->confinement;
}

/// Whether the interpreter starts when nothing helps it.
bool starts(const Interpreter& interpreter) {
  os::Command command;
  command.executable = interpreter.executable;
  command.root = interpreter.root;
  command.arguments = {interpreter.executable, "-S", "-c", ""};
  auto process = os::Subprocess::start(command);
  BOOST_REQUIRE_MESSAGE(process, pysup::test::why(process));
  return process->wait() == 0;
}

struct Damage {
  const char* name;
  std::function<void(const std::string& path)> make;
};

void keep_first(const std::string& path, std::uintmax_t size) {
  fs::resize_file(path, size);
}

const std::vector<Damage> damages{
    {"header and nothing more",
     [](const std::string& path) {
       keep_first(path, 16);
     }},
    {"half of it",
     [](const std::string& path) {
       keep_first(path, fs::file_size(path) / 2);
     }},
    {"rubbish after the header",
     [](const std::string& path) {
       const auto size = fs::file_size(path) - 16;
       std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
       file.seekp(16);
       file << std::string(size, '\x7f');
     }},
};

} // namespace

BOOST_AUTO_TEST_SUITE(pool_roots, *boost::unit_test::precondition(is_root))

BOOST_AUTO_TEST_CASE(nothing_of_proc_and_dev_is_needed) {
  const CopiedInterpreter copy;
  BOOST_REQUIRE(!fs::exists(copy.root() + "/proc") && !fs::exists(copy.root() + "/dev"));
  const PoolReport report = must_compile(copy.interpreter());
  BOOST_CHECK_EQUAL(report.started, 1U);
  BOOST_CHECK_EQUAL(to_text(report.confinement), to_text(usual_confinement()));
}

BOOST_AUTO_TEST_CASE(root_that_only_its_owner_may_enter_costs_the_change_of_user_alone) {
  const CopiedInterpreter copy;
  fs::permissions(copy.root(), fs::perms::owner_all);
  Confinement expected = usual_confinement();
  expected.unprivileged_user = false;
  const PoolReport report = must_compile(copy.interpreter());
  BOOST_CHECK_EQUAL(to_text(report.confinement), to_text(expected));
  BOOST_CHECK_EQUAL(report.started, 1U);
  BOOST_CHECK(probe(copy.interpreter().executable, copy.root()));
}

BOOST_AUTO_TEST_CASE(damaged_bytecode_of_the_standard_library_does_not_matter) {
  for (const Damage& damage : damages) {
    BOOST_TEST_CONTEXT(damage.name) {
      const CopiedInterpreter copy;
      BOOST_REQUIRE(starts(copy.interpreter()));
      for (const std::string& path : copy.bytecode_of("encodings")) {
        damage.make(path);
      }
      BOOST_REQUIRE(!starts(copy.interpreter())); // or the test shows nothing
      const PoolReport report = must_compile(copy.interpreter());
      BOOST_CHECK_EQUAL(report.started, 2U);
      const auto identity = probe(copy.interpreter().executable, copy.root());
      BOOST_REQUIRE_MESSAGE(identity, pysup::test::why(identity));
      BOOST_CHECK(identity->version == host_interpreter().version);
    }
  }
}

BOOST_AUTO_TEST_CASE(messages_do_without_the_standard_library) {
  const CopiedInterpreter copy;
  const std::string library = copy.root() + "/usr/lib/" + host_interpreter().version.name();
  std::ofstream(library + "/traceback.py") << "raise SystemExit('no traceback today')\n";
  const Outcome outcome =
      compile_one(options_for(copy.interpreter()), {1, "/x.py", "x = 1\nreturn 2\n", 0});
  BOOST_REQUIRE(is_error(outcome, CompileError::Kind::source));
  BOOST_CHECK_EQUAL(outcome.error().exception, "SyntaxError");
  BOOST_CHECK_EQUAL(outcome.error().message,
                    "  File \"/x.py\", line 2\nSyntaxError: 'return' outside function");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
