// SPDX-License-Identifier: GPL-2.0-or-later
#include "apt_hook/concern.hpp"

#include "pass/config.hpp"

#include <algorithm>
#include <apt-pkg/strutl.h>
#include <array>

namespace pysup::apt_hook {

namespace {

constexpr const char* status_file = "/var/lib/dpkg/status";

bool take_prefix(std::string_view& text, std::string_view prefix) {
  const bool has = text.starts_with(prefix);
  text.remove_prefix(has ? prefix.size() : 0);
  return has;
}

void take_number(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
}

/// PATH without doubled or closing slashes, so that two spellings compare equal.
std::string plain(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') {
      out += c;
    }
  }
  if (out.size() > 1 && out.back() == '/') {
    out.pop_back();
  }
  return out;
}

std::string below(const std::string& root, std::string_view path) {
  return root == "/" ? std::string(path) : root + std::string(path);
}

/// The root that dpkg's own options name; the last one counts, as with dpkg.
std::string root_of_options(const Plan& plan) {
  std::string root;
  for (const std::string& option : plan.values("DPkg::Options::")) {
    for (const std::string_view name : {"--root=", "--instdir="}) {
      std::string_view text = option;
      if (take_prefix(text, name)) {
        root = text;
      }
    }
  }
  return root;
}

} // namespace

bool may_be_interpreter(std::string_view package) {
  take_prefix(package, "lib");
  if (!take_prefix(package, "python2") && !take_prefix(package, "python3")) {
    return false;
  }
  if (take_prefix(package, ".")) {
    take_number(package);
  }
  constexpr std::array<std::string_view, 5> endings = {"", "-minimal", "-stdlib", "-nogil",
                                                       "-nogil-minimal"};
  return std::find(endings.begin(), endings.end(), package) != endings.end();
}

bool is_switched_off(const Plan& plan) {
  // Of an empty text StringToBool() says that it is false, not the default.
  const std::string value = plan.value("python-support::Hook");
  return !value.empty() && StringToBool(value, 1) == 0;
}

bool wants_trace(const Plan& plan) {
  return StringToBool(plan.value("Debug::python-support"), 0) == 1;
}

std::optional<std::string> target_root(const Plan& plan) {
  // APT puts RootDir before every path that it looks up.
  const std::string base = plan.value("RootDir") + '/';
  const std::string inside = plain(base + plan.value("DPkg::Chroot-Directory"));
  const std::string named = root_of_options(plan);
  const std::string root = named.empty() ? "/" : plain(named);
  const std::string expected = below(plain(inside + '/' + root), status_file);
  const std::string status = plan.value("Dir::State::status");
  const bool same = status.empty() || plain(base + status) == expected;
  return same ? std::optional(root) : std::nullopt;
}

Note note_of(const Plan& plan, const std::string& root, bool has_private_modules) {
  Note note;
  note.transaction = this_transaction();
  note.root = root;
  note.debug = wants_trace(plan);
  note.jobs = pass::parse_jobs(plan.value("python-support::Jobs")).value_or(0);
  for (const PackageLine& line : plan.packages) {
    note.interpreters = note.interpreters || may_be_interpreter(line.name);
    if (has_private_modules && line.operation == Operation::remove && !line.old_version.empty()) {
      note.packages.insert(line.name);
    }
  }
  return note;
}

} // namespace pysup::apt_hook
