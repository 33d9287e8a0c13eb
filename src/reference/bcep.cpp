// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/bcep.hpp"

#include "reference/text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <fmt/format.h>
#include <utility>

namespace pysup::reference {

namespace {

constexpr const char* exceptions_directory = "/usr/share/python3/bcep";

/// Real files have a few lines.
constexpr std::uint64_t most_rule_bytes = std::uint64_t{1} << 20;

/// What the bars of a line part.
struct Fields {
  std::string_view kind;
  std::string_view versions;
  std::string_view path;
  std::string_view pattern;
};

/// Cuts LINE at its first three bars; the pattern may be missing, and may hold bars itself.
std::optional<Fields> split(std::string_view line) {
  std::array<std::string_view, 3> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t bar = line.find('|');
    fields[i] = line.substr(0, bar);
    if (bar != std::string_view::npos) {
      line.remove_prefix(bar + 1);
    } else if (i + 1 == fields.size()) {
      return Fields{fields[0], fields[1], fields[2], ".*"};
    } else {
      return std::nullopt;
    }
  }
  return Fields{fields[0], fields[1], fields[2], line};
}

std::string as_directory(std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return std::string(path) + '/';
}

} // namespace

Result<Exceptions::Rule> Exceptions::parse_rule(std::string_view line) {
  const auto fields = split(line);
  if (!fields) {
    return fail(quoted(line) + " is not KIND|VERSIONS|PATH|PATTERN");
  }
  Rule rule;
  if (fields->kind == "re") {
    auto pattern = Pattern::compile(fields->pattern);
    if (!pattern) {
      return fail(fmt::format("{}: {}", quoted(fields->pattern), pattern.error().message));
    }
    rule.kind = Kind::re;
    rule.pattern = std::move(*pattern);
  } else if (fields->kind == "dir") {
    rule.kind = Kind::dir;
  } else if (fields->kind != "file") {
    return fail(quoted(fields->kind) + " is neither file nor dir nor re");
  }
  const auto versions = parse_version_range(trim(fields->versions));
  if (!versions) {
    return tl::unexpected(versions.error());
  }
  rule.versions = *versions;
  rule.path = rule.kind == Kind::file ? std::string(fields->path) : as_directory(fields->path);
  return rule;
}

void Exceptions::read_file(std::string_view bytes, const std::string& path, ProblemLog& problems) {
  std::string_view rest = without_byte_order_mark(bytes);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = next_line(rest);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.starts_with('#') || trim(line).empty()) {
      continue;
    }
    auto rule = parse_rule(line);
    if (rule) {
      rule->file = path;
      rule->line = number;
      rules_.push_back(std::move(*rule));
    } else {
      problems.add(number, "{}, skipped", rule.error().message);
    }
  }
}

Exceptions Exceptions::load(const os::Root& root, std::vector<Problem>& problems) {
  Exceptions exceptions;
  const auto entries = root.list(exceptions_directory);
  if (!entries) {
    if (entries.error().code != ENOENT) {
      problems.push_back(
          {exceptions_directory, 0,
           system_error("byte-compilation exceptions do not count", entries.error().code).message});
    }
    return exceptions;
  }
  for (const os::DirEntry& entry : *entries) {
    if (entry.name.starts_with('.')) {
      continue;
    }
    const std::string path = fmt::format("{}/{}", exceptions_directory, entry.name);
    ProblemLog log(path, problems);
    if (const auto content = root.read(path, most_rule_bytes)) {
      exceptions.read_file(content->bytes, path, log);
    } else {
      log.add(0, "{}, skipped", content.error().message);
    }
  }
  return exceptions;
}

bool Exceptions::excludes(Version version, std::string_view path) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    const auto& [first, end] = rule.versions;
    const bool is_meant = first == end ? version == first : first <= version && version < end;
    return is_meant && applies(rule, path);
  });
}

bool Exceptions::applies(const Rule& rule, std::string_view path) const {
  if (rule.kind == Kind::file) {
    return path == rule.path;
  }
  if (rule.given_up || !path.starts_with(rule.path)) {
    return false;
  }
  if (rule.kind == Kind::dir) {
    return true;
  }
  assert(rule.pattern);
  for (const std::string_view subject : {path, path.substr(rule.path.size())}) {
    const Pattern::Verdict verdict = rule.pattern->match(subject);
    if (verdict == Pattern::Verdict::matches) {
      return true;
    }
    if (verdict == Pattern::Verdict::too_hard) {
      rule.given_up = true; // or every file that follows would cost as much
      problems_.push_back(
          {rule.file, rule.line,
           fmt::format("the pattern takes too long on {}; it does not count any more",
                       quoted(path))});
      return false;
    }
  }
  return false;
}

std::vector<Problem> Exceptions::take_problems() const {
  return std::exchange(problems_, {});
}

} // namespace pysup::reference
