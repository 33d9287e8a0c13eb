// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/places_compilation.hpp"

#include "bytecode/py_compile.hpp"
#include "cli/source_list.hpp"
#include "os/available_cpus.hpp"
#include "os/interruption.hpp"
#include "reference/bcep.hpp"
#include "reference/public_directory.hpp"
#include "report/message.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace pysup::cli {

namespace {

namespace fs = std::filesystem;

/// PATH as os.path.abspath() has it.
std::string absolute_path(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  std::string normal = (error ? fs::path(path) : absolute).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) {
    normal.pop_back();
  }
  return normal;
}

/// A source that was found, and the directory it was looked for in, "" for one given by name.
struct PlacedSource {
  std::string path;
  std::string directory;
};

class PlacesCompilation {
 public:
  PlacesCompilation(const call::Call& call, call::Excludes excludes, bool verbose)
      : call_(call), excludes_(std::move(excludes)), verbose_(verbose) {}

  bool run(const std::vector<Version>& versions) {
    read_exceptions();
    for (const std::string& place : call_.places) {
      find_sources(place);
    }
    for (const Version version : versions) {
      if (*os::interruption() == 0) {
        compile_for(version);
      }
    }
    return !failed_;
  }

 private:
  void read_exceptions() {
    const auto root = os::Root::open("/");
    if (!root) {
      return report::warn_as("py3compile", root.error().message);
    }
    std::vector<reference::Problem> problems;
    exceptions_ = reference::Exceptions::load(*root, problems);
    tell(problems);
  }

  static void tell(const std::vector<reference::Problem>& problems) {
    for (const reference::Problem& problem : problems) {
      report::warn_as("py3compile", fmt::format("{}:{}: {}", problem.reference, problem.line, //
                                                problem.message));
    }
  }

  void find_sources(const std::string& place) {
    std::error_code error;
    const fs::file_status status = fs::status(place, error);
    if (fs::is_regular_file(status) && place.ends_with(".py")) {
      add({place, ""});
    } else if (fs::is_directory(status)) {
      const std::string directory = absolute_path(place);
      for (const Source& source : list_sources({directory}, {})) {
        if (source.list_error != 0) {
          report::warn_as("py3compile", system_error(source.path, source.list_error).message);
        } else {
          add({source.path, directory});
        }
      }
    } else if (!fs::exists(status)) {
      report::warn_as("py3compile", fmt::format("No such file or directory: {}", place));
    }
  }

  void add(PlacedSource source) {
    if (found_.insert(absolute_path(source.path)).second && !is_excluded(source)) {
      sources_.push_back(std::move(source));
    }
  }

  /// By -X, which is about what lies below directories.
  [[nodiscard]] bool is_excluded(const PlacedSource& source) const {
    return !source.directory.empty() && excludes_.match(source.path, source.directory);
  }

  [[nodiscard]] bool is_for(Version version, const PlacedSource& source) const {
    const std::string path = absolute_path(source.path);
    const auto place = reference::public_directory(path);
    return (!place || place->only.value_or(version) == version) &&
           !exceptions_.excludes(version, path);
  }

  void compile_for(Version version) {
    std::vector<const PlacedSource*> wanted;
    for (const PlacedSource& source : sources_) {
      if (is_for(version, source)) {
        wanted.push_back(&source);
      }
    }
    tell(exceptions_.take_problems());
    if (wanted.empty()) {
      return;
    }
    const auto python = bytecode::ask_python("/usr/bin/" + version.name(), os::process_environment);
    if (!python) {
      failed_ = true;
      return report::warn_as("py3compile", python.error().message);
    }
    compile_with(*python, wanted);
  }

  void compile_with(const bytecode::Python& python,
                    const std::vector<const PlacedSource*>& wanted) {
    bytecode::BatchOptions batch;
    batch.workers = os::available_cpus();
    batch.interrupted = os::interruption();
    auto source = wanted.begin();
    const auto next = [&]() -> std::optional<bytecode::CompileArguments> {
      while (source != wanted.end()) {
        bytecode::CompileArguments arguments{.file = (*source++)->path};
        arguments.optimize = std::max(python.optimize, call_.optimize ? 1 : 0);
        if (call_.force || !bytecode::is_fresh(python, arguments)) {
          if (verbose_) {
            report::warn_as("py3compile",
                            fmt::format("{}: compile {}", //
                                        python.identity.version.name(), arguments.file));
          }
          return arguments;
        }
      }
      return std::nullopt;
    };
    bytecode::compile_files(python, batch, next, [&](std::size_t, bytecode::CompileResult result) {
      if (!result) {
        failed_ = true;
        report::warn(result.error().message);
      }
    });
  }

  const call::Call& call_;
  call::Excludes excludes_;
  bool verbose_;
  reference::Exceptions exceptions_;
  std::vector<PlacedSource> sources_;
  std::set<std::string> found_; ///< absolute paths, so that nothing is compiled twice
  bool failed_ = false;
};

} // namespace

bool compile_places(const call::Call& call, call::Excludes excludes,
                    const std::vector<Version>& versions, bool verbose) {
  return PlacesCompilation(call, std::move(excludes), verbose).run(versions);
}

} // namespace pysup::cli
