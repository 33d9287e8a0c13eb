// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool_support.hpp"

#include "bytecode/normal_form.hpp"
#include "os/subprocess.hpp"
#include "read_to_end.hpp"
#include "why.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

namespace pysup::bytecode {

namespace fs = std::filesystem;

namespace {

std::vector<Interpreter> interpreters_in(const std::string& root, unsigned lowest_major) {
  std::vector<Interpreter> found;
  for (const auto& entry : fs::directory_iterator(fs::path(root) / "usr/bin")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("python")) {
      const auto version = parse_version(std::string_view(name).substr(6));
      if (version && version->major >= lowest_major) {
        found.push_back({root, "/usr/bin/" + name, *version});
      }
    }
  }
  return found;
}

std::vector<Interpreter> find_interpreters() {
  std::vector<Interpreter> found = interpreters_in("/", 3);
  BOOST_REQUIRE_MESSAGE(!found.empty(), "these tests need a /usr/bin/python3.Y");
  if (const char* const roots = std::getenv("PYSUP_ROOTS")) {
    for (const auto& entry : fs::directory_iterator(roots)) {
      if (fs::is_directory(entry.path() / "usr/bin")) {
        const auto more = interpreters_in(entry.path().string(), 2);
        found.insert(found.end(), more.begin(), more.end());
      }
    }
  }
  return found;
}

/// Reads a source from standard input: the place of a file, without depending on one.
constexpr const char* oracle = R"(
import marshal, sys
name = sys.argv[1]
if sys.version_info[0] == 2:
    source = sys.stdin.read().replace('\r\n', '\n').replace('\r', '\n')
    code = compile(source, name, 'exec', 0, True)
    sys.stdout.write(marshal.dumps(code))
else:
    code = compile(sys.stdin.buffer.read(), name, 'exec', 0, True, int(sys.argv[2]))
    sys.stdout.buffer.write(marshal.dumps(code))
)";

std::string run(const Interpreter& interpreter, const std::string& program,
                const std::vector<std::string>& arguments, int level, const std::string& input) {
  os::Command command;
  command.executable = interpreter.executable;
  command.root = interpreter.root;
  command.arguments = {interpreter.executable, "-S", "-B", "-W", "ignore"};
  if (interpreter.version.major < 3 && level > 0) {
    command.arguments.emplace_back(level == 1 ? "-O" : "-OO");
  }
  command.arguments.insert(command.arguments.end(), {"-c", program});
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  auto process = os::Subprocess::start(command);
  BOOST_REQUIRE_MESSAGE(process, pysup::test::why(process));
  std::string_view rest = input;
  while (!rest.empty()) { // the program reads all of it before it prints anything
    const ssize_t written = ::write(process->input.get(), rest.data(), rest.size());
    BOOST_REQUIRE_GT(written, 0);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  process->input.reset();
  std::string output = test::read_to_end(process->output);
  const std::string errors = test::read_to_end(process->errors);
  BOOST_REQUIRE_MESSAGE(process->wait() == 0, interpreter << ": " << errors);
  return output;
}

std::string normal(const Interpreter& interpreter, std::string_view code) {
  auto result = normalize(interpreter.version, code);
  BOOST_REQUIRE_MESSAGE(result, interpreter << ": " << pysup::test::why(result));
  return std::move(*result);
}

/// mkdtemp(3) makes directories that only their owner may enter.
void open_for_all(const fs::path& directory) {
  fs::permissions(directory, fs::perms::others_exec | fs::perms::others_read,
                  fs::perm_options::add);
}

/// Copies the libraries that PROGRAM says it needs to ROOT.
void copy_libraries(const std::string& program, const fs::path& root) {
  std::istringstream words(
      run_python(host_interpreter(), "import os; print(os.popen('ldd " + program + "').read())"));
  std::string word;
  while (words >> word) {
    if (word.starts_with('/') && fs::exists(word)) {
      fs::create_directories((root / word.substr(1)).parent_path());
      fs::copy_file(word, root / word.substr(1), fs::copy_options::overwrite_existing);
    }
  }
}

std::string_view to_text(CompileError::Kind kind) {
  switch (kind) {
  case CompileError::Kind::source:
    return "source";
  case CompileError::Kind::marshal:
    return "marshal";
  case CompileError::Kind::memory:
    return "memory";
  case CompileError::Kind::died:
    return "died";
  case CompileError::Kind::timeout:
    return "timeout";
  case CompileError::Kind::interpreter:
    return "interpreter";
  }
  return "?";
}

} // namespace

const std::vector<Interpreter>& interpreters() {
  static const std::vector<Interpreter> found = find_interpreters();
  return found;
}

const Interpreter& host_interpreter() {
  return interpreters().front();
}

PoolOptions options_for(const Interpreter& interpreter) {
  PoolOptions options;
  options.version = interpreter.version;
  options.executable = interpreter.executable;
  options.root = interpreter.root;
  return options;
}

Run compile_jobs(const PoolOptions& options, const std::vector<Job>& jobs) {
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
      });
  if (run.report && !run.report->interrupted) {
    BOOST_CHECK_EQUAL(given, jobs.size());
    BOOST_CHECK_EQUAL(run.outcomes.size(), jobs.size());
  }
  if (!run.report) {
    BOOST_CHECK(run.outcomes.empty());
  }
  return run;
}

Outcome compile_one(const PoolOptions& options, const Job& job) {
  const Run run = compile_jobs(options, {job});
  BOOST_REQUIRE_MESSAGE(run.report, pysup::test::why(run.report));
  BOOST_REQUIRE(run.outcomes.contains(job.id));
  return run.outcomes.at(job.id);
}

std::string expected_code(const Interpreter& interpreter, const Job& job) {
  const std::string code =
      run(interpreter, oracle, {job.name, std::to_string(job.level)}, job.level, job.source);
  return normal(interpreter, code);
}

void check_code(const Interpreter& interpreter, const Job& job, const Outcome& outcome) {
  BOOST_REQUIRE_MESSAGE(outcome, interpreter << ": " << job.name << ": " << to_text(outcome));
  BOOST_CHECK_MESSAGE(normal(interpreter, *outcome) == expected_code(interpreter, job),
                      interpreter << " gives other code for " << job.name << " at level "
                                  << job.level);
}

std::string run_python(const Interpreter& interpreter, const std::string& program,
                       const std::vector<std::string>& arguments, int level) {
  return run(interpreter, program, arguments, level, "");
}

std::string to_text(const Outcome& outcome) {
  if (outcome) {
    return fmt::format("{} bytes of code", outcome->size());
  }
  return fmt::format("{}: {}: {}", to_text(outcome.error().kind), outcome.error().exception,
                     outcome.error().message);
}

bool is_error(const Outcome& outcome, CompileError::Kind kind) {
  return !outcome && outcome.error().kind == kind;
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

std::string source_that_hangs() {
  std::string source = "x = {";
  for (std::uint64_t factor = 1; factor <= 60'000; ++factor) {
    // factor * (2**61 - 1), whose hash is 0, in hexadecimal: the upper part and the lower 60 bits.
    source += fmt::format("0x{:x}{:015x},", 2 * factor - 1, (std::uint64_t{1} << 60) - factor);
  }
  return source + "}\n";
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      continue;
    }
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t after_name = line.rfind(')'); // "pid (name) state ppid ..."
    if (after_name != std::string::npos) {
      std::istringstream rest(line.substr(after_name + 1));
      char state = ' ';
      pid_t parent = 0;
      rest >> state >> parent;
      if (parent == ::getpid() && state != 'Z') {
        found.push_back(std::stoi(name));
      }
    }
  }
  return found;
}

boost::test_tools::assertion_result is_root(boost::unit_test::test_unit_id /*test*/) {
  return ::geteuid() == 0;
}

FakeInterpreter::FakeInterpreter(const std::string& script) {
  const fs::path root = root_.path();
  open_for_all(root);
  fs::create_directories(root / "usr/bin");
  fs::copy_file("/bin/sh", root / "usr/bin/sh");
  copy_libraries("/bin/sh", root);
  const fs::path program = root / "usr/bin/python3.99";
  std::ofstream(program) << "#!/usr/bin/sh\n" << script;
  fs::permissions(program, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
}

Interpreter FakeInterpreter::interpreter() const {
  return {root_.path(), "/usr/bin/python3.99", Version{3, 99}};
}

CopiedInterpreter::CopiedInterpreter() {
  const fs::path root = root_.path();
  open_for_all(root);
  const Interpreter& host = host_interpreter();
  const fs::path library = "usr/lib/" + host.version.name();
  fs::create_directories(root / "usr/bin");
  fs::create_directories(root / library);
  fs::copy_file(host.executable, root / host.executable.substr(1));
  copy_libraries(host.executable, root);
  for (const auto& entry : fs::directory_iterator("/" / library)) {
    if (entry.path().extension() == ".py" && fs::is_regular_file(entry.path())) {
      fs::copy_file(entry.path(), root / library / entry.path().filename());
    }
  }
  for (const char* const package : {"__pycache__", "collections", "encodings", "importlib", "re"}) {
    if (fs::exists("/" / library / package)) {
      fs::copy("/" / library / package, root / library / package, fs::copy_options::recursive);
    }
  }
  // A bytecode file counts only with its source's time.
  for (const auto& entry : fs::recursive_directory_iterator(root / library)) {
    if (fs::is_regular_file(entry.path())) {
      fs::last_write_time(entry.path(),
                          fs::last_write_time("/" / fs::relative(entry.path(), root)));
    }
  }
}

Interpreter CopiedInterpreter::interpreter() const {
  return {root_.path(), host_interpreter().executable, host_interpreter().version};
}

std::vector<std::string> CopiedInterpreter::bytecode_of(const std::string& name) const {
  std::vector<std::string> found;
  const std::string library = root_.path() + "/usr/lib/" + host_interpreter().version.name();
  for (const auto& entry : fs::directory_iterator(fs::path(library) / name / "__pycache__")) {
    found.push_back(entry.path().string());
  }
  return found;
}

} // namespace pysup::bytecode
