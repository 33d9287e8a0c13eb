// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/served.hpp"

#include "bytecode/probe.hpp"
#include "interpreter/discover.hpp"
#include "interpreter/known_magic.hpp"
#include "pass/presence.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::pass {

namespace {

const state::Interpreter* find_record(const std::vector<state::Interpreter>& recorded,
                                      Version version) {
  const auto found = std::find_if(recorded.begin(), recorded.end(),
                                  [&](const auto& record) { return record.version == version; });
  return found == recorded.end() ? nullptr : &*found;
}

/// Debian has every interpreter in a package of the same name, which spares reading all file lists;
/// other packagings are found by asking for the file's owner.
bool is_installed(dpkg::Database& database, const interpreter::Candidate& candidate,
                  std::vector<std::string>& warnings) {
  const auto usable = [](const dpkg::Package& package) {
    return package.usable;
  };
  const std::string name = candidate.version.name() + "-minimal";
  const auto listed = database.lists(name, candidate.path);
  if (listed && *listed) {
    const auto packages = database.packages(name);
    return std::any_of(packages.begin(), packages.end(), usable);
  }
  const auto owners = database.owners(candidate.path);
  if (!owners) {
    warnings.push_back(owners.error().message + "; " + candidate.path + " is left as it was");
    return false;
  }
  return std::any_of(owners->begin(), owners->end(), usable);
}

state::Interpreter describe(const interpreter::Candidate& candidate) {
  state::Interpreter record;
  record.version = candidate.version;
  record.path = candidate.path;
  record.file_size = candidate.file.size;
  record.file_mtime_ns = to_ns(candidate.file);
  return record;
}

/// The cache tag that every CPython of that version has (PEP 3147, PEP 421).
std::string usual_tag(Version version) {
  return fmt::format("cpython-{}{}", version.major, version.minor);
}

/// Asks the interpreter who it is; where it does not start, what lies beside it may tell.
bool identify(const os::Root& root, state::Interpreter& record,
              std::vector<std::string>& warnings) {
  const auto identity = bytecode::probe(record.path, root.dir());
  if (identity && identity->version == record.version) {
    record.magic = identity->magic;
    record.cache_tag = identity->cache_tag;
    return true;
  }
  const std::string cause =
      identity ? "it says that it is " + identity->version.name() : identity.error().message;
  const auto magic =
      identity ? std::nullopt : interpreter::magic_without_starting(root, record.version);
  if (magic) {
    record.magic = *magic;
    record.cache_tag = usual_tag(record.version);
    if (!root.is_host() && host_substitute(record)) {
      return true;
    }
  }
  warnings.push_back(
      fmt::format("{} cannot be used: {}; its modules are left as they were", record.path, cause));
  return false;
}

/// Python 3's default where there is one, because what is not pinned is for one version only. While
/// the new default is unpacked but not configured, the old one goes on serving.
std::optional<Version> choose_default(const os::Root& root,
                                      const std::vector<state::Interpreter>& recorded,
                                      const Interpreters& interpreters) {
  for (const int major : {3, 2}) {
    const auto version = interpreter::default_version(root, major);
    if (version && interpreters.find(*version) != nullptr) {
      return version;
    }
    if (version && interpreters.left.contains(*version)) {
      for (const auto& record : recorded) {
        if (record.is_default && interpreters.find(record.version) != nullptr) {
          return record.version;
        }
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

} // namespace

const Served* Interpreters::find(Version version) const {
  const auto found = std::find_if(served.begin(), served.end(),
                                  [&](const Served& one) { return one.record.version == version; });
  return found == served.end() ? nullptr : &*found;
}

Interpreters find_interpreters(const os::Root& root, dpkg::Database* database,
                               const std::vector<state::Interpreter>& recorded) {
  Interpreters result;
  auto candidates = interpreter::candidates(root);
  if (!candidates) {
    result.warnings.push_back(candidates.error().message + "; interpreters are left as they were");
    for (const auto& record : recorded) {
      result.left.insert(record.version);
    }
    return result;
  }
  for (const interpreter::Candidate& candidate : *candidates) {
    const Version version = candidate.version;
    if (database == nullptr || !is_installed(*database, candidate, result.warnings)) {
      result.left.insert(version);
      continue;
    }
    Served one{describe(candidate), false};
    const state::Interpreter* const before = find_record(recorded, version);
    const bool same_program = before != nullptr && before->path == one.record.path &&
                              before->file_size == one.record.file_size &&
                              before->file_mtime_ns == one.record.file_mtime_ns;
    if (same_program) {
      one.record = *before;
    } else if (!identify(root, one.record, result.warnings)) {
      result.left.insert(version);
      continue;
    } else if (before != nullptr) {
      one.record.confinement = before->confinement;
      one.record.last_pass = before->last_pass;
      one.record.last_pass_msec = before->last_pass_msec;
    }
    one.changed = before == nullptr || before->magic != one.record.magic ||
                  before->cache_tag != one.record.cache_tag;
    result.served.push_back(std::move(one));
  }
  for (const auto& record : recorded) {
    if (result.find(record.version) == nullptr && !result.left.contains(record.version)) {
      result.gone.push_back(record);
    }
  }
  result.default_version = choose_default(root, recorded, result);
  for (Served& one : result.served) {
    const bool is_default = one.record.version == result.default_version;
    result.default_changed |= is_default != one.record.is_default;
    one.record.is_default = is_default;
  }
  return result;
}

Result<std::string> host_substitute(const state::Interpreter& interpreter) {
  const auto host = os::Root::open("/");
  if (!host) {
    return tl::unexpected(host.error());
  }
  const auto candidates = interpreter::candidates(*host);
  if (!candidates) {
    return tl::unexpected(candidates.error());
  }
  for (const auto& candidate : *candidates) {
    if (candidate.version == interpreter.version) {
      const auto identity = bytecode::probe(candidate.path, "/");
      if (identity && identity->magic == interpreter.magic) {
        return candidate.path;
      }
    }
  }
  return fail("the host has no " + interpreter.version.name() + " with the same magic number");
}

} // namespace pysup::pass
