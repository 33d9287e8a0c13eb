// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <thread>

namespace pysup::bytecode {

namespace {

using namespace std::chrono_literals;
using Kind = CompileError::Kind;

std::vector<Job> small_jobs(std::size_t count) {
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back({i, "/x.py", "x = " + std::to_string(i) + "\n", 0});
  }
  return jobs;
}

void signal_children(int signal) {
  for (const pid_t pid : children()) {
    ::kill(pid, signal);
  }
}

/// Compiles JOBS and calls AFTER_FIRST when the first outcome is there.
Run compile_and(const PoolOptions& options, const std::vector<Job>& jobs,
                const std::function<void()>& after_first) {
  Run run;
  std::size_t given = 0;
  run.report = compile_all(
      options,
      [&]() -> std::optional<Job> {
        return given < jobs.size() ? std::optional(jobs[given++]) : std::nullopt;
      },
      [&](std::uint64_t id, Outcome outcome) {
        run.order.push_back(id);
        const bool first = run.outcomes.emplace(id, std::move(outcome)).second;
        BOOST_CHECK_MESSAGE(first, "job " << id << " has two outcomes");
        if (run.order.size() == 1) {
          after_first();
        }
      });
  return run;
}

void check_all_compiled(const Run& run, std::size_t count) {
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_CHECK_EQUAL(run.outcomes.size(), count);
  for (const auto& [id, outcome] : run.outcomes) {
    BOOST_CHECK_MESSAGE(outcome, id << ": " << to_text(outcome));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_workers)

BOOST_AUTO_TEST_CASE(no_job_starts_no_worker) {
  PoolOptions options = options_for(host_interpreter());
  options.executable = "/nonexistent/python3.11"; // nobody would notice
  options.workers = 4;
  const Run run = compile_jobs(options, {});
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_CHECK_EQUAL(run.report->started, 0U);
  BOOST_CHECK(!run.report->interrupted);
}

BOOST_AUTO_TEST_CASE(few_jobs_start_few_workers) {
  PoolOptions options = options_for(host_interpreter());
  options.workers = 4;
  options.in_flight = 4;
  for (const auto& [jobs, started] : {std::pair{1U, 1U}, {4U, 1U}, {5U, 2U}, {100U, 4U}}) {
    const Run run = compile_jobs(options, small_jobs(jobs));
    check_all_compiled(run, jobs);
    BOOST_CHECK_EQUAL(run.report->started, started);
  }
}

BOOST_AUTO_TEST_CASE(long_sources_are_shared_out_early) {
  PoolOptions options = options_for(host_interpreter());
  options.workers = 3;
  std::vector<Job> jobs = small_jobs(6);
  for (Job& job : jobs) {
    job.source += repeat("# comment\n", 30'000);
  }
  const Run run = compile_jobs(options, jobs); // 16 in flight: one worker could take all
  check_all_compiled(run, 6);
  BOOST_CHECK_EQUAL(run.report->started, 3U);
}

BOOST_AUTO_TEST_CASE(only_so_many_sources_are_taken_ahead) {
  PoolOptions options = options_for(host_interpreter());
  options.workers = 2;
  options.in_flight = 3;
  std::size_t held = 0;
  std::size_t most = 0;
  std::uint64_t given = 0;
  const auto report = compile_all(
      options,
      [&]() -> std::optional<Job> {
        if (given == 200) {
          return std::nullopt;
        }
        most = std::max(most, ++held);
        return Job{given++, "/x.py", "x = 1\n", 0};
      },
      [&](std::uint64_t, const Outcome&) { --held; });
  BOOST_REQUIRE_MESSAGE(report, pysup::test::why(report));
  BOOST_CHECK_EQUAL(held, 0U);
  BOOST_CHECK_EQUAL(most, 6U);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_workers_stays) {
  PoolOptions options = options_for(host_interpreter());
  options.workers = 3;
  options.in_flight = 1;
  check_all_compiled(compile_jobs(options, small_jobs(9)), 9);
  BOOST_CHECK_EQUAL(::waitpid(-1, nullptr, WNOHANG), -1);
  BOOST_CHECK_EQUAL(errno, ECHILD);
}

BOOST_AUTO_TEST_CASE(killed_worker_costs_no_job) {
  for (const int signal : {SIGKILL, SIGSEGV}) {
    PoolOptions options = options_for(host_interpreter());
    const auto jobs = small_jobs(40);
    const Run run = compile_and(options, jobs, [&] { signal_children(signal); });
    check_all_compiled(run, jobs.size());
    BOOST_CHECK_GE(run.report->started, 2U);
  }
}

BOOST_AUTO_TEST_CASE(job_on_which_two_workers_die_is_given_up_and_the_others_are_done) {
  PoolOptions options = options_for(host_interpreter());
  std::vector<Job> jobs = small_jobs(6);
  jobs[2].source = source_that_hangs();
  bool finished = false;
  // Every worker is killed once it is old enough to be at the slow source.
  std::thread killer([&] {
    for (int round = 0; round < 2; ++round) {
      std::vector<pid_t> young;
      while (!__atomic_load_n(&finished, __ATOMIC_SEQ_CST) && (young = children()).empty()) {
        std::this_thread::sleep_for(10ms);
      }
      std::this_thread::sleep_for(2s);
      for (const pid_t pid : young) {
        ::kill(pid, SIGSEGV);
      }
      while (!young.empty() && children() == young) {
        std::this_thread::sleep_for(10ms);
      }
    }
  });
  const Run run = compile_jobs(options, jobs);
  __atomic_store_n(&finished, true, __ATOMIC_SEQ_CST);
  killer.join();
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  for (const auto& [id, outcome] : run.outcomes) {
    BOOST_CHECK_MESSAGE(id == 2 ? is_error(outcome, Kind::died) : outcome.has_value(),
                        id << ": " << to_text(outcome));
  }
  BOOST_CHECK(!run.outcomes.at(2) &&
              run.outcomes.at(2).error().message.find("SIGSEGV") != std::string::npos);
  BOOST_CHECK_EQUAL(run.report->started, 3U);
}

BOOST_AUTO_TEST_CASE(slow_source_is_a_timeout_and_costs_nothing_else) {
  PoolOptions options = options_for(host_interpreter());
  options.limit = 3s;
  std::vector<Job> jobs = small_jobs(20);
  jobs[5].source = source_that_hangs();
  const auto before = std::chrono::steady_clock::now();
  const Run run = compile_jobs(options, jobs);
  const auto took = std::chrono::steady_clock::now() - before;
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  for (const auto& [id, outcome] : run.outcomes) {
    BOOST_CHECK_MESSAGE(id == 5 ? is_error(outcome, Kind::timeout) : outcome.has_value(),
                        id << ": " << to_text(outcome));
  }
  BOOST_CHECK_EQUAL(run.report->started, 2U);
  BOOST_CHECK(took >= 3s);
  BOOST_CHECK(took < 20s);
}

BOOST_AUTO_TEST_CASE(stopped_worker_is_a_timeout) {
  PoolOptions options = options_for(host_interpreter());
  options.limit = 2s;
  const Run run = compile_and(options, small_jobs(40), [] { signal_children(SIGSTOP); });
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_CHECK_EQUAL(run.outcomes.size(), 40U);
  std::size_t timeouts = 0;
  for (const auto& [id, outcome] : run.outcomes) {
    timeouts += is_error(outcome, Kind::timeout) ? 1U : 0U;
    BOOST_CHECK_MESSAGE(outcome || is_error(outcome, Kind::timeout), id << to_text(outcome));
  }
  BOOST_CHECK_LE(timeouts, 1U); // none where it had answered all before it was stopped
}

BOOST_AUTO_TEST_CASE(time_in_the_callers_functions_does_not_count) {
  PoolOptions options = options_for(host_interpreter());
  options.limit = 1s;
  std::vector<Job> jobs = small_jobs(10);
  // Answers larger than a pipe: the worker waits for us to read them.
  for (Job& job : jobs) {
    job.source += "y = '" + repeat("x", 300'000) + "'\n";
  }
  const Run run = compile_and(options, jobs, [] { std::this_thread::sleep_for(2500ms); });
  check_all_compiled(run, jobs.size());
}

BOOST_AUTO_TEST_CASE(interruption_stops_the_pool_at_once) {
  static volatile int flag = 0;
  flag = 0;
  PoolOptions options = options_for(host_interpreter());
  options.workers = 2;
  options.interrupted = &flag;
  std::vector<Job> jobs = small_jobs(3);
  jobs[1].source = source_that_hangs();
  const auto before = std::chrono::steady_clock::now();
  std::thread interrupter([] {
    std::this_thread::sleep_for(700ms);
    flag = SIGTERM;
  });
  const Run run = compile_jobs(options, jobs);
  interrupter.join();
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_CHECK(run.report->interrupted);
  BOOST_CHECK(!run.outcomes.contains(1));
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 5s);
  BOOST_CHECK(children().empty());
}

BOOST_AUTO_TEST_CASE(interpreter_that_is_missing_is_an_error_with_its_name) {
  PoolOptions options = options_for(host_interpreter());
  options.executable = "/usr/bin/python3.99";
  const Run run = compile_jobs(options, small_jobs(3));
  BOOST_REQUIRE(!run.report);
  BOOST_CHECK_EQUAL(run.report.error().message,
                    "/usr/bin/python3.99: execve: No such file or directory");
}

BOOST_AUTO_TEST_CASE(program_that_is_no_interpreter_is_an_error) {
  for (const char* const program : {"/usr/bin/yes", "/bin/true", "/usr/bin/printf"}) {
    PoolOptions options = options_for(host_interpreter());
    options.executable = program;
    options.workers = 2;
    options.in_flight = 1;
    const Run run = compile_jobs(options, small_jobs(5));
    BOOST_REQUIRE_MESSAGE(!run.report, program);
    BOOST_CHECK_MESSAGE(run.report.error().message.find(program) == 0, run.report.error().message);
  }
}

BOOST_AUTO_TEST_CASE(other_version_or_magic_number_is_an_error) {
  PoolOptions options = options_for(host_interpreter());
  options.version.minor = static_cast<std::uint8_t>(options.version.minor + 1);
  Run run = compile_jobs(options, small_jobs(3));
  BOOST_REQUIRE(!run.report);
  BOOST_CHECK(run.report.error().message.find(
                  "it is version " + host_interpreter().version.text()) != std::string::npos);

  options = options_for(host_interpreter());
  options.magic = 0x0a0d0001;
  run = compile_jobs(options, small_jobs(3));
  BOOST_REQUIRE(!run.report);
  BOOST_CHECK(run.report.error().message.find("not 0x0a0d0001") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(interpreter_that_hangs_is_given_up_after_three_starts,
                     *boost::unit_test::precondition(is_root)) {
  const FakeInterpreter fake("while :; do :; done\n");
  PoolOptions options = options_for(fake.interpreter());
  options.startup_limit = 300ms;
  const auto before = std::chrono::steady_clock::now();
  const Run run = compile_jobs(options, small_jobs(200));
  BOOST_REQUIRE(!run.report);
  const std::string& message = run.report.error().message;
  BOOST_CHECK_MESSAGE(message.find("did not answer within 0.3 s") != std::string::npos, message);
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 5s);
}

BOOST_AUTO_TEST_CASE(last_words_of_an_interpreter_that_does_not_start_are_told,
                     *boost::unit_test::precondition(is_root)) {
  const FakeInterpreter fake("echo 'no \033[1mencodings' >&2\necho 'so there' >&2\nexit 7\n");
  const Run run = compile_jobs(options_for(fake.interpreter()), small_jobs(1));
  BOOST_REQUIRE(!run.report);
  BOOST_CHECK_EQUAL(run.report.error().message,
                    "/usr/bin/python3.99 does not start: exited with status 7; its last words: "
                    "no [1mencodings; so there");
}

BOOST_AUTO_TEST_CASE(flood_on_the_error_output_is_taken_and_forgotten,
                     *boost::unit_test::precondition(is_root)) {
  const FakeInterpreter fake("i=0; while [ $i -lt 20000 ]; do echo 0123456789 >&2; i=$((i+1)); "
                             "done; echo end >&2; exit 1\n");
  const Run run = compile_jobs(options_for(fake.interpreter()), small_jobs(1));
  BOOST_REQUIRE(!run.report);
  BOOST_CHECK_LT(run.report.error().message.size(), 1000U);
  BOOST_CHECK(run.report.error().message.ends_with("; end"));
}

BOOST_AUTO_TEST_CASE(interpreter_that_vanishes_costs_the_jobs_that_are_left,
                     *boost::unit_test::precondition(is_root)) {
  // Says hello, answers one job with the code "x", and is not there a second time.
  const FakeInterpreter fake(
      "printf '\\034\\0\\0\\0\\0\\0\\0\\0\\0cpython\\n3\\n99\\n1\\ncpython-399\\n\\n'\n"
      "read -r line\n"
      "printf '\\1\\0\\0\\0\\1\\0\\0\\0\\1x'\n"
      "read -r line\n"
      "exit 1\n");
  PoolOptions options = options_for(fake.interpreter());
  const std::string program = options.root + options.executable;
  const Run run = compile_and(options, small_jobs(50), [&] { std::filesystem::remove(program); });
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_CHECK_EQUAL(run.outcomes.size(), 50U);
  BOOST_CHECK(run.outcomes.at(0) && *run.outcomes.at(0) == "x");
  for (std::uint64_t id = 1; id < 50; ++id) {
    BOOST_CHECK_MESSAGE(is_error(run.outcomes.at(id), Kind::interpreter),
                        id << ": " << to_text(run.outcomes.at(id)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
