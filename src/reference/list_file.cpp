// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/list_file.hpp"

#include "reference/text.hpp"

#include <algorithm>

namespace pysup::reference {

namespace {

bool is_key_byte(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_' || byte == '-';
}

struct KeyValue {
  std::string_view key;
  std::string_view value;
};

/// Splits `key = value`; nullopt for a line that is no header.
std::optional<KeyValue> split_header(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view key = trim(line.substr(0, equals));
  if (key.empty() || !std::all_of(key.begin(), key.end(), is_key_byte)) {
    return std::nullopt;
  }
  return KeyValue{key, trim(line.substr(equals + 1))};
}

/// Whether no component of PATH, which begins with a slash, is empty, "." or "..".
bool is_clean(std::string_view path) {
  for (std::size_t slash = 0; slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    const char first = slash + 1 < path.size() ? path[slash + 1] : '/';
    if (first == '/' || first == '.') { // not necessarily, but names rarely begin with a dot
      return false;
    }
  }
  return true;
}

/// PATH with single slashes; nullopt where a component is "." or "..".
std::optional<std::string> clean_path(std::string_view path) {
  std::string clean;
  clean.reserve(path.size());
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view component = path.substr(begin, end - begin);
    begin = end + 1;
    if (component == "." || component == "..") {
      return std::nullopt;
    }
    if (!component.empty()) {
      clean += '/';
      clean += component;
    }
  }
  return clean.empty() ? "/" : std::move(clean);
}

void take_header(ListFile& file, const KeyValue& found, std::size_t line, ProblemLog& problems) {
  if (file.header && file.header->value != found.value) {
    problems.add(line, "{}={} differs from line {}; this one counts", found.key,
                 quoted(found.value), file.header->line);
  }
  file.header = Header{std::string(found.value), line};
}

void take_line(ListFile& file, std::string_view text, std::size_t line, std::string_view key,
               ProblemLog& problems) {
  if (text.find('\0') != std::string_view::npos) {
    problems.add(line, "{} has a NUL byte in it, skipped", quoted(text));
  } else if (text.starts_with('/')) {
    if (is_clean(text)) {
      file.paths.push_back({text, line});
    } else if (const auto path = clean_path(text)) {
      file.paths.push_back({*path, line});
    } else {
      problems.add(line, "{} has a component \".\" or \"..\", skipped", quoted(text));
    }
  } else if (const auto header = split_header(text)) {
    if (header->key == key) {
      take_header(file, *header, line, problems);
    }
  } else {
    problems.add(line, "{} is not an absolute path, skipped", quoted(text));
  }
}

/// Keeps the first of equal paths.
void drop_doubles(std::vector<ListedPath>& paths) {
  os::TextSet seen;
  std::erase_if(paths, [&seen](const ListedPath& listed) { return !seen.insert(listed.path); });
}

} // namespace

ListFile parse_list(std::string_view bytes, std::string_view key, ProblemLog& problems) {
  ListFile file;
  std::string_view rest = without_byte_order_mark(bytes);
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::string_view text = trim(next_line(rest));
    if (!text.empty() && text.front() != '#') {
      take_line(file, text, line, key, problems);
    }
  }
  drop_doubles(file.paths);
  return file;
}

} // namespace pysup::reference
