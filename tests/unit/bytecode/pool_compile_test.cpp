// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>

namespace pysup::bytecode {

namespace {

/// A source with whatever makes code differ by level: assertions, docstrings, __debug__.
std::string source_with_levels(std::size_t number) {
  return "\"\"\"Module " + std::to_string(number) +
         R"("""
import sys

class Thing(object):
    """A thing."""
    size = )" +
         std::to_string(number) + R"(

    def method(self, a, b=(1, 2.5, 'x'), *args, **kwargs):
        """Do."""
        assert a, 'no a'
        if __debug__:
            print('debug')
        return [x for x in args if x in {'p', 'q', 'r'}] + [-0.0, 1j, 10 ** 20, b'bytes', u'text']

print(Thing().size)
)";
}

std::vector<Job> jobs_at_all_levels(std::size_t count) {
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back({1000 + i, "/usr/lib/x/module" + std::to_string(i / 3) + ".py",
                    source_with_levels(i / 3), static_cast<int>(i % 3)});
  }
  return jobs;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_compile)

BOOST_AUTO_TEST_CASE(code_is_what_the_interpreter_gives_at_every_level) {
  for (const Interpreter& interpreter : interpreters()) {
    for (const unsigned workers : {1U, 3U}) {
      PoolOptions options = options_for(interpreter);
      options.workers = workers;
      options.in_flight = 4;
      const auto jobs = jobs_at_all_levels(60);
      const Run run = compile_jobs(options, jobs);
      BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
      for (std::size_t i = 0; i < 6; ++i) {
        check_code(interpreter, jobs[i], run.outcomes.at(jobs[i].id));
      }
      for (const auto& [id, outcome] : run.outcomes) {
        BOOST_CHECK_MESSAGE(outcome, interpreter << ": " << to_text(outcome));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sources_are_read_as_the_interpreter_reads_files) {
  const std::vector<std::pair<std::string, std::string>> sources{
      {"empty", ""},
      {"no newline at the end", "x = 1"},
      {"line ends of other systems", "x = 1\r\ny = '''a\r\nb\rc'''\rz = 3\n"},
      {"UTF-8", "x = u'h\xc3\xa9'\ny = 2\n# coding: none of the first two lines\n"},
      {"byte order mark", "\xef\xbb\xbfx = u'h\xc3\xa9'\n"},
      {"Latin-1", "# -*- coding: latin-1 -*-\nx = u'h\xe9'\n"},
      {"Shift-JIS", "# -*- coding: shift_jis -*-\nx = u'\x83\x65'\n"},
      {"form feed", "\fx = 1\n"},
      {"future statement", "from __future__ import division\nx = 1 / 2\n"},
  };
  for (const Interpreter& interpreter : interpreters()) {
    std::vector<Job> jobs;
    for (const auto& [name, source] : sources) {
      const bool marked = source.starts_with("# -*-") || source.starts_with("\xef\xbb\xbf");
      const bool ascii = source.find('\xc3') == std::string::npos;
      if (interpreter.version.major >= 3 || marked || ascii) { // 2.7 must be told of UTF-8
        jobs.push_back({jobs.size(), "/x/" + name + ".py", source, 0});
      }
    }
    const Run run = compile_jobs(options_for(interpreter), jobs);
    for (const Job& job : jobs) {
      check_code(interpreter, job, run.outcomes.at(job.id));
    }
  }
}

BOOST_AUTO_TEST_CASE(names_need_not_be_text) {
  for (const Interpreter& interpreter : interpreters()) {
    for (const std::string name : {"/x/h\xc3\xa9.py", "/x/\xff\xfe.py", "/x/a\nb.py", "relative"}) {
      const Job job{1, name, "x = 1\n", 0};
      check_code(interpreter, job, compile_one(options_for(interpreter), job));
    }
  }
}

BOOST_AUTO_TEST_CASE(pipes_do_not_fill_up_with_long_sources_and_long_answers) {
  // Both directions hold more than a pipe does at the same time, with many jobs in flight.
  const std::string long_text = "x = '''" + repeat("0123456789abcdef", 40'000) + "'''\n";
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < 24; ++i) {
    jobs.push_back({i, "/x.py", long_text + "y = " + std::to_string(i) + "\n", 0});
  }
  const std::string comment = repeat("# nothing but a comment line of fifty characters\n", 210'000);
  jobs.push_back({24, "/comment.py", comment + "z = 1\n", 0});
  for (const Interpreter& interpreter : interpreters()) {
    PoolOptions options = options_for(interpreter);
    options.workers = 2;
    const Run run = compile_jobs(options, jobs);
    BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
    for (const auto& [id, outcome] : run.outcomes) {
      BOOST_REQUIRE_MESSAGE(outcome, interpreter << ": " << to_text(outcome));
      BOOST_CHECK(id == 24 || outcome->size() > 640'000);
    }
    check_code(interpreter, jobs[24], run.outcomes.at(24));
  }
}

BOOST_AUTO_TEST_CASE(future_statements_of_one_source_do_not_reach_the_next) {
  for (const Interpreter& interpreter : interpreters()) {
    const std::vector<Job> jobs{
        {1, "/future.py", "from __future__ import division, annotations\n", 0},
        {2, "/plain.py", "x = 1 / 2\ndef f(a): return a / 3\n", 0}};
    const Run run = compile_jobs(options_for(interpreter), jobs);
    check_code(interpreter, jobs[1], run.outcomes.at(2));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
