// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/config.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>

namespace pysup::pass {

namespace {

/// Longer files are not anybody's configuration.
constexpr std::uint64_t size_limit = 1 << 20;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

bool set_compile(Config& config, std::string_view value) {
  if (value == "now") {
    config.compile = CompileWhen::now;
  } else if (value == "later") {
    config.compile = CompileWhen::later;
  } else if (value == "never") {
    config.compile = CompileWhen::never;
  } else {
    return false;
  }
  return true;
}

bool set_jobs(Config& config, std::string_view value) {
  const auto jobs = parse_jobs(value);
  config.jobs = jobs.value_or(config.jobs);
  return jobs.has_value();
}

bool set_limit(Config& config, std::string_view value) {
  std::uint32_t seconds = 0;
  if (!parse_number(value, seconds)) {
    return false;
  }
  config.limit = std::chrono::seconds(seconds);
  return true;
}

bool set_levels(Config& config, std::string_view value) {
  auto levels = parse_levels(value);
  if (levels) {
    config.levels = std::move(*levels);
  }
  return levels.has_value();
}

bool set_mode(Config& config, std::string_view value) {
  const auto mode = bytecode::parse_invalidation_mode(value);
  if (mode) {
    config.mode = mode;
  }
  return mode.has_value();
}

struct Setting {
  const char* key;
  const char* variable;
  bool (*set)(Config&, std::string_view);
  const char* expected;
};

constexpr Setting settings[] = {
    {"compile", "PYTHON_SUPPORT_COMPILE", set_compile, "now, later or never"},
    {"jobs", "PYTHON_SUPPORT_JOBS", set_jobs, "a number from 1 to 1024"},
    {"limit", "PYTHON_SUPPORT_LIMIT", set_limit, "a number of seconds, 0 for none"},
    {"optimize", "PYTHON_SUPPORT_OPTIMIZE", set_levels, "a comma list of 0, 1 and 2"},
    {"invalidation-mode", "PYTHON_SUPPORT_INVALIDATION_MODE", set_mode,
     "timestamp, checked-hash or unchecked-hash"},
};

void read_line(Config& config, std::string_view line, std::size_t number,
               std::vector<std::string>& warnings) {
  line = trimmed(line.substr(0, line.find('#')));
  if (line.empty()) {
    return;
  }
  const auto equals = line.find('=');
  const std::string_view key = trimmed(line.substr(0, equals));
  for (const Setting& setting : settings) {
    if (equals != std::string_view::npos && key == setting.key) {
      if (!setting.set(config, trimmed(line.substr(equals + 1)))) {
        warnings.push_back(fmt::format("{}:{}: {} is {}; the line does not count", config_path,
                                       number, setting.key, setting.expected));
      }
      return;
    }
  }
  warnings.push_back(
      fmt::format("{}:{}: unknown setting; the line does not count", config_path, number));
}

} // namespace

std::optional<unsigned> parse_jobs(std::string_view text) {
  unsigned jobs = 0;
  const bool good = parse_number(text, jobs) && jobs >= 1 && jobs <= most_jobs;
  return good ? std::optional(jobs) : std::nullopt;
}

Result<std::set<std::uint8_t>> parse_levels(std::string_view text) {
  std::set<std::uint8_t> levels;
  for (;;) {
    const auto comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    if (item != "0" && item != "1" && item != "2") {
      return fail(fmt::format("'{}' is no optimization level: 0, 1 or 2", item));
    }
    levels.insert(static_cast<std::uint8_t>(item[0] - '0'));
    if (comma == std::string_view::npos) {
      return levels;
    }
    text.remove_prefix(comma + 1);
  }
}

std::string root_directory(const os::Environment& environment) {
  const auto root = environment("DPKG_ROOT");
  return root && !root->empty() ? *root : "/";
}

Config load_config(const os::Root& root, const os::Environment& environment,
                   std::vector<std::string>& warnings) {
  Config config;
  const auto file = root.read(config_path, size_limit);
  if (file) {
    std::string_view rest = file->bytes;
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const auto end = rest.find('\n');
      read_line(config, rest.substr(0, end), number, warnings);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  } else if (file.error().code != ENOENT && file.error().code != ENOTDIR) {
    warnings.push_back(file.error().message + "; going on with the defaults");
  }
  for (const Setting& setting : settings) {
    const auto value = environment(setting.variable);
    if (value && !setting.set(config, trimmed(*value))) {
      warnings.push_back(fmt::format("{} in the environment is not {}; it does not count",
                                     setting.variable, setting.expected));
    }
  }
  return config;
}

} // namespace pysup::pass
