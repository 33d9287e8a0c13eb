// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/bytecode_names.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::cli {

namespace {

/// Cuts the last dot and what is behind it off TEXT and gives the latter; nullopt: it has none.
std::optional<std::string_view> cut_suffix(std::string_view& text) {
  const std::size_t dot = text.rfind('.');
  if (dot == text.npos) {
    return std::nullopt;
  }
  const std::string_view suffix = text.substr(dot + 1);
  text = text.substr(0, dot);
  return suffix;
}

/// "opt-1"; PEP 488 lets levels be alphanumeric.
bool is_level(std::string_view suffix) {
  constexpr std::string_view begin = "opt-";
  return suffix.size() > begin.size() && suffix.starts_with(begin) &&
         std::all_of(suffix.begin() + begin.size(), suffix.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

} // namespace

std::optional<CachedName> parse_cached_name(std::string_view name) {
  const auto extension = cut_suffix(name);
  if (extension != "pyc" && extension != "pyo") {
    return std::nullopt;
  }
  auto tag = cut_suffix(name);
  if (tag && extension == "pyc" && is_level(*tag)) {
    tag = cut_suffix(name);
  }
  if (!tag || tag->empty() || name.empty()) {
    return std::nullopt;
  }
  return CachedName{name, *tag};
}

std::optional<std::string_view> stem_of_source(std::string_view name) {
  constexpr std::string_view extension = ".py";
  if (!name.ends_with(extension) || name.size() == extension.size()) {
    return std::nullopt;
  }
  return name.substr(0, name.size() - extension.size());
}

std::string tag_of(Version version) {
  return fmt::format("cpython-{}{}", version.major, version.minor);
}

bool is_before_pycache(Version version) {
  return version < Version{3, 2};
}

} // namespace pysup::cli
