// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/calls.hpp"

#include "call/excludes.hpp"
#include "reference/public_directory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace pysup::pass {

namespace {

constexpr const char* called_program = "/usr/bin/py3compile";
constexpr std::string_view our_program = "/usr/lib/python-support/py3compile";

/// Whether this package's py3compile is what packages call in ROOT.
bool drop_in_is_active(const os::Root& root) {
  const auto text = root.read_link(called_program);
  const auto path = text ? root.canonical(called_program) : Result<std::string>("");
  return path && *path == our_program;
}

/// The one version of VERSIONS (sorted, not empty) that compiles a package's private modules.
Version private_version(const std::vector<Version>& versions, std::optional<Version> by_default) {
  if (by_default) {
    const auto next = std::lower_bound(versions.begin(), versions.end(), *by_default);
    return next == versions.end() ? versions.back() : *next;
  }
  return versions.back();
}

/// Looks up what calls are for.
class Expansion {
 public:
  Expansion(os::Stats& stats, dpkg::Database& database, const Interpreters& interpreters,
            std::vector<std::string>& warnings)
      : root_(stats.root()), directories_(stats.directories()), database_(database),
        interpreters_(interpreters), warnings_(warnings) {}

  /// Errors: the file lists of the package are damaged.
  Result<reference::Reference> run(const std::string& name, const std::vector<call::Call>& calls) {
    reference::Reference reference;
    reference.name = name;
    reference.kind = reference::Kind::calls;
    files_ = &reference.private_files;
    for (const call::Call& call : calls) {
      if (auto expanded = expand(call); !expanded) {
        return tl::unexpected(std::move(expanded.error()));
      }
    }
    sort_unique();
    return reference;
  }

 private:
  Result<void> expand(const call::Call& call) {
    level_ = call.optimize ? 1 : 0;
    versions_.clear();
    for (const Served& served : interpreters_.served) {
      if (served.record.version.major == 3 && call.versions.contains(served.record.version)) {
        versions_.push_back(served.record.version);
      }
    }
    if (versions_.empty()) {
      return {}; // one may come
    }
    const call::Excludes excludes = excludes_of(call);
    if (call.package.empty()) {
      for (const std::string& place : call.places) {
        walk(place, place, excludes);
      }
      return {};
    }
    const auto listed = database_.files(call.package);
    if (!listed) {
      return tl::unexpected(listed.error());
    }
    const std::vector<std::string> places = places_there(call);
    for (const std::string& path : *listed) {
      if (!path.ends_with(".py")) {
        continue;
      }
      if (!call.places.empty()) {
        add_private(path, places, excludes);
      } else if (const auto directory = reference::public_directory(path)) {
        add_for_all(path, directory);
      }
    }
    return {};
  }

  /// py3compile passes over places that do not exist. The others are beginnings of paths, not
  /// necessarily whole names.
  [[nodiscard]] std::vector<std::string> places_there(const call::Call& call) const {
    std::vector<std::string> places = call.places;
    std::erase_if(places, [this](const std::string& place) { return !root_.info(place); });
    return places;
  }

  /// A person would be told of a wrong expression at once. A package that calls from its postinst
  /// has all its modules compiled.
  call::Excludes excludes_of(const call::Call& call) {
    auto excludes = call::Excludes::compile(call);
    if (excludes) {
      return std::move(*excludes);
    }
    warnings_.push_back(fmt::format("py3compile of {}: {}; nothing is excluded", call.owner(),
                                    excludes.error().message));
    return {};
  }

  void add_private(const std::string& path, const std::vector<std::string>& places,
                   const call::Excludes& excludes) {
    const auto directory = reference::public_directory(path);
    for (const std::string& place : places) {
      if (path.starts_with(place) && !excludes.match(path, place)) {
        const auto version = private_version(versions_, interpreters_.default_version);
        add(path, directory && directory->only ? *directory->only : version);
      }
    }
  }

  void add_for_all(const std::string& path,
                   const std::optional<reference::PublicDirectory>& directory) {
    for (const Version version : versions_) {
      if (!directory || !directory->only || *directory->only == version) {
        add(path, version);
      }
    }
  }

  /// Every .py file below PATH; links to directories are not followed.
  void walk(const std::string& path, const std::string& place, const call::Excludes& excludes) {
    const auto info = root_.info(path);
    if (!info) {
      return;
    }
    if (info->type == os::FileType::directory) {
      if (const auto entries = root_.list(path)) {
        for (const os::DirEntry& entry : *entries) {
          const std::string below =
              fmt::format("{}{}{}", path, path.ends_with('/') ? "" : "/", entry.name);
          if (entry.type == os::FileType::directory || entry.name.ends_with(".py")) {
            walk(below, place, excludes);
          }
        }
      }
    } else if (info->type == os::FileType::regular && path.ends_with(".py") &&
               !excludes.match(path, place)) {
      add_for_all(path, reference::public_directory(path));
    }
  }

  void add(const std::string& path, Version version) {
    if (interpreters_.find(version) == nullptr) {
      return;
    }
    if (auto place = place_in(path)) {
      files_->push_back({path, *place, version, level_});
    }
  }

  /// PATH with its directory's links resolved. A package's files come by directory.
  std::optional<std::string> place_in(const std::string& path) {
    const std::string_view directory = os::parent_of(path);
    if (directory != directory_) {
      directory_ = directory;
      const auto place = directories_.canonical(directory);
      directory_place_ = place ? *place : "";
    }
    if (directory_place_.empty()) {
      return std::nullopt;
    }
    return fmt::format("{}/{}", directory_place_ == "/" ? "" : directory_place_, os::name_of(path));
  }

  void sort_unique() {
    const auto key = [](const reference::PrivateFile& file) {
      return std::tie(file.path, file.version, file.level);
    };
    std::sort(files_->begin(), files_->end(),
              [&](const auto& a, const auto& b) { return key(a) < key(b); });
    files_->erase(std::unique(files_->begin(), files_->end()), files_->end());
  }

  const os::Root& root_;
  os::Directories& directories_;
  dpkg::Database& database_;
  const Interpreters& interpreters_;
  std::vector<std::string>& warnings_;
  std::vector<reference::PrivateFile>* files_ = nullptr;
  std::vector<Version> versions_; ///< that the call at hand is for, sorted
  std::uint8_t level_ = 0;
  std::string directory_;
  std::string directory_place_; ///< "" where it is not there
};

/// Brings calls together by owner.
class Gathering {
 public:
  Gathering(const os::Root& root, Calls& calls) : root_(root), calls_(calls) {}

  void add_standing(const state::Snapshot& snapshot) {
    for (const state::Reference& row : snapshot.references) {
      if (!call::is_call_name(row.name)) {
        continue;
      }
      auto standing = call::decode_all(row.asked);
      if (standing && !standing->empty()) { // a row without calls asks for nothing, and goes
        by_name_[row.name] = std::move(*standing);
      } else if (!standing) {
        calls_.warnings.push_back(row.name + ": " + standing.error().message + "; forgotten");
      }
    }
  }

  void add_notes() {
    auto notes = state::read_notes(root_, calls_.warnings);
    if (!notes) {
      calls_.warnings.push_back(notes.error().message + "; notes are left for the next pass");
      return;
    }
    for (const state::Note& note : *notes) {
      auto call = call::decode(note.text);
      if (call) {
        add(std::move(*call));
      } else {
        calls_.warnings.push_back(
            fmt::format("note {}: {}; dropped", note.name, call.error().message));
      }
    }
    calls_.notes = std::move(*notes);
  }

  void add(call::Call call) {
    const std::string name = call::reference_name(call.owner());
    calls_.noted.insert(name);
    if (std::exchange(call.force, false)) {
      calls_.forced.insert(name);
    }
    auto& all = by_name_[name];
    if (std::find(all.begin(), all.end(), call) == all.end()) {
      all.push_back(std::move(call));
    }
  }

  [[nodiscard]] const std::map<std::string, std::vector<call::Call>>& by_name() const {
    return by_name_;
  }

 private:
  const os::Root& root_;
  Calls& calls_;
  std::map<std::string, std::vector<call::Call>> by_name_;
};

/// What the calls NAME asked for when they were last looked up.
reference::Reference as_recorded(const os::Root& root, const state::Snapshot& snapshot,
                                 const std::string& name) {
  reference::Reference reference;
  reference.name = name;
  reference.kind = reference::Kind::calls;
  for (const state::File& file : snapshot.files) {
    if (file.reference != name) {
      continue;
    }
    if (const auto directory = root.canonical(file.source.parent())) {
      reference.private_files.push_back({file.source,
                                         fmt::format("{}/{}", *directory, file.source.name()),
                                         file.version, file.level});
    }
  }
  return reference;
}

/// Takes out of SNAPSHOT what calls that are not in CALLS had made.
void forget_others(state::Snapshot& snapshot, Calls& calls) {
  const auto is_forgotten = [&](const std::string& name) {
    return call::is_call_name(name) && !calls.rows.contains(name) && !calls.kept.contains(name);
  };
  std::erase_if(snapshot.files, [&](const state::File& file) {
    const bool forgotten = is_forgotten(file.reference);
    if (forgotten) {
      calls.forgotten_files.push_back(file.path);
    }
    return forgotten;
  });
  std::erase_if(snapshot.references, [&](const state::Reference& row) {
    const bool forgotten = is_forgotten(row.name);
    if (forgotten) {
      calls.forgotten_references.push_back(row.name);
    }
    return forgotten;
  });
}

} // namespace

Calls read_calls(os::Stats& stats, const Request& request, dpkg::Database* database,
                 state::Snapshot& snapshot, const Interpreters& interpreters) {
  const os::Root& root = stats.root();
  Calls calls;
  Gathering gathering(root, calls);
  const bool active = drop_in_is_active(root) && !request.cleans_everything();
  if (active) {
    gathering.add_standing(snapshot);
  }
  gathering.add_notes();
  for (const call::Call& call : request.calls) {
    gathering.add(call);
  }
  for (const auto& [name, standing] : gathering.by_name()) {
    const std::string& owner = standing.front().owner();
    const auto packages =
        database == nullptr ? std::vector<dpkg::Package>{} : database->packages(owner);
    if (database != nullptr && packages.empty()) {
      continue; // the package is gone
    }
    auto reference =
        database == nullptr
            ? Result<reference::Reference>(fail("without a dpkg database"))
            : Expansion(stats, *database, interpreters, calls.warnings).run(name, standing);
    if (!reference) {
      calls.warnings.push_back(
          fmt::format("{}; what {} asks for stays as it was", reference.error().message, name));
      calls.kept.insert(name);
      calls.references.push_back(as_recorded(root, snapshot, name));
      continue;
    }
    calls.rows[name] = {name, std::string(reference::to_text(reference::Kind::calls)), owner,
                        packages.front().version, call::encode_all(standing)};
    calls.references.push_back(std::move(*reference));
  }
  if (!active) {
    forget_others(snapshot, calls);
  }
  return calls;
}

} // namespace pysup::pass
