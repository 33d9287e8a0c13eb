// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/pass.hpp"

#include "os/interruption.hpp"
#include "pass/asked.hpp"
#include "pass/base.hpp"
#include "pass/execute.hpp"
#include "pass/inventory.hpp"
#include "pass/lock.hpp"
#include "pass/presence.hpp"
#include "pass/references.hpp"
#include "pass/served.hpp"
#include "state/journal.hpp"
#include "state/store.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

namespace pysup::pass {

namespace {

class Pass {
 public:
  Pass(const os::Root& root, const Request& request, Observer& observer, Packages& packages)
      : root_(root), request_(request), observer_(observer), packages_(packages), writer_(root) {}

  Outcome run() {
    if (const auto worked = work(); !worked) {
      outcome_.fatal = worked.error();
    }
    return std::move(outcome_);
  }

 private:
  Result<void> work() {
    auto base = read_base(root_, request_,
                          request_.dry_run ? state::Store::Access::read_only
                                           : state::Store::Access::read_write,
                          packages_);
    if (!base) {
      return tl::unexpected(std::move(base.error()));
    }
    Base& ground = *base;
    take(outcome_.warnings, ground.warnings);
    if (request_.cleans_everything()) {
      ground.interpreters = {};
      ground.asked = {};
    }
    take(changes_.gone_files, ground.calls.forgotten_files);
    take(changes_.gone_references, ground.calls.forgotten_references);
    add_noted_calls(ground);
    add_references_of_packages(ground);
    take(outcome_.warnings, ground.interpreters.warnings);
    take(outcome_.warnings, ground.asked.warnings);
    note_missing(ground);
    note_changed(ground);
    Inventory inventory =
        take_inventory({ground.stats, ground.recorded.ahead.get(), request_, ground.interpreters,
                        ground.asked.references, ground.recorded.snapshot,
                        ground.recorded.unfinished, ground.recorded.store.is_new(),
                        packages_.database(), upgraded_, ground.calls.forced, true});
    take(outcome_.warnings, inventory.warnings);
    outcome_.conflicts = std::move(inventory.conflicts);
    const plan::Plan plan = plan::make_plan(inventory.facts, {may_compile()});
    report_what_stays(plan, inventory, ground.interpreters);
    if (request_.dry_run) {
      for (const plan::Action& action : plan.actions) {
        outcome_.planned.push_back(describe(action, inventory));
      }
      finish_report();
      return {};
    }
    return carry_out(ground, inventory, plan);
  }

  template <typename Thing>
  static void take(std::vector<Thing>& to, std::vector<Thing>& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
    from.clear();
  }

  /// Whether this pass does what notes say. One that cleans, or runs while other packages are
  /// half-installed, leaves them to the next.
  [[nodiscard]] bool takes_notes() const {
    return !request_.clean && !request_.in_maintainer_script;
  }

  void add_noted_calls(const Base& ground) {
    if (!takes_notes()) {
      return;
    }
    for (const reference::Reference& reference : ground.asked.references) {
      if (ground.calls.noted.contains(reference.name)) {
        request_.references.insert(reference.name);
        request_.scope = std::max(request_.scope, Scope::named);
      }
    }
  }

  void add_references_of_packages(const Base& ground) {
    const auto& there = ground.asked.references;
    for (const state::Reference& row : ground.recorded.snapshot.references) {
      const auto is_row = [&](const auto& reference) {
        return reference.name == row.name;
      };
      if (request_.packages.contains(row.package) &&
          (request_.clean || std::any_of(there.begin(), there.end(), is_row))) {
        request_.references.insert(row.name);
      }
    }
  }

  [[nodiscard]] bool may_compile() const {
    switch (request_.config.compile) {
    case CompileWhen::never:
      return false;
    case CompileWhen::later:
      return !request_.automatic && !request_.in_maintainer_script;
    case CompileWhen::now:
      break;
    }
    return !request_.in_maintainer_script;
  }

  /// References that were named and are not there.
  void note_missing(const Base& ground) {
    for (const std::string& name : request_.references) {
      const auto& references = ground.asked.references;
      const bool there = std::any_of(references.begin(), references.end(),
                                     [&](const auto& one) { return one.name == name; });
      if (there) {
        continue;
      }
      const std::string path = std::string(reference::directory) + '/' + name;
      if (request_.clean) {
        outcome_.warnings.push_back(path + ": no such reference; removing what it had installed");
      } else {
        outcome_.failures.push_back({Version{}, path, "", name,
                                     path + ": no such reference; what it had installed is removed",
                                     false});
      }
    }
  }

  [[nodiscard]] bool looks_at(const std::string& reference) const {
    return request_.scope == Scope::everything || request_.references.contains(reference);
  }

  /// Compares the references with what the state says of them.
  void note_changed(Base& ground) {
    const Ownership ownership(packages_.database());
    std::set<std::string> there;
    for (const reference::Reference& reference : ground.asked.references) {
      there.insert(reference.name);
      if (!looks_at(reference.name) || ground.asked.kept.contains(reference.name)) {
        continue;
      }
      const auto& recorded = ground.recorded.snapshot.references;
      const bool is_call = reference.kind == reference::Kind::calls;
      const auto before = std::lower_bound(
          recorded.begin(), recorded.end(), reference.name,
          [](const state::Reference& row, const std::string& name) { return row.name < name; });
      const bool known = before != recorded.end() && before->name == reference.name;
      state::Reference row;
      row.name = reference.name;
      row.kind = reference::to_text(reference.kind);
      row.asked = is_call ? "" : encode_asked(reference);
      const bool same = known && before->asked == row.asked && before->kind == row.kind;
      if (is_call) {
        row = ground.calls.rows.at(reference.name);
      } else if (same) {
        row = *before;
        refresh_package(row, ownership);
      } else {
        const auto package =
            ownership.package_of(std::string(reference::directory) + '/' + reference.name);
        row.package = package.name;
        row.package_version = package.version;
      }
      if (known && row.package_version != before->package_version) {
        upgraded_.insert(row.name);
      }
      if (!known || row != *before) {
        outcome_.changed.push_back({row.name, row.package, row.package_version, false});
        changes_.references.push_back(std::move(row));
      }
    }
    for (const state::Reference& row : ground.recorded.snapshot.references) {
      if (!there.contains(row.name) && looks_at(row.name)) {
        outcome_.changed.push_back({row.name, row.package, row.package_version, true});
        changes_.gone_references.push_back(row.name);
      }
    }
    if (request_.in_maintainer_script) {
      // The pass at the end compiles what changed, so it must find it changed.
      changes_.references.clear();
      changes_.gone_references.clear();
    }
  }

  /// An upgrade that leaves the reference as it was still has a new version number; and another
  /// package may have taken the file over.
  void refresh_package(state::Reference& row, const Ownership& ownership) {
    if (packages_.database() == nullptr || row.package.empty()) {
      return;
    }
    const std::string path = std::string(reference::directory) + '/' + row.name;
    const auto listed = packages_.database()->lists(row.package, path);
    const auto packages = packages_.database()->packages(row.package);
    if (listed && *listed && !packages.empty()) {
      row.package_version = packages.front().version;
    } else if (const auto owner = ownership.package_of(path); !owner.name.empty()) {
      row.package = owner.name;
      row.package_version = owner.version;
    }
  }

  void report_what_stays(const plan::Plan& plan, const Inventory& inventory,
                         const Interpreters& interpreters) {
    for (const Served& served : interpreters.served) {
      reports_[served.record.version];
    }
    for (const plan::Fact& fact : inventory.facts) {
      reports_[fact.version];
    }
    for (const auto& [version, count] : inventory.right) {
      reports_[version].up_to_date += count;
    }
    for (const std::size_t index : plan.up_to_date) {
      ++reports_[inventory.facts[index].version].up_to_date;
    }
    for (const std::size_t index : plan.deferred) {
      ++reports_[inventory.facts[index].version].deferred;
    }
    for (const std::size_t index : plan.hopeless) {
      const plan::Fact& fact = inventory.facts[index];
      ++reports_[fact.version].failed;
      outcome_.failures.push_back({fact.version, fact.path, fact.target, fact.reference,
                                   inventory.details[index].reason, true});
    }
    reports_.erase(Version{}); // what a crash left behind belongs to no version
  }

  Result<void> carry_out(Base& ground, const Inventory& inventory, const plan::Plan& plan) {
    if (auto begun = begin_journal(ground, inventory, plan); !begun) {
      return begun;
    }
    Work work{root_,   request_,  inventory, plan,     ground.interpreters,
              writer_, observer_, outcome_,  changes_, reports_};
    execute(work);
    note_interpreters(ground);
    auto recorded = record(ground);
    finish_report();
    return recorded;
  }

  /// Writes down what is about to be made. What an earlier pass left unfinished stays in the list
  /// until a pass has seen to it.
  Result<void> begin_journal(const Base& ground, const Inventory& inventory,
                             const plan::Plan& plan) {
    std::vector<os::Text> paths;
    for (const plan::Action& action : plan.actions) {
      if (action.what == plan::Do::make || action.what == plan::Do::compile ||
          action.what == plan::Do::rewrite_header) {
        paths.push_back(inventory.facts[action.fact].path);
      }
    }
    if (paths.empty()) {
      return {};
    }
    changes_.files.reserve(paths.size()); // of each there will be a row
    paths.insert(paths.end(), ground.recorded.unfinished.begin(), ground.recorded.unfinished.end());
    journal_ = true;
    auto begun = state::Journal::begin(root_, paths);
    clear_temporaries(ground.recorded.unfinished);
    return begun;
  }

  void clear_temporaries(const std::vector<os::Text>& unfinished) {
    std::set<std::string> directories;
    for (const os::Text path : unfinished) {
      directories.emplace(path.parent());
    }
    for (const std::string& directory : directories) {
      writer_.clear_temporary(directory);
    }
  }

  void note_interpreters(Base& ground) {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    for (Served& served : ground.interpreters.served) {
      const VersionReport& report = reports_[served.record.version];
      if (report.linked + report.compiled + report.restamped + report.removed > 0) {
        served.record.last_pass = now;
        served.record.last_pass_msec = report.milliseconds;
      }
      if (report.workers_started > 0) {
        served.record.confinement = report.confinement;
      }
      changes_.interpreters.push_back(served.record);
    }
    // Interpreters that were left alone, and those whose files could not all go, stay on record.
    for (const state::Interpreter& row : ground.recorded.snapshot.interpreters) {
      const bool unfinished_removal = ground.interpreters.find(row.version) == nullptr &&
                                      (outcome_.fatal || outcome_.interrupted);
      if (ground.interpreters.left.contains(row.version) || unfinished_removal) {
        changes_.interpreters.push_back(row);
      }
    }
    std::sort(changes_.interpreters.begin(), changes_.interpreters.end(),
              [](const auto& a, const auto& b) { return a.version < b.version; });
  }

  [[nodiscard]] bool nothing_to_record(const Base& ground) const {
    return changes_.files.empty() && changes_.gone_files.empty() && changes_.references.empty() &&
           changes_.gone_references.empty() &&
           changes_.interpreters == ground.recorded.snapshot.interpreters;
  }

  /// First the files, then the state that speaks of them.
  Result<void> record(Base& ground) {
    if (auto synced = writer_.sync(); !synced) {
      return synced;
    }
    if (!nothing_to_record(ground)) {
      if (outcome_.fatal || outcome_.interrupted) {
        // Not all that the references ask for is there, so the next pass must find them changed.
        changes_.references.clear();
        changes_.gone_references.clear();
      }
      if (auto committed = ground.recorded.store.commit(changes_); !committed) {
        return committed;
      }
    }
    // A pass that was stopped leaves the list: the next one looks at everything once more.
    if ((journal_ || !ground.recorded.unfinished.empty()) && !outcome_.fatal &&
        !outcome_.interrupted) {
      clear_temporaries(ground.recorded.unfinished);
      if (auto finished = state::Journal::finish(root_); !finished) {
        return finished;
      }
    }
    if (takes_notes() && !outcome_.fatal && !outcome_.interrupted) {
      return state::forget_notes(root_, ground.calls.notes);
    }
    return {};
  }

  void finish_report() {
    reports_.erase(Version{});
    for (auto& [version, report] : reports_) {
      report.version = version;
      outcome_.versions.push_back(report);
    }
  }

  const os::Root& root_;
  Request request_;
  Observer& observer_;
  Packages& packages_;
  apply::Writer writer_;
  Outcome outcome_;
  state::Changes changes_;
  std::set<std::string> upgraded_; ///< references of packages that have another version now
  std::map<Version, VersionReport> reports_;
  bool journal_ = false;
};

} // namespace

Outcome run(const os::Root& root, const Request& request, Observer& observer) {
  Outcome outcome;
  std::optional<os::Lock> lock;
  if (!request.dry_run) { // which changes nothing, and must work for those who may not write
    auto taken = take_lock(root, request, observer);
    if (!taken) {
      outcome.interrupted = *os::interruption() != 0;
      outcome.fatal = std::move(taken.error());
      return outcome;
    }
    lock = std::move(*taken);
  }
  Packages packages(root);
  return run_locked(root, request, observer, packages);
}

Outcome run_locked(const os::Root& root, const Request& request, Observer& observer,
                   Packages& packages) {
  return Pass(root, request, observer, packages).run();
}

} // namespace pysup::pass
