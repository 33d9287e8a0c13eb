// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/python.hpp"

#include "bytecode/cache_path.hpp"
#include "os/root.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <unistd.h>

namespace pysup::bytecode {

namespace {

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
  const std::string number(text);
  char* stop = nullptr;
  errno = 0;
  const long value = std::strtol(number.c_str(), &stop, 10); // as the interpreters read it
  const bool fits = errno == 0 && value >= 0 && value <= INT_MAX;
  if (version.major < 3) {
    return fits ? std::max(static_cast<int>(value), 1) : 1;
  }
  return fits && *stop == '\0' && stop != number.c_str() ? static_cast<int>(value) : 1;
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
