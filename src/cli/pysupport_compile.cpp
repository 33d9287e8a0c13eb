// SPDX-License-Identifier: GPL-2.0-or-later
//
// pysupport-compile(1): py_compile and compileall for any installed interpreter.
#include "bytecode/py_compile.hpp"
#include "bytecode/python_exception.hpp"
#include "cli/compile_options.hpp"
#include "cli/exit_status.hpp"
#include "cli/source_list.hpp"
#include "interpreter/discover.hpp"
#include "os/available_cpus.hpp"
#include "os/caller_path.hpp"
#include "os/interruption.hpp"
#include "os/replace_file.hpp"
#include "report/message.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>

namespace pysup::cli {

namespace {

using bytecode::CompileArguments;
using bytecode::CompileResult;

/// A source, its levels on their way, and what came of them.
struct Progress {
  Source source;
  std::size_t unanswered = 0;
  bool taken = false; ///< all its levels have been given out
  std::map<int, CompileResult> results{};
};

class Compilation {
 public:
  Compilation(const CompileOptions& options, const bytecode::Python& python)
      : options_(options), python_(python) {
    for (const int level : options.levels) {
      const bool has_number = level == -1 && python.optimize <= 2; // that can be asked for
      levels_.insert(has_number ? python.optimize : level);
    }
    if (python.identity.version.major < 3 && levels_.contains(2)) {
      levels_.erase(1); // one name for both: the higher has it
    }
  }

  /// Whether all went well.
  bool run(std::vector<Source> sources) {
    for (Source& source : sources) {
      sources_.push_back({std::move(source)});
    }
    bytecode::BatchOptions batch;
    batch.workers = options_.jobs != 0 ? options_.jobs : os::available_cpus();
    batch.interrupted = os::interruption();
    bytecode::compile_files(
        python_, batch, [this] { return next(); },
        [this](std::size_t id, CompileResult result) { done(id, std::move(result)); });
    tell();
    return !failed_;
  }

 private:
  /// The next level of the next source, in the order of the arguments.
  std::optional<CompileArguments> next() {
    for (; position_ < sources_.size(); ++position_) {
      Progress& progress = sources_[position_];
      if (*os::interruption() != 0) {
        return std::nullopt;
      }
      if (waiting_.empty() && !progress.taken) {
        begin(progress);
      }
      if (!waiting_.empty()) {
        CompileArguments arguments = std::move(waiting_.back());
        waiting_.pop_back();
        tasks_.push_back({position_, arguments.optimize});
        return arguments;
      }
    }
    tell();
    return std::nullopt;
  }

  void begin(Progress& progress) {
    progress.taken = true;
    const Source& source = progress.source;
    if (source.list_error != 0) {
      return;
    }
    CompileArguments arguments{
        .file = source.path,
        .cfile = options_.cfile,
        .dfile = options_.dfile,
        .invalidation_mode = options_.mode,
    };
    if (options_.strip || options_.prepend) {
      arguments.dfile = name_to_record(source.path);
    }
    bool fresh = !source.named && !options_.force;
    for (const int level : levels_) {
      arguments.optimize = level;
      fresh = fresh && bytecode::is_fresh(python_, arguments);
      waiting_.push_back(arguments);
    }
    if (fresh) {
      waiting_.clear();
    }
    progress.unanswered = waiting_.size();
  }

  [[nodiscard]] std::string name_to_record(const std::string& source) const {
    auto name = recorded_name(source, options_.strip, options_.prepend);
    if (name) {
      return std::move(*name);
    }
    if (!options_.quiet) {
      report::warn(name.error().message);
    }
    return *recorded_name(source, std::nullopt, options_.prepend);
  }

  void done(std::size_t id, CompileResult result) {
    const Task task = tasks_.at(id);
    Progress& progress = sources_[task.source];
    progress.results.emplace(task.level, std::move(result));
    if (--progress.unanswered == 0 && options_.hardlink_dupes) {
      link_duplicates(progress);
    }
    tell();
  }

  /// Consecutive levels with equal bytes become one file, as compileall has it.
  static void link_duplicates(const Progress& progress) {
    const std::string* previous = nullptr;
    for (const auto& [level, result] : progress.results) {
      const std::string* const path = result && *result ? &**result : nullptr;
      if (previous != nullptr && path != nullptr && os::same_content(*previous, *path)) {
        const auto directory = os::open_caller_parent(*path);
        if (directory) { // a file system without hard links is no failure: the file is there
          static_cast<void>(os::replace_by_hard_link(directory->get(),
                                                     std::string(os::name_of(*previous)),
                                                     std::string(os::name_of(*path))));
        }
      }
      previous = path;
    }
  }

  /// Tells what is known, in the order of the sources.
  void tell() {
    for (; reported_ < sources_.size(); ++reported_) {
      Progress& progress = sources_[reported_];
      const bool listed = progress.source.list_error == 0;
      if (!progress.taken && listed) {
        return;
      }
      if (progress.unanswered != 0) {
        return;
      }
      if (!listed) {
        fail_with(bytecode::os_error_text(progress.source.list_error, progress.source.path));
      }
      tell_results(progress);
      progress.results.clear();
    }
  }

  void tell_results(const Progress& progress) {
    std::string last; // levels fail for one and the same reason as a rule
    for (const auto& [level, result] : progress.results) {
      if (!result && result.error().message != last) {
        fail_with(result.error().message);
        last = result.error().message;
      } else if (result && *result && options_.print_path) {
        std::fwrite((**result + '\n').data(), 1, (*result)->size() + 1, stdout);
      }
    }
  }

  void fail_with(std::string_view message) {
    failed_ = true;
    if (!options_.quiet) {
      report::warn(message);
    }
  }

  struct Task {
    std::size_t source = 0;
    int level = 0;
  };

  const CompileOptions& options_;
  const bytecode::Python& python_;
  std::set<int, std::greater<>> levels_;
  std::vector<Progress> sources_;
  std::size_t position_ = 0;              ///< of the source that is being given out
  std::size_t reported_ = 0;              ///< how many have been told about
  std::vector<CompileArguments> waiting_; ///< levels of that source, the next one last
  std::vector<Task> tasks_;
  bool failed_ = false;
};

/// The interpreter that OPTIONS ask for.
Result<bytecode::Python> choose_python(const CompileOptions& options) {
  std::optional<Version> version = options.python;
  const auto root = os::Root::open("/");
  if (!root) {
    return tl::unexpected(root.error());
  }
  for (const int major : {3, 2}) {
    version = version ? version : interpreter::default_version(*root, major);
  }
  if (!version) {
    return fail("there is no default version: /usr/bin/python3 is missing; name one by --python");
  }
  auto python = bytecode::ask_python("/usr/bin/" + version->name(), os::process_environment);
  if (python && python->identity.version != *version) {
    return fail(
        fmt::format("{} says that it is {}", python->executable, python->identity.version.name()));
  }
  return python;
}

/// dpkg must never fail over what a module is like (deb-postinst(5) fails with its programs).
int finish_with(int status) {
  return os::process_environment("DPKG_MAINTSCRIPT_PACKAGE") ? exit_done : status;
}

std::vector<Source> sources_of(const CompileOptions& options) {
  if (options.cfile || options.dfile) { // what is one file's is not for all of a directory
    return {{options.arguments.front(), true}};
  }
  const bool from_stdin = options.arguments == std::vector<std::string>{"-"};
  return list_sources(from_stdin ? read_lines(std::cin) : options.arguments,
                      {options.depth, options.exclude ? &*options.exclude : nullptr});
}

int run_pysupport_compile(const CompileOptions& options) {
  const auto python = choose_python(options);
  if (!python) {
    report::warn_as("pysupport-compile", python.error().message + "; nothing was compiled");
    return finish_with(exit_impossible);
  }
  if (options.mode && *options.mode != bytecode::InvalidationMode::timestamp &&
      !bytecode::has_hash_modes(python->identity.version)) {
    report::warn_as("pysupport-compile", fmt::format("{} has no hash-based bytecode (PEP 552)",
                                                     python->identity.version.name()));
    return exit_usage;
  }
  const bool good = Compilation(options, *python).run(sources_of(options));
  std::fflush(stdout);
  if (*os::interruption() != 0) {
    report::warn_as("pysupport-compile", "interrupted; what was not compiled is as it was");
    os::die_of_interruption();
  }
  return good && std::ferror(stdout) == 0 ? exit_done : finish_with(exit_failures);
}

} // namespace

} // namespace pysup::cli

int main(int argc, char** argv) {
  const auto options = pysup::cli::parse_compile_options(argc, argv);
  if (!options) {
    return options.error();
  }
  pysup::os::catch_interruptions();
  return pysup::cli::run_pysupport_compile(*options);
}
