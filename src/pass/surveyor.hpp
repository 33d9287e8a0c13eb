// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pass/inventory.hpp"
#include "pass/leftovers.hpp"
#include "pass/presence.hpp"
#include "reference/bcep.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// A source whose bytecode is wanted.
struct Module {
  os::Text name;      ///< in the code object: what the interpreter will call it
  os::Text place;     ///< the same without links: its bytecode is beside it
  os::Text read_from; ///< where its text is
  os::Text reference;
  plan::Index link = plan::none; ///< its link's or marker's fact
  bool is_private = false;
  /// Of calls of py3compile: the level that they ask for.
  std::optional<std::uint8_t> level{};

  [[nodiscard]] bool is_of_call() const { return level.has_value(); }
};

/// Takes an inventory. What it does with public files, with bytecode and with what nobody wants is
/// in the sources of these names.
class Surveyor {
 public:
  explicit Surveyor(const Ground& ground);
  Inventory run();

 private:
  /// A cleaned reference asks for nothing any more. In a maintainer script its public modules stay,
  /// because the rest of the transaction may import them; the pass at the end finds out whether
  /// anybody still wants them.
  void choose_references();
  [[nodiscard]] const std::vector<reference::Reference>& references() const;
  void load_exceptions();
  void report(const std::vector<reference::Problem>& problems);
  [[nodiscard]] bool whole(Version version) const;
  /// Whether this pass looks at a file: by who wants it now or by who had it made.
  [[nodiscard]] bool in_scope(Version version, os::Text wanted_by, os::Text path,
                              bool is_private = false) const;
  void survey_version(const Served& served);
  [[nodiscard]] const state::File* record_of(os::Text path) const {
    return path.id() < records_.size() ? records_[path.id()] : nullptr;
  }
  /// Entries that cannot be looked at (ESTALE, EIO) are reported and left; the rest is done.
  std::optional<Seen> seen(os::Text path);
  plan::Fact& add(plan::Kind kind, Version version, os::Text path, os::Text reference,
                  os::Text target);
  static bool as_recorded(const Seen& entry, const state::File* record) {
    return record != nullptr && record->error.empty() && entry.mtime_ns == record->mtime_ns &&
           entry.size == record->size;
  }
  /// Whose the entry at the fact's path is, given whether it looks like one of ours.
  void set_present(plan::Fact& fact, const Seen& entry, bool looks_ours);
  static bool is_in(const std::set<std::string>& names, os::Text name) {
    return !names.empty() && names.contains(name);
  }
  static bool forced_by(const Request& request, bool is_private) {
    return request.force_all || (request.force_private && is_private);
  }
  /// Whether there is nothing to be said of the fact, which is the last.
  [[nodiscard]] bool is_settled(const plan::Fact& fact, bool right) const;
  [[nodiscard]] plan::Index last() const {
    return static_cast<plan::Index>(inventory_.facts.size() - 1);
  }
  plan::Index drop_last();
  /// A link or file that is right has its row renewed where the row says otherwise.
  void renew_row(plan::Fact& fact, const Seen& entry);

  // survey_public.cpp
  void survey_public(const Served& served, const std::string& tree, std::vector<Module>& modules);
  /// The tree may be an administrator's link to elsewhere: it is taken as it is.
  std::optional<std::string> tree_of(Version version);
  /// The tree of VERSION is not looked at, so nothing in it may count as unwanted.
  void keep_public_records(Version version);
  plan::Contents read_contested(Version version);
  /// The directories that clients' .pth files put on sys.path.
  std::vector<std::string> path_lines(Version version) const;
  void survey_link(const Served& served, const std::string& tree, const plan::PublicWant& want,
                   std::vector<Module>& modules);
  /// A marker is nobody's own: it is for every reference that has files below its directory.
  [[nodiscard]] bool is_marker_in_scope(Version version, const std::string& relative, os::Text path,
                                        const std::vector<plan::PublicWant>& files) const;
  void survey_markers(Version version, const std::string& tree,
                      const std::vector<plan::PublicWant>& files,
                      const std::vector<std::string>& lines, std::vector<Module>& modules);
  void survey_path_file(Version version, const std::vector<std::string>& lines);

  // survey_bytecode.cpp
  void survey_bytecode(const Served& served, const Module& module);
  [[nodiscard]] bool is_excepted(Version version, const Module& module) const;
  /// A call asks for a level of its own, and gets those that are configured besides.
  [[nodiscard]] const std::vector<std::uint8_t>& levels_for(const Module& module);
  /// As of bytecode::cache_path(). Modules come by directory, so the last place mostly serves.
  os::Text bytecode_path(const state::Interpreter& interpreter, os::Text source,
                         std::uint8_t level);
  void survey_bytecode(const Served& served, const Module& module, std::uint8_t level);
  void judge_bytecode(const Served& served, plan::Fact& fact, Detail& detail, Evidence& evidence);

  // survey_unwanted.cpp
  static plan::Kind plan_kind(state::FileKind kind);
  void survey_recorded();
  /// What an interpreter that cannot be used now has stays as it is, but for what a package that is
  /// being removed cleans: to remove files no interpreter is needed.
  [[nodiscard]] bool may_go(const state::File& file) const;
  void add_unwanted(plan::Kind kind, Version version, os::Text path, os::Text reference);
  /// Which directory stays when the removal of the fact's file leaves those below it empty.
  [[nodiscard]] std::string keep_for(const plan::Fact& fact);
  /// Bytecode of other levels and versions that interpreters wrote by themselves for a source that
  /// is gone would stay for ever, and keep the directory.
  void find_siblings(Leftovers& leftovers);
  /// What a pass that crashed may have made before it could record it.
  void find_unfinished();
  /// What is in the trees and nobody wants: a state that was lost knew it, or version 1.0 made it.
  /// What is of others stays, and is named.
  void find_orphans(Leftovers& leftovers);

  const Ground& ground_;
  const os::Root& root_;
  const Request& request_;
  Ownership ownership_;
  std::vector<std::uint8_t> levels_;                                 ///< the highest first
  std::map<std::uint8_t, std::vector<std::uint8_t>> levels_of_call_; ///< by what it asks for
  reference::Exceptions exceptions_;
  std::vector<reference::Reference> not_cleaned_; ///< where some are cleaned
  std::vector<const state::File*> records_;       ///< by the numbers of their paths
  std::optional<std::string> trees_place_;        ///< "" where it cannot be found
  os::TextSet unfinished_;
  const char* last_folder_ = nullptr; ///< of the last source
  Version last_version_;
  os::Text last_bytecode_;
  os::TextSet wanted_; ///< paths that are spoken for
  Inventory inventory_;
};

} // namespace pysup::pass
