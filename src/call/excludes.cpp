// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/excludes.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::call {

Result<Excludes> Excludes::compile(const Call& call) {
  Excludes excludes;
  for (const std::string& text : call.excludes) {
    auto pattern = reference::Pattern::compile(text);
    if (!pattern) {
      return fail(
          fmt::format("regular expression is not valid: {}: {}", text, pattern.error().message));
    }
    excludes.patterns_.push_back(std::move(*pattern));
  }
  return excludes;
}

bool Excludes::match(std::string_view path, std::string_view place) const {
  while (place.ends_with('/')) {
    place.remove_suffix(1);
  }
  if (!path.starts_with(place) || !path.substr(place.size()).starts_with('/')) {
    return false;
  }
  const std::string_view below = path.substr(place.size() + 1);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const reference::Pattern& pattern) {
    using Verdict = reference::Pattern::Verdict;
    return pattern.match(path) == Verdict::matches || pattern.match(below) == Verdict::matches;
  });
}

} // namespace pysup::call
