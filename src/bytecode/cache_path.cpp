// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/cache_path.hpp"

#include <cassert>
#include <fmt/format.h>

namespace pysup::bytecode {
namespace {

/// "foo.bar." for "foo.bar.py". As importlib.util.cache_from_source does it: ".foo" counts as a
/// stem "foo", and a name without a dot runs into the tag without one.
std::string stem_with_dot(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return std::string(name);
  }
  const std::string_view stem = dot == 0 ? name.substr(1) : name.substr(0, dot);
  return fmt::format("{}.", stem);
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
    return fmt::format("{}{}", source, level == 0 ? 'c' : 'o');
  }
  const std::string_view directory = directory_with_slash(source);
  const std::string_view name = source.substr(source.rfind('/') + 1);
  const std::string optimization = level == 0 ? "" : fmt::format(".opt-{}", level);
  return fmt::format("{}__pycache__/{}{}{}.pyc", directory, stem_with_dot(name), cache_tag,
                     optimization);
}

} // namespace pysup::bytecode
