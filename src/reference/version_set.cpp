// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/version_set.hpp"

#include "reference/text.hpp"

#include <algorithm>
#include <limits>

namespace pysup::reference {

namespace {

constexpr auto last_minor = std::numeric_limits<decltype(Version::minor)>::max();

/// Reads X.Y, X.Y-, X.Y-A.B or -A.B.
Result<VersionSet::Range> parse_range(std::string_view element) {
  const auto cannot_read = [element] {
    return fail(quoted(element) + " is neither a version X.Y nor a range of versions");
  };
  const std::size_t dash = element.find('-');
  const auto first_text = trim(element.substr(0, dash));
  const auto last_text =
      dash == std::string_view::npos ? first_text : trim(element.substr(dash + 1));
  const auto first = parse_version(first_text);
  const auto last = parse_version(last_text);
  if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last)) {
    return cannot_read();
  }
  const VersionSet::Range range{first ? *first : Version{last->major, 0},
                                last ? *last : Version{first->major, last_minor}};
  if (range.last < range.first) {
    return fail(quoted(element) + " holds no version: it ends before it begins");
  }
  return range;
}

/// Whether NEXT, which does not begin before RANGE, can be told as one range with it.
bool continues(const VersionSet::Range& range, const VersionSet::Range& next) {
  const bool follows = next.first.major == range.last.major &&
                       next.first.minor == range.last.minor + 1; // an int: 255 has no successor
  return follows || next.first <= range.last;
}

std::string range_text(const VersionSet::Range& range) {
  if (range.first == range.last) {
    return range.first.text();
  }
  const bool in_one_major = range.first.major == range.last.major;
  if (in_one_major && range.last.minor == last_minor) {
    return range.first.text() + '-';
  }
  if (in_one_major && range.first.minor == 0) {
    return '-' + range.last.text();
  }
  return range.first.text() + '-' + range.last.text();
}

} // namespace

VersionSet VersionSet::of(const std::vector<Version>& versions) {
  VersionSet set;
  set.all_ = false;
  for (const Version version : versions) {
    set.ranges_.push_back({version, version});
  }
  set.settle();
  return set;
}

Result<VersionSet> VersionSet::parse(std::string_view text) {
  VersionSet set;
  set.all_ = false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view element = trim(text.substr(begin, end - begin));
    begin = end + 1;
    if (element.empty()) {
      return fail(quoted(text) + " has an empty element");
    }
    if (element == "all" || element == "-") {
      set.all_ = true;
    } else if (element == "current") {
      set.current_ = true;
    } else if (const auto range = parse_range(element)) {
      set.ranges_.push_back(*range);
    } else {
      return tl::unexpected(range.error());
    }
  }
  set.settle();
  return set;
}

void VersionSet::settle() {
  if (all_) {
    current_ = false;
    ranges_.clear();
    return;
  }
  std::sort(ranges_.begin(), ranges_.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  std::vector<Range> settled;
  for (const Range& range : ranges_) {
    if (!settled.empty() && continues(settled.back(), range)) {
      settled.back().last = std::max(settled.back().last, range.last);
    } else {
      settled.push_back(range);
    }
  }
  ranges_ = std::move(settled);
}

bool VersionSet::contains(Version version, std::optional<Version> default_version) const {
  if (all_ || (current_ && default_version == version)) {
    return true;
  }
  return std::any_of(ranges_.begin(), ranges_.end(), [version](const Range& range) {
    return range.first <= version && version <= range.last;
  });
}

std::string VersionSet::text() const {
  if (all_) {
    return "all";
  }
  std::string text = current_ ? "current" : "";
  for (const Range& range : ranges_) {
    text += (text.empty() ? "" : ",") + range_text(range);
  }
  return text;
}

} // namespace pysup::reference
