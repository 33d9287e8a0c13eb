// SPDX-License-Identifier: GPL-2.0-or-later
#include "apt_hook/protocol.hpp"

#include <algorithm>
#include <apt-pkg/strutl.h>
#include <array>
#include <cerrno>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace pysup::apt_hook {

namespace {

constexpr std::string_view first_line = "VERSION 3";

/// Whether APT writes C as it is. It quotes every other byte in keys and values; names, versions
/// and architectures have no others.
bool is_plain(char c) {
  return c > ' ' && c < '\x7f';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
}

/// The text up to the next SEPARATOR, cut from REST with it; nothing where REST has none.
std::optional<std::string_view> cut(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return text;
}

bool holds_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

std::string unquoted(std::string_view text) {
  return DeQuoteString(std::string(text));
}

/// "KEY=VALUE". APT quotes an equals sign in the key, not in the value, and leaves out what has no
/// value. A package line, which has blanks, is never taken for one. No NUL: keys and values come
/// from command lines and files of text, and what has one would be another path for the kernel.
bool add_setting(std::string_view line, Plan& plan) {
  std::string_view value = line;
  const auto key = cut(value, '=');
  if (!key || !is_word(*key) || !is_word(value)) {
    return false;
  }
  auto setting = std::pair(unquoted(*key), unquoted(value));
  if (holds_nul(setting.first) || holds_nul(setting.second)) {
    return false;
  }
  plan.configuration.push_back(std::move(setting));
  return true;
}

/// The last field, which APT quotes not at all: what there is to do, or the path of a file, which
/// may hold anything that a path can.
bool set_operation(std::string_view action, PackageLine& package) {
  if (action == "**CONFIGURE**") {
    package.operation = Operation::configure;
  } else if (action == "**REMOVE**") {
    package.operation = Operation::remove;
  } else if (action == "**ERROR**") {
    package.operation = Operation::error;
  } else if (action.starts_with('/') && !holds_nul(action)) {
    package.operation = Operation::unpack;
    package.file = action;
  } else {
    return false;
  }
  return true;
}

/// What a field says, where "-" is nothing.
std::string known(std::string_view field) {
  return field == "-" ? "" : std::string(field);
}

/// "NAME OLD ARCHITECTURE MULTIARCH OPERATOR NEW ARCHITECTURE MULTIARCH ACTION".
bool add_package(std::string_view line, Plan& plan) {
  std::array<std::string_view, 8> fields;
  for (std::string_view& field : fields) {
    const auto text = cut(line, ' ');
    if (!text || !is_word(*text)) {
      return false;
    }
    field = *text;
  }
  const std::string_view comparison = fields[4];
  PackageLine package;
  if ((comparison != "<" && comparison != "=" && comparison != ">") ||
      !set_operation(line, package)) {
    return false;
  }
  package.name = fields[0];
  package.old_version = known(fields[1]);
  package.old_architecture = known(fields[2]);
  package.new_version = known(fields[5]);
  package.new_architecture = known(fields[6]);
  plan.packages.push_back(std::move(package));
  return true;
}

bool is_same_key(std::string_view one, std::string_view other) {
  return stringcasecmp(one.data(), one.data() + one.size(), other.data(),
                       other.data() + other.size()) == 0;
}

} // namespace

std::string Plan::value(std::string_view key, std::string_view fallback) const {
  const auto found =
      std::find_if(configuration.rbegin(), configuration.rend(),
                   [key](const auto& setting) { return is_same_key(setting.first, key); });
  return found == configuration.rend() ? std::string(fallback) : found->second;
}

std::vector<std::string> Plan::values(std::string_view key) const {
  std::vector<std::string> found;
  for (const auto& [name, value] : configuration) {
    const std::string_view whole = name;
    if (whole.size() >= key.size() && is_same_key(whole.substr(0, key.size()), key) &&
        whole.find("::", key.size()) == std::string_view::npos) {
      found.push_back(value);
    }
  }
  return found;
}

Result<Plan> parse_plan(std::string_view stream) {
  if (stream.substr(0, stream.find('\n')) != first_line) {
    return fail("what APT says does not begin with \"VERSION 3\"");
  }
  Plan plan;
  bool configuration_ended = false;
  std::string_view rest = stream.substr(std::min(stream.size(), first_line.size() + 1));
  while (const auto line = cut(rest, '\n')) {
    if (!configuration_ended && line->empty()) {
      configuration_ended = true;
    } else if (!(configuration_ended ? add_package(*line, plan) : add_setting(*line, plan))) {
      ++plan.bad_lines;
    }
  }
  if (!rest.empty()) {
    ++plan.bad_lines;
  }
  plan.complete = configuration_ended && rest.empty();
  return plan;
}

Result<Plan> read_plan(int fd, std::size_t most_bytes) {
  std::string stream;
  std::array<char, 65536> bytes; // what a pipe holds
  while (stream.size() < most_bytes) {
    const ssize_t got =
        ::read(fd, bytes.data(), std::min(bytes.size(), most_bytes - stream.size()));
    if (got > 0) {
      stream.append(bytes.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got == 0) {
      break;
    }
    struct pollfd readable {
      fd, POLLIN, 0
    };
    const bool waited = errno == EAGAIN && ::poll(&readable, 1, -1) >= 0;
    if (!waited && errno != EINTR) {
      return fail_errno("what APT says cannot be read");
    }
  }
  auto plan = parse_plan(stream);
  if (plan && stream.size() >= most_bytes) {
    plan->complete = false;
  }
  return plan;
}

} // namespace pysup::apt_hook
