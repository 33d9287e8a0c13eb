// SPDX-License-Identifier: GPL-2.0-or-later
//
// compile_files(): many sources, none of which is lost, whatever becomes of others.
#include "py_compile_support.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fmt/format.h>
#include <thread>

namespace pysup::bytecode {

namespace {

using namespace std::chrono_literals;
using test::ScratchDirectory;
using ErrorKind = PyCompileError::Kind;

/// Compiles TASKS and checks that each ends once; AFTER_EACH is called after each.
std::map<std::size_t, CompileResult> compile_tasks(
    const Python& python, const BatchOptions& options, const std::vector<CompileArguments>& tasks,
    const std::function<void()>& after_each = [] {}) {
  std::map<std::size_t, CompileResult> results;
  std::size_t given = 0;
  compile_files(
      python, options,
      [&]() -> std::optional<CompileArguments> {
        return given < tasks.size() ? std::optional(tasks[given++]) : std::nullopt;
      },
      [&](std::size_t id, CompileResult result) {
        BOOST_CHECK_LT(id, given);
        BOOST_CHECK_MESSAGE(results.emplace(id, std::move(result)).second, id << " ended twice");
        after_each();
      });
  return results;
}

/// COUNT modules that differ.
std::vector<CompileArguments> good_tasks(const ScratchDirectory& scratch, std::size_t count) {
  std::vector<CompileArguments> tasks;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("/good{}.py", i);
    scratch.file(name, fmt::format("x = {}\n", i + 1000));
    tasks.push_back({.file = scratch.host(name), .cfile = scratch.host(name) + "c"});
  }
  return tasks;
}

/// That the bytecode of TASK is there and no other's.
void check_written(const CompileArguments& task, const CompileResult& result) {
  BOOST_CHECK_EQUAL(told(result), "wrote " + *task.cfile);
  std::ifstream source(task.file);
  const std::string text{std::istreambuf_iterator<char>(source), std::istreambuf_iterator<char>()};
  std::ifstream bytecode(*task.cfile, std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(bytecode),
                         std::istreambuf_iterator<char>()};
  BOOST_REQUIRE_GT(file.size(), header_size(host_interpreter().version));
  BOOST_CHECK(file.substr(header_size(host_interpreter().version)) ==
              expected_code(host_interpreter(), {0, task.file, text, 0}));
}

/// Kills each worker once it is old enough to be at a slow source, ROUNDS times.
void kill_workers(int rounds, const bool& finished) {
  for (int round = 0; round < rounds; ++round) {
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
}

} // namespace

BOOST_AUTO_TEST_SUITE(py_compile_files)

BOOST_AUTO_TEST_CASE(nothing_to_compile_calls_nobody) {
  Python python = host_python();
  python.executable = "/usr/bin/python3.99"; // nobody would notice
  BOOST_CHECK(compile_tasks(python, {.workers = 4}, {}).empty());
}

BOOST_AUTO_TEST_CASE(each_source_ends_under_its_own_number) {
  for (const unsigned workers : {1U, 3U}) {
    const ScratchDirectory scratch;
    const auto tasks = good_tasks(scratch, 40);
    const auto results = compile_tasks(host_python(), {.workers = workers}, tasks);
    BOOST_REQUIRE_EQUAL(results.size(), tasks.size());
    for (std::size_t id = 0; id < tasks.size(); ++id) {
      check_written(tasks[id], results.at(id));
    }
    BOOST_CHECK_EQUAL(scratch.count(""), 80); // no temporary files
  }
}

BOOST_AUTO_TEST_CASE(failures_of_every_kind_cost_themselves_alone) {
  const ScratchDirectory scratch;
  auto tasks = good_tasks(scratch, 12);
  scratch.file("/file");
  scratch.file("/bad.py", "return\n");
  scratch.link("/link", "nowhere");
  tasks[0].file = scratch.host("/missing.py");
  tasks[3].file = scratch.host("/bad.py");
  tasks[4].cfile = scratch.host("/link");
  tasks[7].cfile = scratch.host("/file/x.pyc");
  tasks[8].optimize = 7;
  tasks[9] = {.file = scratch.host("/bad.py"), .cfile = scratch.host("/bad.pyc"), .quiet = 2};
  tasks[11].file = scratch.host("/missing.py");
  const std::map<std::size_t, ErrorKind> errors = {
      {0, ErrorKind::unreadable}, {3, ErrorKind::source},   {4, ErrorKind::exists},
      {7, ErrorKind::target},     {8, ErrorKind::argument}, {11, ErrorKind::unreadable}};
  const auto results = compile_tasks(host_python(), {.workers = 2}, tasks);
  BOOST_REQUIRE_EQUAL(results.size(), tasks.size());
  for (const auto& [id, result] : results) {
    BOOST_TEST_CONTEXT(id << ": " << told(result)) {
      if (errors.contains(id)) {
        BOOST_CHECK(is_error(result, errors.at(id)));
        BOOST_CHECK(!scratch.exists(fmt::format("/good{}.pyc", id)));
      } else if (id == 9) {
        BOOST_CHECK_EQUAL(told(result), "nothing");
      } else {
        check_written(tasks[id], result);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_but_failures_before_the_compiler_all_end) {
  std::vector<CompileArguments> tasks(50, {.file = "/nonexistent/x.py"});
  const auto results = compile_tasks(host_python(), {.workers = 2}, tasks);
  BOOST_CHECK_EQUAL(results.size(), tasks.size());
  for (const auto& [id, result] : results) {
    BOOST_CHECK_MESSAGE(is_error(result, ErrorKind::unreadable), id << ": " << told(result));
  }
}

BOOST_AUTO_TEST_CASE(interpreter_that_does_not_start_is_the_error_of_all) {
  for (const char* const executable : {"/usr/bin/python3.99", "/bin/true"}) {
    const ScratchDirectory scratch;
    auto tasks = good_tasks(scratch, 100); // more than any worker takes ahead
    tasks[2].file = tasks[60].file = scratch.host("/missing.py");
    Python python = host_python();
    python.executable = executable;
    const auto results = compile_tasks(python, {.workers = 2}, tasks);
    BOOST_REQUIRE_EQUAL(results.size(), tasks.size());
    for (const auto& [id, result] : results) {
      const bool missing = id == 2 || id == 60;
      BOOST_CHECK_MESSAGE(
          is_error(result, missing ? ErrorKind::unreadable : ErrorKind::interpreter),
          id << ": " << told(result));
      BOOST_CHECK_EQUAL(result.error().exception, missing ? "FileNotFoundError" : "");
      BOOST_CHECK_MESSAGE(missing || told(result).starts_with(tasks[id].file + ": " + executable),
                          told(result));
    }
    BOOST_CHECK_EQUAL(scratch.count(""), 100); // the sources
  }
}

BOOST_AUTO_TEST_CASE(source_on_which_the_interpreter_crashes_twice_costs_itself_alone) {
  const ScratchDirectory scratch;
  const auto tasks = good_tasks(scratch, 6);
  scratch.file("/good2.py", source_that_hangs());
  scratch.file("/good2.pyc", "old");
  bool finished = false;
  std::thread killer([&finished] { kill_workers(2, finished); });
  const auto results = compile_tasks(host_python(), {}, tasks);
  __atomic_store_n(&finished, true, __ATOMIC_SEQ_CST);
  killer.join();
  BOOST_REQUIRE_EQUAL(results.size(), tasks.size());
  for (const auto& [id, result] : results) {
    if (id != 2) {
      check_written(tasks[id], result);
    }
  }
  const CompileResult& crashed = results.at(2);
  BOOST_REQUIRE_MESSAGE(is_error(crashed, ErrorKind::interpreter), told(crashed));
  BOOST_CHECK_EQUAL(crashed.error().exception, "");
  BOOST_CHECK_MESSAGE(told(crashed).starts_with(tasks[2].file + ": ") &&
                          told(crashed).find("SIGSEGV") != std::string::npos,
                      told(crashed));
  BOOST_CHECK_EQUAL(scratch.bytes("/good2.pyc"), "old");
  BOOST_CHECK_EQUAL(scratch.count(""), 12);
}

BOOST_AUTO_TEST_CASE(source_that_takes_too_long_costs_itself_alone) {
  const ScratchDirectory scratch;
  auto tasks = good_tasks(scratch, 6);
  scratch.file("/good2.py", source_that_hangs());
  tasks[2].quiet = 2; // which is about sources that do not compile, and nobody knows of this one
  const auto results = compile_tasks(host_python(), {.limit = 2s}, tasks);
  BOOST_REQUIRE_EQUAL(results.size(), tasks.size());
  for (const auto& [id, result] : results) {
    if (id == 2) {
      BOOST_CHECK_MESSAGE(is_error(result, ErrorKind::interpreter), told(result));
      BOOST_CHECK(!scratch.exists("/good2.pyc"));
    } else {
      check_written(tasks[id], result);
    }
  }
}

BOOST_AUTO_TEST_CASE(interrupted_nothing_more_is_written_and_nothing_is_torn) {
  static volatile int flag = 0;
  flag = 0;
  const ScratchDirectory scratch;
  const auto tasks = good_tasks(scratch, 200);
  scratch.file("/good150.py", source_that_hangs()); // so that not all can be done before
  const auto results = compile_tasks(host_python(), {.workers = 2, .interrupted = &flag}, tasks,
                                     [] { flag = SIGTERM; });
  BOOST_CHECK_GE(results.size(), 1U);
  BOOST_CHECK_LT(results.size(), tasks.size());
  for (std::size_t id = 0; id < tasks.size(); ++id) {
    BOOST_CHECK_EQUAL(std::filesystem::exists(*tasks[id].cfile), results.contains(id));
    if (results.contains(id)) {
      check_written(tasks[id], results.at(id));
    }
  }
  BOOST_CHECK_EQUAL(static_cast<std::size_t>(scratch.count("")), tasks.size() + results.size());
  BOOST_CHECK(children().empty());
}

BOOST_AUTO_TEST_CASE(interrupted_before_the_start_nothing_is_compiled) {
  static volatile int flag = SIGINT;
  const ScratchDirectory scratch;
  const auto tasks = good_tasks(scratch, 5);
  BOOST_CHECK(compile_tasks(host_python(), {.interrupted = &flag}, tasks).empty());
  BOOST_CHECK_EQUAL(scratch.count(""), 5);
}

BOOST_AUTO_TEST_CASE(one_target_for_many_sources_is_always_whole) {
  const ScratchDirectory scratch;
  auto tasks = good_tasks(scratch, 60);
  for (auto& task : tasks) {
    task.cfile = scratch.host("/one.pyc");
  }
  const auto results = compile_tasks(host_python(), {.workers = 3}, tasks);
  BOOST_CHECK_EQUAL(results.size(), tasks.size());
  BOOST_CHECK_EQUAL(scratch.count(""), 61);
  std::size_t equal = 0; // to what one of them alone gives
  const std::string last = scratch.bytes("/one.pyc");
  for (const auto& task : tasks) {
    BOOST_REQUIRE(compile(host_python(), task));
    equal += scratch.bytes("/one.pyc") == last ? 1U : 0U;
  }
  BOOST_CHECK_EQUAL(equal, 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
