// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

using namespace std::chrono_literals;
using Kind = CompileError::Kind;

/// try/finally inside the finally body: each level doubles the code.
std::string nested_finally(int depth) {
  std::string source;
  std::string indent;
  for (int i = 0; i < depth; ++i) {
    source += fmt::format("{0}try: pass\n{0}finally:\n", indent);
    indent += ' ';
  }
  return source + indent + "pass\n";
}

std::string tiny_functions() {
  std::string source;
  for (int i = 0; i < 20'000; ++i) {
    source += "def f" + std::to_string(i) + "(): return " + std::to_string(i) + "\n";
  }
  return source;
}

struct Hostile {
  std::string name;
  std::string source;
};

std::vector<Hostile> hostile_sources() {
  return {{"a million summands", "x=" + repeat("1+", 999'999) + "1\n"},
          {"a hundred thousand signs", "x=" + repeat("-", 100'000) + "y\n"},
          {"two hundred thousand conditions", repeat("if x: y()\n", 200'000)},
          {"nested finally, 18", nested_finally(18)},
          {"nested finally, 22", nested_finally(22)},
          {"equal hashes", source_that_hangs()},
          {"a million digits", "x = " + repeat("7", 1'000'000) + "\n"},
          {"many functions", tiny_functions()},
          {"nested lambdas", repeat("lambda:", 1400) + "0\n"},
          {"parentheses", repeat("(", 3000) + repeat(")", 3000) + "\n"},
          {"three thousand summands", "x=" + repeat("1+", 2999) + "1\n"},
          {"NUL bytes", std::string("x = 1\0", 6)},
          {"nothing but NUL bytes", std::string(100'000, '\0')},
          {"a long line that is wrong", "x = '" + repeat("y", 3'000'000) + "' 1\n"},
          {"random bytes", "\x80\x81\xfe\xff\x01\x02 \\\n\t\f"},
          {"codec that is none", "# coding: hex\nx = 1\n"}};
}

Job good_job(std::uint64_t id) {
  return {id, "/good.py", "def good():\n    return " + std::to_string(id) + "\n", 0};
}

/// Errors that the interpreter itself reported have a name.
void check_sane(const Interpreter& interpreter, const std::string& name, const Outcome& outcome) {
  if (!outcome) {
    const CompileError& error = outcome.error();
    const bool own =
        error.kind == Kind::source || error.kind == Kind::marshal || error.kind == Kind::memory;
    BOOST_CHECK_MESSAGE(error.exception.empty() != own,
                        interpreter << ": " << name << ": " << to_text(outcome));
    BOOST_CHECK_MESSAGE(!error.message.empty() && error.message.size() < 10'000,
                        interpreter << ": " << name << ": " << error.message.size());
    BOOST_CHECK_MESSAGE(error.kind != Kind::interpreter,
                        interpreter << ": " << name << ": " << error.message);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_hostile)

BOOST_AUTO_TEST_CASE(hostile_sources_cost_themselves_alone) {
  for (const Interpreter& interpreter : interpreters()) {
    for (const unsigned in_flight : {1U, 16U}) {
      std::vector<Job> jobs;
      const auto hostile = hostile_sources();
      for (const Hostile& source : hostile) {
        jobs.push_back(good_job(jobs.size()));
        jobs.push_back({jobs.size(), "/hostile/" + source.name, source.source, 0});
      }
      jobs.push_back(good_job(jobs.size()));
      PoolOptions options = options_for(interpreter);
      options.workers = 2;
      options.in_flight = in_flight;
      options.limit = 4s;
      const Run run = compile_jobs(options, jobs);
      BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
      for (const Job& job : jobs) {
        const Outcome& outcome = run.outcomes.at(job.id);
        if (job.name == "/good.py") {
          check_code(interpreter, job, outcome);
        } else {
          check_sane(interpreter, job.name, outcome);
          BOOST_TEST_MESSAGE(interpreter << ": " << job.name << ": "
                                         << to_text(outcome).substr(0, 120));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(code_that_is_too_deep_to_marshal_is_an_error_of_its_own) {
  const Job job{1, "/x.py", repeat("lambda:", 1400) + "0\n", 0};
  std::size_t found = 0;
  for (const Interpreter& interpreter : interpreters()) {
    const Outcome outcome = compile_one(options_for(interpreter), job);
    if (is_error(outcome, Kind::marshal)) {
      ++found;
      BOOST_CHECK_EQUAL(outcome.error().exception, "ValueError");
    }
  }
  BOOST_TEST_MESSAGE(found << " of " << interpreters().size());
}

BOOST_AUTO_TEST_CASE(lack_of_memory_is_an_error_of_its_own_and_does_not_last) {
  for (const Interpreter& interpreter : interpreters()) {
    PoolOptions options = options_for(interpreter);
    options.limit = 60s;
    std::vector<Job> jobs{good_job(0), {1, "/x.py", nested_finally(24), 0}};
    for (std::uint64_t id = 2; id < 12; ++id) {
      jobs.push_back(good_job(id));
    }
    const Run run = compile_jobs(options, jobs);
    BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
    for (const Job& job : jobs) {
      const Outcome& outcome = run.outcomes.at(job.id);
      if (job.id == 1) {
        BOOST_TEST_MESSAGE(interpreter << ": " << to_text(outcome).substr(0, 120));
        check_sane(interpreter, "nested finally, 24", outcome);
      } else {
        check_code(interpreter, job, outcome);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
