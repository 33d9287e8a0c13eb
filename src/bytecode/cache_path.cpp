// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/cache_path.hpp"

#include <cassert>

namespace pysup::bytecode {
namespace {

/// Appends "foo.bar." for "foo.bar.py". As importlib.util.cache_from_source does it: ".foo" counts
/// as a stem "foo", and a name without a dot runs into the tag without one.
void append_stem_with_dot(std::string& path, std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    path.append(name);
  } else {
    path.append(dot == 0 ? name.substr(1) : name.substr(0, dot)).append(1, '.');
  }
}

void append_cache_name(std::string& path, std::string_view cache_tag, std::string_view name,
                       int level) {
  append_stem_with_dot(path, name);
  path.append(cache_tag);
  if (level != 0) {
    path.append(".opt-").append(std::to_string(level));
  }
  path.append(".pyc");
}

/// "x.pyc" beside "x.py".
std::string beside(std::string_view source, int level) {
  return std::string(source).append(1, level == 0 ? 'c' : 'o');
}

/// "/d/" for "/d/x.py" and for "/d//x.py", "/" for "/x.py", "" for "x.py".
std::string_view directory_with_slash(std::string_view path) {
  auto end = path.rfind('/');
  if (end == std::string_view::npos) {
    return {};
  }
  while (end > 0 && path[end - 1] == '/') {
    --end;
  }
  return path.substr(0, end + 1);
}

} // namespace

std::string cache_path(Version version, std::string_view cache_tag, std::string_view source,
                       int level) {
  assert(level >= 0);
  if (version.major < 3) {
    return beside(source, level);
  }
  std::string path(directory_with_slash(source));
  path.append("__pycache__/");
  append_cache_name(path, cache_tag, source.substr(source.rfind('/') + 1), level);
  return path;
}

std::string cache_name(Version version, std::string_view cache_tag, std::string_view name,
                       int level) {
  assert(level >= 0);
  if (version.major < 3) {
    return beside(name, level);
  }
  std::string path;
  append_cache_name(path, cache_tag, name, level);
  return path;
}

} // namespace pysup::bytecode
