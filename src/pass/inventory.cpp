// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/inventory.hpp"

#include "bytecode/bytecode_file.hpp"
#include "bytecode/cache_path.hpp"
#include "pass/fitness.hpp"
#include "pass/leftovers.hpp"
#include "pass/presence.hpp"
#include "pass/tree.hpp"
#include "plan/package_markers.hpp"
#include "reference/bcep.hpp"
#include "reference/store.hpp"

#include <algorithm>

namespace pysup::pass {

namespace {

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

class Survey {
 public:
  explicit Survey(const Ground& ground)
      : ground_(ground), root_(ground.stats.root()), request_(ground.request),
        ownership_(ground.database) {
    const auto levels = levels_of(request_.config, ground.snapshot);
    levels_.assign(levels.rbegin(), levels.rend());
    for (const state::File& file : ground.snapshot.files) {
      records_.resize(std::max<std::size_t>(records_.size(), file.path.id() + std::size_t{1}));
      records_[file.path.id()] = &file;
    }
    for (const os::Text path : ground.unfinished) {
      unfinished_.insert(path);
    }
  }

  Inventory run() {
    choose_references();
    load_exceptions();
    for (const Served& served : ground_.interpreters.served) {
      survey_version(served);
    }
    survey_recorded();
    Leftovers leftovers(root_, ground_.interpreters);
    find_siblings(leftovers);
    find_unfinished();
    if (ground_.without_state || request_.cleans_everything()) {
      find_orphans(leftovers);
    }
    report(exceptions_.take_problems());
    return std::move(inventory_);
  }

 private:
  // ---- what is wanted -------------------------------------------------------------------------

  /// A cleaned reference asks for nothing any more. In a maintainer script its public modules stay,
  /// because the rest of the transaction may import them; the pass at the end finds out whether
  /// anybody still wants them.
  void choose_references() {
    for (const reference::Reference& reference : ground_.references) {
      const bool cleaned = request_.clean && request_.references.contains(reference.name) &&
                           !(request_.in_maintainer_script && is_public(reference.kind));
      if (!cleaned) {
        references_.push_back(reference);
      }
    }
  }

  void load_exceptions() {
    std::vector<reference::Problem> problems;
    exceptions_ = reference::Exceptions::load(root_, problems);
    report(problems);
  }

  void report(const std::vector<reference::Problem>& problems) {
    for (const auto& problem : problems) {
      inventory_.warnings.push_back(
          fmt::format("{}:{}: {}", problem.reference, problem.line, problem.message));
    }
  }

  [[nodiscard]] bool whole(Version version) const {
    if (request_.scope == Scope::everything || ground_.interpreters.default_changed ||
        !unfinished_.empty()) { // what a crash left may be anybody's
      return true;
    }
    const Served* const served = ground_.interpreters.find(version);
    return served == nullptr || served->changed;
  }

  /// Whether this pass looks at a file: by who wants it now or by who had it made.
  [[nodiscard]] bool in_scope(Version version, const std::string& wanted_by,
                              const std::string& path, bool is_private = false) const {
    if (whole(version) || (request_.force_private && is_private)) {
      return true;
    }
    if (request_.scope != Scope::named) {
      return false;
    }
    const state::File* const record = record_of(path);
    return request_.references.contains(wanted_by) ||
           (record != nullptr && request_.references.contains(record->reference));
  }

  void survey_version(const Served& served) {
    const Version version = served.record.version;
    const auto default_version = ground_.interpreters.default_version;
    std::vector<Module> modules;
    if (const auto tree = tree_of(version)) {
      survey_public(served, *tree, modules);
    } else {
      keep_public_records(version);
    }
    for (const Module& module : modules) {
      survey_bytecode(served, module);
    }
    const reference::Reference* last = nullptr;
    os::Text name; // of the last reference: neighbours have the same
    for (const auto& want : plan::private_wants(version, default_version, references_)) {
      name = want.by == last ? name : os::Text(want.by->name);
      last = want.by;
      survey_bytecode(served,
                      {want.file->path, want.file->place, want.file->place, name, plan::none,
                       want.by->kind != reference::Kind::calls, want.file->level});
    }
  }

  void survey_public(const Served& served, const std::string& tree, std::vector<Module>& modules) {
    const Version version = served.record.version;
    auto wants = plan::public_wants(version, ground_.interpreters.default_version, references_,
                                    read_contested(version));
    inventory_.conflicts.insert(inventory_.conflicts.end(), wants.conflicts.begin(),
                                wants.conflicts.end());
    for (const plan::PublicWant& want : wants.files) {
      survey_link(served, tree, want, modules);
    }
    const auto lines = path_lines(version);
    if (version.major < 3) {
      survey_markers(version, tree, wants.files, lines, modules);
    }
    if (!wants.files.empty()) {
      survey_path_file(version, lines);
    }
  }

  /// The tree may be an administrator's link to elsewhere: it is taken as it is.
  std::optional<std::string> tree_of(Version version) {
    const std::string name = tree_name(version);
    const auto place = place_of(root_, name);
    const auto info = root_.info(name);
    if (!place || (info && info->type != os::FileType::directory)) {
      inventory_.warnings.push_back((place ? name + ": not a directory" : place.error().message) +
                                    "; the modules of " + version.name() +
                                    " are left as they were");
      return std::nullopt;
    }
    if (const auto link = root_.link_info(name); link && link->type == os::FileType::symlink) {
      inventory_.warnings.push_back(name + ": is a symbolic link to " + *place +
                                    ", taken as it is");
    }
    return *place;
  }

  /// The tree of VERSION is not looked at, so nothing in it may count as unwanted.
  void keep_public_records(Version version) {
    for (const state::File& file : ground_.snapshot.files) {
      const auto kind = reference::kind_of(file.reference.str());
      if (file.version == version && !call::is_call_name(file.reference.str()) &&
          (!kind || is_public(*kind))) {
        wanted_.insert(file.path);
      }
    }
  }

  plan::Contents read_contested(Version version) {
    plan::Contents contents;
    for (const auto& source :
         plan::contested(version, ground_.interpreters.default_version, references_)) {
      if (const auto file = root_.read(source.str(), bytecode::module_size_limit)) {
        const auto digest = state::digest_of(file->bytes);
        contents[source] = {fmt::format("{:016x}{:016x}", digest.high, digest.low),
                            file->bytes.empty()};
      }
    }
    return contents;
  }

  /// The directories that clients' .pth files put on sys.path.
  std::vector<std::string> path_lines(Version version) const {
    std::vector<std::string> lines;
    for (const auto& reference : references_) {
      if (!is_public(reference.kind) ||
          !reference.versions.contains(version, ground_.interpreters.default_version)) {
        continue;
      }
      for (const auto& line : reference.path_lines) {
        if (!line.only || *line.only == version) {
          std::string path =
              line.text.starts_with('/') ? line.text : tree_name(version) + '/' + line.text;
          if (std::find(lines.begin(), lines.end(), path) == lines.end()) {
            lines.push_back(std::move(path));
          }
        }
      }
    }
    return lines;
  }

  // ---- what is there --------------------------------------------------------------------------

  [[nodiscard]] const state::File* record_of(os::Text path) const {
    return path.id() < records_.size() ? records_[path.id()] : nullptr;
  }

  /// Entries that cannot be looked at (ESTALE, EIO) are reported and left; the rest is done.
  std::optional<Seen> seen(os::Text path) {
    const state::File* const record = record_of(path);
    if (record != nullptr && ground_.ahead != nullptr) {
      if (auto before = ground_.ahead->at(*record, ground_.snapshot.files)) {
        return before;
      }
    }
    auto entry = look(ground_.stats.directories(), path);
    if (!entry) {
      inventory_.warnings.push_back(entry.error().message + "; left as it was");
      return std::nullopt;
    }
    return std::move(*entry);
  }

  plan::Fact& add(plan::Kind kind, Version version, os::Text path, os::Text reference,
                  os::Text target) {
    plan::Fact fact;
    fact.kind = kind;
    fact.version = version;
    fact.path = path;
    fact.reference = reference;
    fact.target = target;
    Detail detail;
    detail.record = record_of(fact.path);
    fact.recorded = detail.record != nullptr;
    inventory_.facts.push_back(std::move(fact));
    inventory_.details.push_back(std::move(detail));
    return inventory_.facts.back();
  }

  static bool as_recorded(const Seen& entry, const state::File* record) {
    return record != nullptr && record->error.empty() && entry.mtime_ns == record->mtime_ns &&
           entry.size == record->size;
  }

  /// Whose the entry at the fact's path is, given whether it looks like one of ours.
  void set_present(plan::Fact& fact, const Seen& entry, bool looks_ours) {
    if (!entry.exists) {
      fact.present = plan::Present::nothing;
      return;
    }
    if (as_recorded(entry, record_of(fact.path))) {
      fact.present = plan::Present::ours;
      return;
    }
    fact.owner = ownership_.owner(fact.path.str());
    if (!fact.owner.empty()) {
      fact.present = plan::Present::packaged;
    } else {
      fact.present = looks_ours || unfinished_.contains(fact.path) ? plan::Present::ours
                                                                   : plan::Present::other;
    }
  }

  static bool is_in(const std::set<std::string>& names, os::Text name) {
    return !names.empty() && names.contains(name);
  }

  static bool forced_by(const Request& request, bool is_private) {
    return request.force_all || (request.force_private && is_private);
  }

  void survey_link(const Served& served, const std::string& tree, const plan::PublicWant& want,
                   std::vector<Module>& modules) {
    const Version version = served.record.version;
    const os::Text relative = want.file->relative;
    const os::Text path = tree + "/" + relative;
    wanted_.insert(path);
    plan::Index index = plan::none;
    if (in_scope(version, want.by->name, path)) {
      const auto entry = seen(path);
      if (!entry) {
        return;
      }
      plan::Fact& fact = add(plan::Kind::link, version, path, want.by->name, want.file->source);
      fact.wanted = true;
      fact.forced = forced_by(request_, false);
      const bool is_link = entry->type == os::FileType::symlink;
      fact.right = is_link && entry->link_text == want.file->source;
      // A directory is emptied by removals first, or the link cannot be made and that is reported.
      if (entry->type != os::FileType::directory) {
        set_present(fact, *entry, is_link && (fact.recorded || is_module_source(entry->link_text)));
      }
      renew_row(fact, *entry);
      index = is_settled(fact, fact.right) ? drop_last() : last();
    }
    if (relative.ends_with(".py")) {
      modules.push_back({tree_name(version) + "/" + relative, path, want.file->source,
                         want.by->name, index, false});
    }
  }

  /// Whether there is nothing to be said of the fact, which is the last.
  [[nodiscard]] bool is_settled(const plan::Fact& fact, bool right) const {
    return ground_.changes_only && right && fact.recorded && !fact.forced &&
           fact.present == plan::Present::ours && !inventory_.details.back().renewed;
  }

  [[nodiscard]] plan::Index last() const {
    return static_cast<plan::Index>(inventory_.facts.size() - 1);
  }

  plan::Index drop_last() {
    inventory_.facts.pop_back();
    inventory_.details.pop_back();
    return plan::none;
  }

  /// A link or file that is right has its row renewed where the row says otherwise.
  void renew_row(plan::Fact& fact, const Seen& entry) {
    if (!fact.right || fact.present != plan::Present::ours) {
      return;
    }
    state::File row;
    row.path = fact.path;
    row.kind = fact.kind == plan::Kind::link   ? state::FileKind::link
               : fact.kind == plan::Kind::init ? state::FileKind::init
                                               : state::FileKind::path_file;
    row.version = fact.version;
    row.source = fact.kind == plan::Kind::link ? fact.target : os::Text();
    row.reference = fact.reference;
    row.size = entry.size;
    row.mtime_ns = entry.mtime_ns;
    row.digest = state::digest_of(fact.target.str());
    Detail& detail = inventory_.details.back();
    if (detail.record == nullptr || *detail.record != row) {
      fact.recorded = false;
      detail.renewed = std::make_unique<state::File>(std::move(row));
    }
  }

  /// A marker is nobody's own: it is for every reference that has files below its directory.
  [[nodiscard]] bool is_marker_in_scope(Version version, const std::string& relative, os::Text path,
                                        const std::vector<plan::PublicWant>& files) const {
    const std::string below = std::string(os::parent_of(relative)) + '/';
    return std::any_of(files.begin(), files.end(), [&](const plan::PublicWant& want) {
      return want.file->relative.starts_with(below) && in_scope(version, want.by->name, path);
    });
  }

  void survey_markers(Version version, const std::string& tree,
                      const std::vector<plan::PublicWant>& files,
                      const std::vector<std::string>& lines, std::vector<Module>& modules) {
    std::set<std::string> exempt;
    const std::string below = tree_name(version) + '/';
    for (const std::string& line : lines) {
      if (line.starts_with(below)) {
        exempt.insert(line.substr(below.size()));
      }
    }
    for (const auto& reference : references_) {
      if (reference.versions.contains(version, ground_.interpreters.default_version)) {
        exempt.insert(reference.noinit.begin(), reference.noinit.end());
      }
    }
    for (const std::string& relative : plan::package_markers(files, exempt)) {
      const os::Text path = fmt::format("{}/{}", tree, relative);
      wanted_.insert(path);
      plan::Index index = plan::none;
      if (is_marker_in_scope(version, relative, path, files)) {
        const auto entry = seen(path);
        if (!entry) {
          continue;
        }
        plan::Fact& fact = add(plan::Kind::init, version, path, "", "");
        fact.wanted = true;
        fact.forced = forced_by(request_, false);
        const bool is_empty = entry->type == os::FileType::regular && entry->size == 0;
        set_present(fact, *entry,
                    (is_empty && (fact.recorded || ground_.without_state)) ||
                        (entry->type == os::FileType::symlink && fact.recorded));
        // Whatever else is there marks the package just as well.
        fact.right = entry->type == os::FileType::regular;
        renew_row(fact, *entry);
        index = last();
      }
      modules.push_back({tree_name(version) + '/' + relative, path, path, "", index, false});
    }
  }

  void survey_path_file(Version version, const std::vector<std::string>& lines) {
    const auto path = place_of(root_, path_file_name(version));
    if (!path) {
      inventory_.warnings.push_back(path.error().message + "; " + version.name() +
                                    " does not see the modules in " + tree_name(version));
      return;
    }
    wanted_.insert(*path);
    if (request_.scope == Scope::interpreters && !whole(version)) {
      return;
    }
    std::string content = tree_name(version) + '\n';
    for (const std::string& line : lines) {
      content += line;
      content += '\n';
    }
    const auto entry = seen(*path);
    if (!entry) {
      return;
    }
    plan::Fact& fact = add(plan::Kind::path_file, version, *path, "", std::move(content));
    fact.wanted = true;
    fact.forced = forced_by(request_, false);
    set_present(fact, *entry, true);
    if (entry->type == os::FileType::regular) {
      const auto there = root_.read(*path, 1 << 20);
      fact.right = there && fact.target == there->bytes;
    }
    renew_row(fact, *entry);
  }

  void survey_bytecode(const Served& served, const Module& module) {
    if (!module.place.ends_with(".py") || is_excepted(served.record.version, module)) {
      return;
    }
    for (const std::uint8_t level : levels_for(module)) {
      survey_bytecode(served, module, level);
    }
  }

  [[nodiscard]] bool is_excepted(Version version, const Module& module) const {
    return !exceptions_.empty() && (exceptions_.excludes(version, module.name.str()) ||
                                    exceptions_.excludes(version, module.read_from.str()));
  }

  /// A call asks for a level of its own, and gets those that are configured besides.
  [[nodiscard]] const std::vector<std::uint8_t>& levels_for(const Module& module) {
    if (!module.is_of_call()) {
      return levels_;
    }
    std::vector<std::uint8_t>& levels = levels_of_call_[*module.level];
    if (levels.empty()) {
      std::set<std::uint8_t> all = request_.config.levels.value_or(std::set<std::uint8_t>{});
      all.insert(*module.level);
      levels.assign(all.rbegin(), all.rend());
    }
    return levels;
  }

  /// As of bytecode::cache_path(). Modules come by directory, so the last place mostly serves.
  os::Text bytecode_path(const state::Interpreter& interpreter, os::Text source,
                         std::uint8_t level) {
    const Version version = interpreter.version;
    const std::string& tag = interpreter.cache_tag;
    if (source.folder().data() == last_folder_ && version == last_version_) {
      return last_bytecode_.with_name(bytecode::cache_name(version, tag, source.name(), level));
    }
    last_folder_ = source.folder().data();
    last_version_ = version;
    last_bytecode_ = bytecode::cache_path(version, tag, source.str(), level);
    return last_bytecode_;
  }

  void survey_bytecode(const Served& served, const Module& module, std::uint8_t level) {
    const Version version = served.record.version;
    const os::Text path = bytecode_path(served.record, module.place, level);
    // Python 2.7 has one name for levels 1 and 2; the higher one, which comes first, has it.
    if (!wanted_.insert(path) || !in_scope(version, module.reference, path, module.is_private)) {
      return;
    }
    const auto entry = seen(path);
    if (!entry) {
      return;
    }
    const auto source = ground_.stats.of(module.read_from);
    if (!source && module.is_of_call()) {
      wanted_.erase(path); // dpkg lists what somebody may have excluded or deleted
      return;
    }
    plan::Fact& fact = add(plan::Kind::bytecode, version, path, module.reference, module.name);
    Detail& detail = inventory_.details.back();
    fact.wanted = true;
    fact.forced = forced_by(request_, module.is_private) || is_in(ground_.forced, module.reference);
    fact.level = level;
    fact.link = module.link;
    detail.read_from = module.read_from;
    set_present(fact, *entry, entry->type != os::FileType::directory);
    if (!source) { // a marker that is not made yet, or a source that went meanwhile
      detail.reason = "missing";
      detail.defect = Defect::missing;
      return;
    }
    Evidence evidence;
    evidence.seen = *entry;
    evidence.source = *source;
    // Debian's py3compile may have been there before us.
    evidence.adopt =
        (ground_.without_state || module.is_of_call()) && !unfinished_.contains(fact.path);
    judge_bytecode(served, fact, detail, evidence);
    // A link that is in the way of the plan has a fact of its own, and needs this one beside it.
    if (module.link == plan::none && is_settled(fact, fact.fitness == plan::Fitness::fresh)) {
      ++inventory_.right[version];
      drop_last();
    }
  }

  void judge_bytecode(const Served& served, plan::Fact& fact, Detail& detail, Evidence& evidence) {
    const bool same_kind = detail.record != nullptr && detail.record->level == fact.level &&
                           detail.record->kind == state::FileKind::bytecode;
    evidence.record = same_kind ? detail.record : nullptr;
    evidence.deep = request_.deep;
    evidence.source_in_doubt = is_in(ground_.upgraded, fact.reference);
    LazyFile source(root_, detail.read_from);
    LazyFile file(root_, fact.path);
    auto verdict =
        judge(evidence, {fact.version, served.record.magic, request_.config.mode}, source, file);
    fact.fitness = verdict.fitness;
    fact.source_size = evidence.source.size;
    detail.reason = std::move(verdict.reason);
    detail.defect = verdict.defect;
    if (verdict.record) {
      verdict.record->path = fact.path;
      verdict.record->kind = state::FileKind::bytecode;
      verdict.record->version = fact.version;
      verdict.record->level = fact.level;
      verdict.record->source = fact.target;
      verdict.record->reference = fact.reference;
      detail.renewed = std::make_unique<state::File>(std::move(*verdict.record));
    } else if (fact.fitness == plan::Fitness::fresh && detail.record->reference != fact.reference) {
      fact.fitness = plan::Fitness::unrecorded;
      detail.renewed = std::make_unique<state::File>(*detail.record);
      detail.renewed->reference = fact.reference;
    }
  }

  // ---- what nobody wants ----------------------------------------------------------------------

  static plan::Kind plan_kind(state::FileKind kind) {
    switch (kind) {
    case state::FileKind::link:
      return plan::Kind::link;
    case state::FileKind::init:
      return plan::Kind::init;
    case state::FileKind::path_file:
      return plan::Kind::path_file;
    case state::FileKind::bytecode:
      break;
    }
    return plan::Kind::bytecode;
  }

  void survey_recorded() {
    for (const state::File& file : ground_.snapshot.files) {
      if (!wanted_.contains(file.path) && may_go(file) &&
          in_scope(file.version, file.reference, file.path)) {
        add_unwanted(plan_kind(file.kind), file.version, file.path, file.reference);
      }
    }
  }

  /// What an interpreter that cannot be used now has stays as it is, but for what a package that is
  /// being removed cleans: to remove files no interpreter is needed.
  [[nodiscard]] bool may_go(const state::File& file) const {
    if (!ground_.interpreters.left.contains(file.version)) {
      return true;
    }
    const auto kind = reference::kind_of(file.reference.str());
    return request_.clean && request_.references.contains(file.reference) && kind &&
           !(request_.in_maintainer_script && is_public(*kind));
  }

  void add_unwanted(plan::Kind kind, Version version, os::Text path, os::Text reference) {
    if (!wanted_.insert(path)) {
      return; // wanted after all, or known already
    }
    const auto entry = seen(path);
    if (!entry) {
      return;
    }
    plan::Fact& fact = add(kind, version, path, reference, "");
    const bool bytecode = kind == plan::Kind::bytecode;
    const bool is_link = entry->type == os::FileType::symlink;
    const bool looks_ours = bytecode ? entry->type != os::FileType::directory
                            : kind == plan::Kind::link
                                ? is_link && (fact.recorded || is_module_source(entry->link_text))
                            : kind == plan::Kind::init
                                ? entry->type == os::FileType::regular && entry->size == 0
                                : true;
    set_present(fact, *entry, looks_ours);
    if (fact.present == plan::Present::ours || bytecode) {
      fact.keep = keep_for(fact);
    }
  }

  /// Which directory stays when the removal of the fact's file leaves those below it empty.
  [[nodiscard]] std::string keep_for(const plan::Fact& fact) {
    const std::string place(fact.path.parent());
    const bool cached = os::name_of(place) == "__pycache__";
    std::string source_dir = cached ? std::string(os::parent_of(place)) : place;
    if (const auto above = place_of(root_, trees)) {
      if (fact.path.starts_with(*above + '/')) {
        return *above;
      }
    }
    if (const state::File* record = record_of(fact.path); record != nullptr &&
                                                          fact.kind == plan::Kind::bytecode &&
                                                          root_.info(record->source.str())) {
      return source_dir; // its package is still there, and the directory with it
    }
    return ownership_.kept_directory(fact.path.str());
  }

  /// Bytecode of other levels and versions that interpreters wrote by themselves for a source that
  /// is gone would stay for ever, and keep the directory.
  void find_siblings(Leftovers& leftovers) {
    const std::size_t known = inventory_.facts.size();
    for (std::size_t i = 0; i < known; ++i) {
      const plan::Fact& fact = inventory_.facts[i];
      if (fact.wanted) {
        continue;
      }
      const state::File* const record = record_of(fact.path);
      if (fact.kind == plan::Kind::link || fact.kind == plan::Kind::init) {
        leftovers.note_source(fact.path, fact.version);
      } else if (fact.kind == plan::Kind::bytecode && record != nullptr &&
                 !ground_.stats.of(record->source)) {
        leftovers.note_bytecode(fact.path, fact.version);
      }
    }
    for (auto& [path, version] : leftovers.bytecode()) {
      add_unwanted(plan::Kind::bytecode, version, path, "");
    }
  }

  /// What a pass that crashed may have made before it could record it.
  void find_unfinished() {
    for (const os::Text path : ground_.unfinished) {
      if (!wanted_.contains(path)) {
        const bool bytecode = path.ends_with(".pyc") || path.ends_with(".pyo");
        const auto kind = bytecode                               ? plan::Kind::bytecode
                          : path.ends_with("python-support.pth") ? plan::Kind::path_file
                                                                 : plan::Kind::link;
        const auto entry = seen(path);
        const bool is_init = kind == plan::Kind::link && entry && entry->exists &&
                             entry->type == os::FileType::regular;
        add_unwanted(is_init ? plan::Kind::init : kind, Version{}, path, "");
      }
    }
  }

  /// What is in the trees and nobody wants: a state that was lost knew it, or version 1.0 made it.
  /// What is of others stays, and is named.
  void find_orphans(Leftovers& leftovers) {
    const Orphans orphans = leftovers.orphans();
    const auto add_sources = [&](const Leftovers::Found& found, plan::Kind kind) {
      for (const auto& [path, version] : found) {
        if (!wanted_.contains(path)) {
          leftovers.note_source(path, version);
          add_unwanted(kind, version, path, "");
        }
      }
    };
    add_sources(orphans.links, plan::Kind::link);
    add_sources(orphans.markers, plan::Kind::init);
    for (const auto& [path, version] : orphans.path_files) {
      add_unwanted(plan::Kind::path_file, version, path, "");
    }
    for (const auto& [path, version] : orphans.bytecode) {
      add_unwanted(plan::Kind::bytecode, version, path, "");
    }
    for (const auto& [path, version] : leftovers.bytecode()) {
      add_unwanted(plan::Kind::bytecode, version, path, "");
    }
    for (const std::string& path : orphans.strangers) {
      if (!wanted_.contains(path) && ownership_.owner(path).empty()) {
        inventory_.warnings.push_back(path + ": not made by python-support, left as it is");
      }
    }
  }

  const Ground& ground_;
  const os::Root& root_;
  const Request& request_;
  Ownership ownership_;
  std::vector<std::uint8_t> levels_;                                 ///< the highest first
  std::map<std::uint8_t, std::vector<std::uint8_t>> levels_of_call_; ///< by what it asks for
  reference::Exceptions exceptions_;
  std::vector<reference::Reference> references_;
  std::vector<const state::File*> records_; ///< by the numbers of their paths
  std::optional<std::string> trees_place_;  ///< "" where it cannot be found
  os::TextSet unfinished_;
  const char* last_folder_ = nullptr; ///< of the last source
  Version last_version_;
  os::Text last_bytecode_;
  os::TextSet wanted_; ///< paths that are spoken for
  Inventory inventory_;
};

} // namespace

std::set<std::uint8_t> levels_of(const Config& config, const state::Snapshot& snapshot) {
  if (config.levels) {
    return *config.levels;
  }
  std::set<std::uint8_t> levels;
  os::Text last;
  bool last_is_call = false;
  for (const state::File& file : snapshot.files) {
    if (file.reference != last) {
      last = file.reference;
      last_is_call = call::is_call_name(last.str());
    }
    if (file.kind == state::FileKind::bytecode && !last_is_call) {
      levels.insert(file.level);
    }
  }
  return levels.empty() ? std::set<std::uint8_t>{0} : levels;
}

Inventory take_inventory(const Ground& ground) {
  return Survey(ground).run();
}

} // namespace pysup::pass
