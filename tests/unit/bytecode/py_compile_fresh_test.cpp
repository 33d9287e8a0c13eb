// SPDX-License-Identifier: GPL-2.0-or-later
#include "py_compile_support.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

using namespace std::string_literals;
using test::ScratchDirectory;

constexpr InvalidationMode every_mode[] = {
    InvalidationMode::timestamp, InvalidationMode::checked_hash, InvalidationMode::unchecked_hash};

/// A source and its bytecode, by Python itself.
class Compiled : public ScratchDirectory {
 public:
  explicit Compiled(InvalidationMode mode = InvalidationMode::timestamp) {
    file("/x.py", "x = 1\n");
    set_time("/x.py", 1600000000);
    arguments.invalidation_mode = mode;
    BOOST_REQUIRE_EQUAL(told_by_python(arguments), "wrote " + host("/x.pyc"));
  }

  [[nodiscard]] bool fresh() const { return is_fresh(host_python(), arguments); }

  CompileArguments arguments{.file = host("/x.py"), .cfile = host("/x.pyc")};
};

} // namespace

BOOST_AUTO_TEST_SUITE(py_compile_fresh)

BOOST_AUTO_TEST_CASE(bytecode_by_python_and_by_us_is_fresh) {
  for (const auto mode : every_mode) {
    const Compiled theirs(mode);
    BOOST_CHECK_MESSAGE(theirs.fresh(), to_text(mode));
    theirs.remove("/x.pyc");
    BOOST_CHECK(!theirs.fresh());
    BOOST_REQUIRE(compile(host_python(), theirs.arguments));
    BOOST_CHECK_MESSAGE(theirs.fresh(), to_text(mode));
  }
}

BOOST_AUTO_TEST_CASE(other_time_or_size_is_stale_for_timestamps_only) {
  for (const auto mode : every_mode) {
    BOOST_TEST_CONTEXT(to_text(mode)) {
      const Compiled scene(mode);
      scene.set_time("/x.py", 1600000001);
      BOOST_CHECK_EQUAL(scene.fresh(), mode != InvalidationMode::timestamp);
      scene.set_time("/x.py", 1600000000, 999'000'000); // the header has whole seconds
      BOOST_CHECK(scene.fresh());
      scene.file("/x.py", "x = 10\n");
      scene.set_time("/x.py", 1600000000);
      BOOST_CHECK(!scene.fresh());
    }
  }
}

BOOST_AUTO_TEST_CASE(other_text_of_same_time_and_size_is_stale_for_hashes_only) {
  for (const auto mode : every_mode) {
    const Compiled scene(mode);
    scene.file("/x.py", "x = 2\n");
    scene.set_time("/x.py", 1600000000);
    BOOST_CHECK_MESSAGE(scene.fresh() == (mode == InvalidationMode::timestamp), to_text(mode));
  }
}

BOOST_AUTO_TEST_CASE(bytecode_of_another_mode_is_stale) {
  for (const auto written : every_mode) {
    Compiled scene(written);
    for (const auto wanted : every_mode) {
      scene.arguments.invalidation_mode = wanted;
      BOOST_CHECK_MESSAGE(scene.fresh() == (wanted == written),
                          to_text(written) << ", asked for " << to_text(wanted));
    }
  }
}

BOOST_AUTO_TEST_CASE(mode_not_given_is_that_of_the_environment) {
  Compiled scene(InvalidationMode::checked_hash);
  scene.arguments.invalidation_mode = std::nullopt;
  {
    const Variable epoch("SOURCE_DATE_EPOCH", "1");
    BOOST_CHECK(scene.fresh());
  }
  const Variable epoch("SOURCE_DATE_EPOCH", nullptr);
  BOOST_CHECK(!scene.fresh());
}

BOOST_AUTO_TEST_CASE(every_byte_of_the_header_counts_and_none_behind_it) {
  const Compiled scene;
  const std::string good = scene.bytes("/x.pyc");
  const std::size_t size = header_size(host_interpreter().version);
  for (std::size_t i = 0; i < size; ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    scene.file("/x.pyc", bad);
    BOOST_CHECK_MESSAGE(!scene.fresh(), "byte " << i);
    scene.file("/x.pyc", good.substr(0, i));
    BOOST_CHECK_MESSAGE(!scene.fresh(), "cut short after " << i);
  }
  scene.file("/x.pyc", good.substr(0, size));
  BOOST_CHECK(scene.fresh());
  scene.file("/x.pyc", good.substr(0, size) + "no code");
  BOOST_CHECK(scene.fresh());
}

BOOST_AUTO_TEST_CASE(what_compile_would_refuse_to_replace_is_not_fresh) {
  const Compiled scene;
  std::filesystem::rename(scene.host("/x.pyc"), scene.host("/real.pyc"));
  scene.link("/x.pyc", "real.pyc");
  BOOST_CHECK(!scene.fresh());
  scene.remove("/x.pyc");
  scene.directory("/x.pyc");
  BOOST_CHECK(!scene.fresh());
  scene.remove("/x.pyc");
  BOOST_REQUIRE_EQUAL(::mkfifo(scene.host("/x.pyc").c_str(), 0644), 0); // must not be waited for
  BOOST_CHECK(!scene.fresh());
  scene.remove("/x.pyc");
  std::filesystem::rename(scene.host("/real.pyc"), scene.host("/x.pyc"));
  BOOST_CHECK(scene.fresh());
}

BOOST_AUTO_TEST_CASE(without_a_source_nothing_is_fresh) {
  for (const auto mode : every_mode) {
    const Compiled scene(mode);
    scene.remove("/x.py");
    BOOST_CHECK_MESSAGE(!scene.fresh(), to_text(mode));
  }
}

BOOST_AUTO_TEST_CASE(link_to_a_source_is_followed) {
  for (const auto mode : every_mode) {
    const Compiled scene(mode);
    std::filesystem::rename(scene.host("/x.py"), scene.host("/real.py"));
    scene.link("/x.py", "real.py");
    BOOST_CHECK_MESSAGE(scene.fresh(), to_text(mode));
  }
}

BOOST_AUTO_TEST_CASE(each_level_has_its_own_file) {
  const ScratchDirectory scratch;
  scratch.file("/x.py");
  CompileArguments arguments{.file = scratch.host("/x.py"), .optimize = 1};
  BOOST_REQUIRE(compile(host_python(), arguments));
  Python python = host_python();
  for (const int level : {0, 1, 2}) {
    arguments.optimize = level;
    BOOST_CHECK_EQUAL(is_fresh(python, arguments), level == 1);
    arguments.optimize = -1;
    python.optimize = level;
    BOOST_CHECK_EQUAL(is_fresh(python, arguments), level == 1);
  }
}

BOOST_AUTO_TEST_CASE(prefix_of_the_interpreter_is_looked_below) {
  const ScratchDirectory scratch;
  scratch.file("/x.py");
  Python python = host_python();
  const CompileArguments arguments{.file = scratch.host("/x.py")};
  BOOST_REQUIRE(compile(python, arguments));
  python.pycache_prefix = scratch.host("/prefix");
  BOOST_CHECK(!is_fresh(python, arguments));
  BOOST_REQUIRE(compile(python, arguments));
  BOOST_CHECK(is_fresh(python, arguments));
}

BOOST_AUTO_TEST_CASE(arguments_that_cannot_be_are_never_fresh) {
  Compiled scene;
  scene.arguments.optimize = 3;
  BOOST_CHECK(!scene.fresh());
  scene.arguments.optimize = 0;
  BOOST_CHECK(scene.fresh());
  const CompileArguments good = scene.arguments;
  scene.arguments.file += '\0';
  BOOST_CHECK(!scene.fresh());
  scene.arguments = good;
  *scene.arguments.cfile += '\0';
  BOOST_CHECK(!scene.fresh());
}

/// The header of 2.7 by hand: magic 62211, CR LF, and the time.
BOOST_AUTO_TEST_CASE(bytecode_of_python2_lies_beside_the_source_with_its_short_header) {
  const ScratchDirectory scratch;
  scratch.file("/x.py", "x = 1\n");
  scratch.set_time("/x.py", 0x01020304, 999999900);
  const Python python{"/usr/bin/python2.7", {{2, 7}, 0x0a0df303, "cpython-27"}};
  CompileArguments arguments{.file = scratch.host("/x.py"), .optimize = 0};
  BOOST_CHECK(!is_fresh(python, arguments));
  scratch.file("/x.pyc", "\x03\xf3\r\n\4\3\2\1"s);
  const Variable epoch("SOURCE_DATE_EPOCH", "1"); // there are no hashes to be had
  BOOST_CHECK(is_fresh(python, arguments));
  arguments.optimize = 2;
  BOOST_CHECK(!is_fresh(python, arguments));
  std::filesystem::rename(scratch.host("/x.pyc"), scratch.host("/x.pyo"));
  BOOST_CHECK(is_fresh(python, arguments));
  arguments.invalidation_mode = InvalidationMode::checked_hash;
  BOOST_CHECK(!is_fresh(python, arguments));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
