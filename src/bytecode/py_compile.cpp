// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/py_compile.hpp"

#include "bytecode/bytecode_file.hpp"
#include "bytecode/python_exception.hpp"
#include "os/caller_path.hpp"
#include "os/replace_file.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unordered_map>
#include <utility>

namespace pysup::bytecode {

namespace {

using Kind = PyCompileError::Kind;

/// Levels above are the same to the compiler, and differ in the name of the file alone.
constexpr int highest_level = 2;

tl::unexpected<PyCompileError> raise(Kind kind, std::string_view exception, std::string_view text) {
  return tl::unexpected(PyCompileError{.kind = kind,
                                       .exception = std::string(exception),
                                       .message = fmt::format("{}: {}", exception, text)});
}

tl::unexpected<PyCompileError> raise_os_error(Kind kind, const os::PathError& error) {
  return tl::unexpected(PyCompileError{.kind = kind,
                                       .exception = std::string(exception_of(error.code)),
                                       .message = os_error_text(error.code, error.path)});
}

bool has_nul(std::string_view path) {
  return path.find('\0') != path.npos;
}

/// What arguments come to for one interpreter.
struct Settings {
  std::string cfile;
  std::string name; ///< recorded in the code object
  int level = 0;
  InvalidationMode mode = InvalidationMode::timestamp;
};

tl::expected<Settings, PyCompileError> settle(const Python& python,
                                              const CompileArguments& arguments) {
  const Version version = python.identity.version;
  if (arguments.optimize < -1 || arguments.optimize > 2) {
    return raise(Kind::argument, "ValueError", "compile(): invalid optimize value");
  }
  if (!has_hash_modes(version) && arguments.invalidation_mode.value_or(
                                      InvalidationMode::timestamp) != InvalidationMode::timestamp) {
    return raise(Kind::argument, "ValueError",
                 version.name() + " has no hash-based bytecode (PEP 552)");
  }
  if (has_nul(arguments.file)) {
    return raise(Kind::unreadable, "ValueError", "embedded null byte");
  }
  Settings settings;
  const int level = arguments.optimize == -1 ? python.optimize : arguments.optimize;
  settings.level = std::min(level, highest_level);
  settings.name = arguments.dfile.value_or("").empty() ? arguments.file : *arguments.dfile;
  settings.mode = arguments.invalidation_mode.value_or(has_hash_modes(version)
                                                           ? default_mode(os::process_environment)
                                                           : InvalidationMode::timestamp);
  if (arguments.cfile) {
    settings.cfile = *arguments.cfile;
    return settings;
  }
  auto cfile = default_cfile(python, arguments.file, level);
  if (!cfile) {
    return raise_os_error(Kind::unreadable, {arguments.file, cfile.error().code});
  }
  settings.cfile = std::move(*cfile);
  return settings;
}

/// A link or something else than a file would be replaced by one.
tl::expected<void, PyCompileError> check_target(const std::string& cfile) {
  struct stat st {};
  if (has_nul(cfile) || ::lstat(cfile.c_str(), &st) != 0 || S_ISREG(st.st_mode)) {
    return {};
  }
  constexpr std::string_view link = "symlink and will be changed into a regular file";
  constexpr std::string_view other = "non-regular file and will be changed into a regular one";
  return raise(Kind::exists, "FileExistsError",
               fmt::format("{} is a {} if import writes a byte-compiled file to it", cfile,
                           S_ISLNK(st.st_mode) ? link : other));
}

/// A source that is with a worker.
struct Pending {
  Settings settings;
  Header header;
  unsigned permissions = 0;
  int quiet = 0;
};

struct Prepared {
  Pending pending;
  Job job;
};

tl::expected<Prepared, PyCompileError> prepare(const Python& python,
                                               const CompileArguments& arguments) {
  const Version version = python.identity.version;
  auto settings = settle(python, arguments);
  if (!settings) {
    return tl::unexpected(std::move(settings.error()));
  }
  if (auto free = check_target(settings->cfile); !free) {
    return tl::unexpected(std::move(free.error()));
  }
  auto source = os::read_caller_path(arguments.file, module_size_limit);
  if (!source) {
    return raise_os_error(Kind::unreadable, {arguments.file, source.error().code});
  }
  Job job{0, settings->name, std::move(source->bytes), settings->level};
  const Header header =
      header_for(version, python.identity.magic, settings->mode, source->info, job.source);
  return Prepared{
      {std::move(*settings), header, bytecode_permissions(version, source->info), arguments.quiet},
      std::move(job)};
}

PyCompileError to_py_compile_error(const CompileError& error, const std::string& name) {
  switch (error.kind) {
  case CompileError::Kind::source:
  case CompileError::Kind::marshal:
  case CompileError::Kind::memory:
    return {Kind::source, error.exception, error.message, error.line, error.column};
  default:
    return {Kind::interpreter, "", fmt::format("{}: {}", name, error.message), 0, 0};
  }
}

tl::expected<void, os::PathError> write_bytecode(const std::string& cfile, std::string_view bytes,
                                                 unsigned mode) {
  const std::string directory(os::caller_parent(cfile));
  if (!directory.empty()) {
    if (auto made = os::make_caller_directories(directory); !made) {
      return made;
    }
  }
  const auto dir = os::open_caller_parent(cfile);
  const std::string name(os::name_of(cfile));
  if (!dir || (name.empty() && !cfile.empty())) { // "new/": ENOTDIR, as rename(2) has it
    return tl::unexpected(os::PathError{cfile, dir ? ENOTDIR : dir.error().code});
  }
  if (const auto written = os::replace_file_unlocked(dir->get(), name, bytes, mode); !written) {
    return tl::unexpected(os::PathError{cfile, written.error().code});
  }
  return {};
}

/// The end of a source whose worker said OUTCOME.
CompileResult finish(Version version, const Pending& pending, const Outcome& outcome) {
  const auto fail_with = [&pending](const CompileError& error) -> CompileResult {
    auto failure = to_py_compile_error(error, pending.settings.name);
    if (failure.kind == Kind::source && pending.quiet >= 2) {
      return std::nullopt;
    }
    return tl::unexpected(std::move(failure));
  };
  if (!outcome) {
    return fail_with(outcome.error());
  }
  const auto file = bytecode_file(version, pending.header, *outcome);
  if (!file) {
    return fail_with(file.error());
  }
  const std::string& cfile = pending.settings.cfile;
  if (has_nul(cfile)) {
    return raise(Kind::target, "ValueError", "embedded null byte");
  }
  const auto written = write_bytecode(cfile, file->bytes, pending.permissions);
  if (!written) {
    return raise_os_error(Kind::target, written.error());
  }
  return cfile;
}

/// Sources on their way through a pool of workers.
class Batch {
 public:
  Batch(const Python& python, const std::function<std::optional<CompileArguments>()>& next,
        const std::function<void(std::size_t, CompileResult)>& done)
      : python_(python), next_(next), done_(done) {}

  void run(const BatchOptions& options) {
    PoolOptions pool;
    pool.version = python_.identity.version;
    pool.magic = python_.identity.magic;
    pool.executable = python_.executable;
    pool.workers = options.workers;
    pool.limit = options.limit;
    pool.interrupted = options.interrupted;
    const auto report = compile_all(
        pool, [this] { return next_job(); },
        [this](std::uint64_t id, const Outcome& outcome) { end_job(id, outcome); });
    if (report) {
      return;
    }
    const Outcome no_worker = tl::unexpected(
        CompileError{.kind = CompileError::Kind::interpreter, .message = report.error().message});
    do { // what the pool had taken, and what it never asked for
      while (!pending_.empty()) {
        end_job(pending_.begin()->first, no_worker);
      }
    } while (next_job());
  }

 private:
  std::optional<Job> next_job() {
    while (auto arguments = next_()) {
      const std::size_t id = taken_++;
      auto prepared = prepare(python_, *arguments);
      if (!prepared) {
        done_(id, tl::unexpected(std::move(prepared.error())));
        continue;
      }
      pending_.emplace(id, std::move(prepared->pending));
      prepared->job.id = id;
      return std::move(prepared->job);
    }
    return std::nullopt;
  }

  void end_job(std::size_t id, const Outcome& outcome) {
    const auto node = pending_.extract(id);
    assert(!node.empty());
    done_(id, finish(python_.identity.version, node.mapped(), outcome));
  }

  const Python& python_;
  const std::function<std::optional<CompileArguments>()>& next_;
  const std::function<void(std::size_t, CompileResult)>& done_;
  std::size_t taken_ = 0;
  std::unordered_map<std::size_t, Pending> pending_;
};

} // namespace

void compile_files(const Python& python, const BatchOptions& options,
                   const std::function<std::optional<CompileArguments>()>& next,
                   const std::function<void(std::size_t, CompileResult)>& done) {
  Batch(python, next, done).run(options);
}

CompileResult compile(const Python& python, const CompileArguments& arguments) {
  std::optional<CompileArguments> waiting = arguments;
  std::optional<CompileResult> result;
  compile_files(
      python, {}, [&waiting] { return std::exchange(waiting, std::nullopt); },
      [&result](std::size_t, CompileResult one) { result = std::move(one); });
  assert(result);
  return std::move(*result);
}

bool is_fresh(const Python& python, const CompileArguments& arguments) {
  const auto settings = settle(python, arguments);
  if (!settings || has_nul(settings->cfile) || !check_target(settings->cfile)) {
    return false;
  }
  const Version version = python.identity.version;
  const auto there = os::read_caller_head(settings->cfile, header_size(version));
  if (!there) {
    return false;
  }
  os::FileContent source;
  if (settings->mode == InvalidationMode::timestamp) {
    const auto info = os::caller_path_info(arguments.file);
    if (!info) {
      return false;
    }
    source.info = *info;
  } else if (auto read = os::read_caller_path(arguments.file, module_size_limit)) {
    source = std::move(*read);
  } else {
    return false;
  }
  const Header wanted =
      header_for(version, python.identity.magic, settings->mode, source.info, source.bytes);
  return *there == encode_header(version, wanted);
}

} // namespace pysup::bytecode
