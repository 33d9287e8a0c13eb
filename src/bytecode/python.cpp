// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/python.hpp"

#include "bytecode/cache_path.hpp"
#include "os/root.hpp"

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <memory>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

constexpr int highest_level = 2;

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};

Result<std::string> working_directory() {
  const std::unique_ptr<char, Free> path(::getcwd(nullptr, 0));
  if (!path) {
    return fail_errno("the working directory");
  }
  return std::string(path.get());
}

/// PATH without slashes at its ends, as _path_join() of importlib has its parts.
std::string_view trim_slashes(std::string_view path, bool at_begin) {
  const auto begin = at_begin ? std::min(path.find_first_not_of('/'), path.size()) : 0;
  const auto end = path.find_last_not_of('/') + 1; // npos + 1 is 0
  return path.substr(begin, std::max(end, begin) - begin);
}

} // namespace

int level_from_environment(Version version, std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  int value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range || (version.major < 3 && value < 1)) {
    return 1;
  }
  const bool is_number = error == std::errc() && stop == text.data() + text.size() && value >= 0;
  return is_number || version.major < 3 ? std::min(value, highest_level) : 1;
}

Result<Python> ask_python(const std::string& executable, const os::Environment& environment) {
  auto identity = probe(executable, "/");
  if (!identity) {
    return tl::unexpected(std::move(identity.error()));
  }
  Python python{executable, std::move(*identity)};
  const Version version = python.identity.version;
  python.optimize = level_from_environment(version, environment("PYTHONOPTIMIZE").value_or(""));
  if (version >= Version{3, 8}) {
    python.pycache_prefix = environment("PYTHONPYCACHEPREFIX").value_or("");
  }
  return python;
}

Result<std::string> default_cfile(const Python& python, std::string_view source, int level) {
  const Identity& identity = python.identity;
  std::string beside = cache_path(identity.version, identity.cache_tag, source, level);
  if (python.pycache_prefix.empty() || identity.version.major < 3) {
    return beside;
  }
  std::string directory(source.substr(0, source.rfind('/') + 1));
  if (!directory.starts_with('/')) {
    const auto here = working_directory();
    if (!here) {
      return tl::unexpected(here.error());
    }
    directory = *here + '/' + (directory.starts_with("./") ? directory.substr(2) : directory);
  }
  return fmt::format("{}/{}/{}", trim_slashes(python.pycache_prefix, false),
                     trim_slashes(directory, true), os::name_of(beside));
}

} // namespace pysup::bytecode
