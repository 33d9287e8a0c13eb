// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/probe.hpp"

#include "pool_support.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::bytecode {

namespace {

/// What the interpreter's own modules say of it, outside any worker.
constexpr const char* own_identity = R"(
import struct, sys
try:
    from importlib.util import MAGIC_NUMBER as magic
except ImportError:
    import imp
    magic = imp.get_magic()
implementation = getattr(sys, 'implementation', None)
sys.stdout.write('%d.%d %d %s' % (sys.version_info[0], sys.version_info[1],
                                  struct.unpack('<I', magic)[0],
                                  implementation.cache_tag if implementation else 'cpython-27'))
)";

} // namespace

BOOST_AUTO_TEST_SUITE(interpreter_probe)

BOOST_AUTO_TEST_CASE(identity_is_what_the_interpreter_says) {
  for (const Interpreter& interpreter : interpreters()) {
    const auto found = probe(interpreter.executable, interpreter.root);
    BOOST_REQUIRE_MESSAGE(found, pysup::test::why(found));
    BOOST_CHECK(found->version == interpreter.version);
    BOOST_CHECK_EQUAL(
        fmt::format("{} {} {}", found->version.text(), found->magic, found->cache_tag),
        run_python(interpreter, own_identity));
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_start_is_an_error_with_its_name) {
  const auto missing = probe("/usr/bin/python3.99", "/");
  BOOST_REQUIRE(!missing);
  BOOST_CHECK_EQUAL(missing.error().message,
                    "/usr/bin/python3.99: execve: No such file or directory");
  BOOST_CHECK_EQUAL(missing.error().code, ENOENT);
  for (const char* const program : {"/usr/bin/yes", "/bin/true", "/bin/false"}) {
    const auto other = probe(program, "/");
    BOOST_REQUIRE_MESSAGE(!other, program);
    BOOST_CHECK_MESSAGE(other.error().message.starts_with(program), other.error().message);
  }
}

BOOST_AUTO_TEST_CASE(root_that_is_missing_is_an_error) {
  const auto found = probe(host_interpreter().executable, "/nonexistent/root");
  BOOST_REQUIRE(!found);
  BOOST_CHECK(found.error().message.find("/nonexistent/root: chroot: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_implementation_is_an_error, *boost::unit_test::precondition(is_root)) {
  const FakeInterpreter fake(
      "printf '\\027\\0\\0\\0\\0\\0\\0\\0\\0pypy\\n3\\n10\\n1\\npypy310-7.3'\n"
      "read -r line\n");
  const auto found = probe(fake.interpreter().executable, fake.interpreter().root);
  BOOST_REQUIRE(!found);
  BOOST_CHECK_MESSAGE(found.error().message.find("it is not CPython but calls itself \"pypy\"") !=
                          std::string::npos,
                      found.error().message);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
