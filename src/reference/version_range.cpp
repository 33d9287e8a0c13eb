// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/version_range.hpp"

#include "reference/text.hpp"

namespace pysup::reference {

Result<VersionRange> parse_version_range(std::string_view text) {
  VersionRange range;
  if (text.empty() || text == "-") {
    return range;
  }
  const std::size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  const std::string_view end = dash == std::string_view::npos ? first : text.substr(dash + 1);
  const auto first_version = parse_version(first);
  const auto end_version = parse_version(end);
  range.first = first_version.value_or(range.first);
  range.end = end_version.value_or(range.end);
  const bool unread = (!first_version && !first.empty()) || (!end_version && !end.empty());
  if (unread || range.end < range.first) {
    return fail(quoted(text) + " is not a range of versions");
  }
  return range;
}

std::string to_text(const VersionRange& range) {
  if (range.is_single()) {
    return range.first.text();
  }
  const VersionRange all;
  return (range.first == all.first ? "" : range.first.text()) + '-' +
         (range.end == all.end ? "" : range.end.text());
}

} // namespace pysup::reference
