// SPDX-License-Identifier: GPL-2.0-or-later
#include "interpreter/known_magic.hpp"

#include "interpreter/discover.hpp"
#include "scratch.hpp"

#include <array>
#include <cstdio>
#include <memory>

using namespace pysup;
using namespace pysup::interpreter;
using scratch::ScratchRoot;

namespace {

std::string little_endian(std::uint32_t magic) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(static_cast<unsigned char>(magic >> shift));
  }
  return bytes;
}

/// A magic number as importlib has it: two bytes, "\r\n".
constexpr std::uint32_t with_line_end(std::uint32_t number) {
  return number | 0x0a0d0000U;
}

void add_source(const ScratchRoot& scratch, const std::string& line) {
  scratch.write("/usr/lib/python3.77/importlib/_bootstrap_external.py",
                "# MAGIC_NUMBER = (1111).to_bytes(2, 'little') + b'\\r\\n'\n\n" + line +
                    "\n\n_PYCACHE = '__pycache__'\n");
}

void add_bytecode(const ScratchRoot& scratch, const std::string& name, std::uint32_t magic) {
  scratch.write("/usr/lib/python3.77/__pycache__/" + name,
                little_endian(magic) + std::string(12, '\0') + "code");
}

std::string magic_of(const ScratchRoot& scratch, Version version = {3, 77}) {
  const auto magic = magic_without_starting(scratch.open(), version);
  return magic ? std::to_string(*magic) : "unknown";
}

std::string text(std::uint32_t magic) {
  return std::to_string(magic);
}

/// What an interpreter of this machine says of itself; "" where it does not start.
std::string asked(const Candidate& candidate) {
  const std::string program =
      candidate.version.major == 2
          ? "import imp,struct;print(struct.unpack('<I',imp.get_magic())[0])"
          : "import importlib.util as u;print(int.from_bytes(u.MAGIC_NUMBER,'little'))";
  const std::string command = candidate.path + " -c \"" + program + "\" 2>/dev/null";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen(command.c_str(), "r"), [](std::FILE* f) { return ::pclose(f); });
  std::array<char, 32> line{};
  if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) {
    return "";
  }
  std::string answer(line.data());
  answer.erase(answer.find_last_not_of('\n') + 1);
  return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(known_magic)

BOOST_AUTO_TEST_CASE(reads_it_from_the_source_of_importlib) {
  const ScratchRoot scratch;
  add_source(scratch, "MAGIC_NUMBER = (3571).to_bytes(2, 'little') + b'\\r\\n'");
  add_bytecode(scratch, "os.cpython-377.pyc", with_line_end(2222));
  BOOST_TEST(magic_of(scratch) == text(with_line_end(3571)));
}

BOOST_AUTO_TEST_CASE(a_source_that_says_it_otherwise_does_not_count) {
  for (const char* line : {"MAGIC_NUMBER = _imp.pyc_magic_number_token.to_bytes(4, 'little')",
                           "MAGIC_NUMBER = (70000).to_bytes(2, 'little') + b'\\r\\n'",
                           "MAGIC_NUMBER = (-1).to_bytes(2, 'little') + b'\\r\\n'",
                           "MAGIC_NUMBER = ().to_bytes(2, 'little') + b'\\r\\n'",
                           "MAGIC_NUMBER = (3571).to_bytes(4, 'little')", "MAGIC_NUMBER = (3571",
                           "MAGIC_NUMBER = ("}) {
    BOOST_TEST_CONTEXT(line) {
      const ScratchRoot scratch;
      add_source(scratch, line);
      BOOST_TEST(magic_of(scratch) == "unknown");
      add_bytecode(scratch, "os.cpython-377.pyc", with_line_end(2222));
      BOOST_TEST(magic_of(scratch) == text(with_line_end(2222)));
    }
  }
}

BOOST_AUTO_TEST_CASE(bytecode_of_the_library_decides_by_majority) {
  const ScratchRoot scratch;
  add_bytecode(scratch, "a.cpython-377.pyc", with_line_end(1));
  BOOST_TEST(magic_of(scratch) == text(with_line_end(1)));
  add_bytecode(scratch, "b.cpython-377.pyc", with_line_end(2));
  BOOST_TEST(magic_of(scratch) == "unknown"); // one against one
  add_bytecode(scratch, "c.cpython-377.pyc", with_line_end(2));
  BOOST_TEST(magic_of(scratch) == text(with_line_end(2)));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_bytecode_of_that_version_has_no_vote) {
  const ScratchRoot scratch;
  scratch.write("/usr/lib/python3.77/__pycache__/empty.cpython-377.pyc", "");
  scratch.write("/usr/lib/python3.77/__pycache__/short.cpython-377.pyc", "\x01\x02\r");
  add_bytecode(scratch, "zeros.cpython-377.pyc", 0);
  add_bytecode(scratch, "other.cpython-376.pyc", with_line_end(5));
  add_bytecode(scratch, "level.cpython-377.opt-1.pyc", with_line_end(6));
  scratch.link("/dev/zero", "/usr/lib/python3.77/__pycache__/link.cpython-377.pyc");
  BOOST_TEST(magic_of(scratch) == "unknown");
  add_bytecode(scratch, "right.cpython-377.pyc", with_line_end(7));
  BOOST_TEST(magic_of(scratch) == text(with_line_end(7)));
}

BOOST_AUTO_TEST_CASE(python_2_has_its_bytecode_beside_the_source) {
  const ScratchRoot scratch;
  scratch.write("/usr/lib/python2.6/os.pyc", little_endian(with_line_end(62161)) + "codecode");
  BOOST_TEST(magic_of(scratch, {2, 6}) == text(with_line_end(62161)));
}

BOOST_AUTO_TEST_CASE(without_files_only_released_series_are_known) {
  const ScratchRoot scratch;
  // What an interpreter of each series gives as importlib.util.MAGIC_NUMBER.
  BOOST_TEST(magic_of(scratch, {2, 7}) == text(0x0a0df303));
  BOOST_TEST(magic_of(scratch, {3, 9}) == text(0x0a0d0d61));
  BOOST_TEST(magic_of(scratch, {3, 11}) == text(0x0a0d0da7));
  BOOST_TEST(magic_of(scratch, {3, 13}) == text(0x0a0d0df3));
  BOOST_TEST(magic_of(scratch, {3, 14}) == text(0x0a0d0e2b));
  BOOST_TEST(magic_of(scratch, {3, 15}) == text(0x0a0d0e52));
  BOOST_TEST(magic_of(scratch, {3, 5}) == "unknown"); // 3350, and 3351 from 3.5.3 on
  BOOST_TEST(magic_of(scratch, {3, 99}) == "unknown");
}

BOOST_AUTO_TEST_CASE(agrees_with_every_interpreter_of_this_machine) {
  const auto host = os::Root::open("/");
  BOOST_REQUIRE(host.has_value());
  const auto found = candidates(*host);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST_MESSAGE(found->size() << " interpreters");
  const ScratchRoot empty;
  for (const Candidate& candidate : *found) {
    const std::string answer = asked(candidate);
    const auto magic = magic_without_starting(*host, candidate.version);
    if (!answer.empty() && magic) {
      BOOST_TEST(text(*magic) == answer, candidate.path);
    }
    if (const std::string listed = magic_of(empty, candidate.version);
        !answer.empty() && listed != "unknown") {
      BOOST_TEST(listed == answer, candidate.path << " and the table");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
