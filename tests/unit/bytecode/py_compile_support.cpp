// SPDX-License-Identifier: GPL-2.0-or-later
#include "py_compile_support.hpp"

#include "bytecode/normal_form.hpp"
#include "why.hpp"

#include <fmt/format.h>

namespace pysup::bytecode {

namespace fs = std::filesystem;

namespace {

/// Arguments: working directory, SOURCE_DATE_EPOCH, and a dictionary of py_compile's arguments.
constexpr const char* py_compile_itself = R"(
import os, py_compile, sys
os.chdir(sys.argv[1])
if sys.argv[2]:
    os.environ['SOURCE_DATE_EPOCH'] = sys.argv[2]
Mode = py_compile.PycInvalidationMode
text = lambda digits: os.fsdecode(bytes.fromhex(digits))
try:
    path = py_compile.compile(doraise=True, **eval(sys.argv[3]))
    said = 'nothing' if path is None else 'wrote ' + path
except py_compile.PyCompileError as error:
    said = error.msg[7:] if error.msg.startswith('Sorry: ') else error.msg.rstrip('\n')
except Exception as error:
    said = '%s: %s' % (type(error).__name__, error)
sys.stdout.buffer.write(os.fsencode(said))
)";

std::string as_python_text(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return fmt::format("text('{}')", digits);
}

std::string_view as_python_mode(InvalidationMode mode) {
  switch (mode) {
  case InvalidationMode::timestamp:
    return "Mode.TIMESTAMP";
  case InvalidationMode::checked_hash:
    return "Mode.CHECKED_HASH";
  case InvalidationMode::unchecked_hash:
    return "Mode.UNCHECKED_HASH";
  }
  return "";
}

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Version version = host_interpreter().version;
  const std::size_t size = header_size(version);
  if (bytes.size() > size) {
    if (const auto code = normalize(version, std::string_view(bytes).substr(size))) {
      return bytes.substr(0, size) + *code;
    }
  }
  return bytes;
}

} // namespace

const Python& host_python() {
  static const auto python = ask_python(host_interpreter().executable, [](const char* /*name*/) {
    return std::optional<std::string>();
  });
  BOOST_REQUIRE_MESSAGE(python, pysup::test::why(python));
  return *python;
}

std::string told(const CompileResult& result) {
  if (!result) {
    return result.error().message;
  }
  return *result ? "wrote " + **result : "nothing";
}

std::string told_by_python(const CompileArguments& arguments) {
  std::string call =
      fmt::format("dict(file={},optimize={},quiet={}", as_python_text(arguments.file),
                  arguments.optimize, arguments.quiet);
  if (arguments.cfile) {
    call += ",cfile=" + as_python_text(*arguments.cfile);
  }
  if (arguments.dfile) {
    call += ",dfile=" + as_python_text(*arguments.dfile);
  }
  if (arguments.invalidation_mode) {
    call += fmt::format(",invalidation_mode={}", as_python_mode(*arguments.invalidation_mode));
  }
  return run_python(host_interpreter(), py_compile_itself,
                    {fs::current_path().string(),
                     os::process_environment("SOURCE_DATE_EPOCH").value_or(""), call + ")"});
}

std::map<std::string, std::string> everything_in(const std::string& directory) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    struct stat st {};
    BOOST_REQUIRE_EQUAL(::lstat(entry.path().c_str(), &st), 0);
    std::string text = fmt::format("{:o} ", st.st_mode);
    if (S_ISREG(st.st_mode)) {
      text += content_of(entry.path());
    } else if (S_ISLNK(st.st_mode)) {
      text += fs::read_symlink(entry.path()).string();
    }
    found.emplace(entry.path().string().substr(directory.size()), std::move(text));
  }
  return found;
}

CompileResult check_like_python(const std::function<void(const test::ScratchDirectory&)>& setup,
                                const CompileArguments& arguments) {
  const test::ScratchDirectory theirs;
  const test::ScratchDirectory ours;
  setup(theirs);
  setup(ours);
  const auto before = everything_in(ours.host(""));
  std::string expected;
  {
    const WorkingDirectory here(theirs.host(""));
    expected = told_by_python(arguments);
  }
  const WorkingDirectory here(ours.host(""));
  CompileResult result = compile(host_python(), arguments);
  BOOST_CHECK_EQUAL(told(result), expected);
  const auto after = everything_in(ours.host(""));
  BOOST_CHECK(after == everything_in(theirs.host("")));
  BOOST_CHECK((result && *result) == (after != before));
  return result;
}

bool is_error(const CompileResult& result, PyCompileError::Kind kind) {
  return !result && result.error().kind == kind;
}

} // namespace pysup::bytecode
