// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/source_list.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace pysup::cli {

namespace {

namespace fs = std::filesystem;

/// As os.path.join(): an absolute PATH stands alone.
std::string join_paths(const std::string& directory, const std::string& path) {
  if (directory.empty() || path.starts_with('/')) {
    return path;
  }
  return directory.ends_with('/') ? directory + path : fmt::format("{}/{}", directory, path);
}

class SourceLister {
 public:
  explicit SourceLister(const SourceSelection& selection) : selection_(selection) {}

  void add(const std::string& argument) {
    std::error_code error;
    if (fs::is_directory(argument, error)) {
      walk(argument, 0);
    } else {
      keep({argument, true});
    }
  }

  std::vector<Source> take() { return std::move(sources_); }

 private:
  void keep(Source source) {
    // A pattern that is too hard for a path excludes it not: rather too much than too little.
    if (selection_.exclude == nullptr ||
        selection_.exclude->match(source.path) != reference::Pattern::Verdict::matches) {
      sources_.push_back(std::move(source));
    }
  }

  void walk(const std::string& directory, unsigned depth) {
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) {
      sources_.push_back({directory, false, error.value()});
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (name != "__pycache__") {
        visit(join_paths(directory, name), depth);
      }
    }
  }

  void visit(const std::string& path, unsigned depth) {
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(path, error))) {
      if (!selection_.depth || depth < *selection_.depth) {
        walk(path, depth + 1);
      }
    } else if (path.ends_with(".py") && fs::is_regular_file(path, error)) {
      keep({path, false});
    }
  }

  const SourceSelection& selection_;
  std::vector<Source> sources_;
};

} // namespace

std::vector<Source> list_sources(const std::vector<std::string>& arguments,
                                 const SourceSelection& selection) {
  SourceLister lister(selection);
  for (const std::string& argument : arguments) {
    lister.add(argument);
  }
  return lister.take();
}

std::vector<std::string> read_lines(std::istream& input) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(input, line);) {
    lines.push_back(line);
  }
  return lines;
}

Result<std::string> recorded_name(const std::string& source,
                                  const std::optional<std::string>& strip,
                                  const std::optional<std::string>& prepend) {
  std::string name = source;
  if (strip) {
    std::string directory = *strip;
    while (directory.size() > 1 && directory.ends_with('/')) {
      directory.pop_back();
    }
    if (!directory.ends_with('/')) { // all but the root
      directory += '/';
    }
    if (!source.starts_with(directory)) {
      return fail(fmt::format("{} is not below {}, which is not stripped therefore", source, //
                              *strip));
    }
    name = source.substr(std::min(source.find_first_not_of('/', directory.size()), source.size()));
  }
  return join_paths(prepend.value_or(""), name);
}

} // namespace pysup::cli
