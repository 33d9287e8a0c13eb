// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/check.hpp"

#include "pass/execute.hpp"
#include "pass/lock.hpp"
#include "pass/look.hpp"
#include "pass/pass.hpp"
#include "pass/standard_library.hpp"
#include "pass/tree.hpp"

#include <algorithm>
#include <unordered_set>

namespace pysup::pass {

namespace {

/// What a check looked at.
struct Looked {
  Look modules;
  Inventory library;
};

Result<Looked> look_at_everything(const os::Root& root, const Request& request,
                                  Packages& packages) {
  auto look = look_at(root, request, packages);
  if (!look) {
    return tl::unexpected(std::move(look.error()));
  }
  Looked looked{std::move(*look), {}};
  for (const Served& served : looked.modules.base.interpreters.served) {
    survey_standard_library(root, served, looked.library);
  }
  return looked;
}

Defect defect_of(const plan::Fact& fact, const Detail& detail) {
  if (!fact.wanted) {
    return fact.present == plan::Present::nothing ? Defect::none : Defect::stray;
  }
  if (fact.kind == plan::Kind::bytecode) {
    return detail.defect;
  }
  if (fact.right) {
    return Defect::none;
  }
  return fact.present == plan::Present::nothing ? Defect::missing : Defect::invalid;
}

std::string detail_of(const plan::Fact& fact, const Detail& detail, Defect defect) {
  if (!detail.reason.empty()) {
    return detail.reason;
  }
  if (fact.present == plan::Present::packaged) {
    return "belongs to package " + fact.owner;
  }
  if (defect == Defect::invalid && fact.kind == plan::Kind::link) {
    return "is not the link to " + fact.target;
  }
  return defect == Defect::stray ? "no reference wants it" : "";
}

void find_in(const Inventory& inventory, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < inventory.facts.size(); ++i) {
    const plan::Fact& fact = inventory.facts[i];
    const Detail& detail = inventory.details[i];
    const Defect defect = detail.defect == Defect::stray ? Defect::stray : defect_of(fact, detail);
    if (defect != Defect::none) {
      findings.push_back({defect, fact.version, fact.path, detail_of(fact, detail, defect)});
    }
  }
}

/// Files in the trees that no fact speaks of: nobody made them through a pass.
class Strays {
 public:
  Strays(const os::Root& root, const Inventory& inventory, std::vector<Finding>& findings)
      : root_(root), findings_(findings) {
    for (const plan::Fact& fact : inventory.facts) {
      known_.insert(fact.path);
    }
  }

  void walk(const std::string& directory, Version version, int depth = 0) {
    constexpr int deepest = 64;
    const auto entries = root_.list(directory);
    if (!entries || depth > deepest) {
      return;
    }
    for (const os::DirEntry& entry : *entries) {
      const std::string path = directory + '/' + entry.name;
      if (entry.type == os::FileType::directory) {
        walk(path, version, depth + 1);
      } else if (!known_.contains(path)) {
        findings_.push_back({Defect::stray, version, path, "not made by a pass"});
      }
    }
  }

 private:
  const os::Root& root_;
  std::vector<Finding>& findings_;
  std::unordered_set<std::string> known_;
};

std::vector<Finding> findings_of(const os::Root& root, const Looked& looked) {
  std::vector<Finding> findings;
  find_in(looked.modules.inventory, findings);
  Strays strays(root, looked.modules.inventory, findings);
  for (const Served& served : looked.modules.base.interpreters.served) {
    if (const auto place = place_of(root, tree_name(served.record.version))) {
      strays.walk(*place, served.record.version);
    }
  }
  find_in(looked.library, findings);
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return a.path < b.path; });
  return findings;
}

/// Bytecode that does not load keeps an interpreter from starting, which is what compiles it again.
/// Without it the interpreter goes by the source.
void remove_invalid(apply::Writer& writer, const Inventory& library) {
  for (std::size_t i = 0; i < library.facts.size(); ++i) {
    const plan::Fact& fact = library.facts[i];
    if (library.details[i].defect == Defect::invalid && fact.present == plan::Present::ours) {
      // One that stays is found again by the check after the repair.
      static_cast<void>(writer.remove(fact.path, std::string(fact.path.parent())));
    }
  }
}

/// The standard library is compiled as a pass compiles, but is not recorded: its packages own it.
void repair_library(const os::Root& root, const Request& request, Looked& looked,
                    const Ownership& ownership, Observer& observer, CheckReport& report) {
  for (plan::Fact& fact : looked.library.facts) {
    if (fact.wanted && fact.fitness != plan::Fitness::unrecorded) {
      fact.owner = ownership.owner(fact.path.str());
      fact.present = fact.owner.empty() ? fact.present : plan::Present::packaged;
    }
  }
  const plan::Plan plan = plan::make_plan(looked.library.facts, {true});
  apply::Writer writer(root);
  remove_invalid(writer, looked.library);
  Outcome outcome;
  state::Changes not_recorded;
  std::map<Version, VersionReport> reports;
  Work work{root,   request,  looked.library, plan,         looked.modules.base.interpreters,
            writer, observer, outcome,        not_recorded, reports};
  execute(work);
  if (const auto synced = writer.sync(); !synced) {
    report.fatal = synced.error();
  }
  report.failures.insert(report.failures.end(), outcome.failures.begin(), outcome.failures.end());
  if (outcome.fatal) {
    report.fatal = outcome.fatal;
  }
}

/// Bytecode in the trees without a source is nobody's work but an interpreter's or an old pass's.
void remove_stray_bytecode(const os::Root& root, const Ownership& ownership,
                           const std::vector<Finding>& findings) {
  const auto above = place_of(root, trees);
  apply::Writer writer(root);
  for (const Finding& finding : findings) {
    const bool bytecode = finding.path.ends_with(".pyc") || finding.path.ends_with(".pyo");
    if (finding.defect == Defect::stray && bytecode && above &&
        finding.path.starts_with(*above + '/') && ownership.owner(finding.path).empty()) {
      static_cast<void>(writer.remove(finding.path, *above));
    }
  }
}

} // namespace

std::string_view to_text(Defect defect) {
  switch (defect) {
  case Defect::none:
    return "none";
  case Defect::missing:
    return "missing";
  case Defect::invalid:
    return "invalid";
  case Defect::stale:
    return "stale";
  case Defect::stray:
    return "stray";
  }
  return "";
}

CheckReport check(const os::Root& root, const Request& request, bool repair, Observer& observer) {
  CheckReport report;
  std::optional<os::Lock> lock;
  if (repair) {
    auto taken = take_lock(root, request, observer);
    if (!taken) {
      report.fatal = std::move(taken.error());
      return report;
    }
    lock = std::move(*taken);
  }
  Packages packages(root);
  auto looked = look_at_everything(root, request, packages);
  if (!looked) {
    report.fatal = looked.error();
    return report;
  }
  report.findings = findings_of(root, *looked);
  report.checked = looked->modules.inventory.facts.size() + looked->library.facts.size();
  report.warnings = looked->modules.base.warnings;
  report.warnings.insert(report.warnings.end(), looked->modules.base.interpreters.warnings.begin(),
                         looked->modules.base.interpreters.warnings.end());
  if (!repair || report.findings.empty()) {
    return report;
  }
  const std::vector<Finding> before = report.findings;
  const Ownership ownership(packages.database());
  repair_library(root, request, *looked, ownership, observer, report);
  remove_stray_bytecode(root, ownership, before);
  const Outcome outcome = run_locked(root, request, observer, packages);
  report.failures.insert(report.failures.end(), outcome.failures.begin(), outcome.failures.end());
  report.fatal = report.fatal ? report.fatal : outcome.fatal;
  auto again = look_at_everything(root, request, packages);
  if (!again) {
    report.fatal = again.error();
    return report;
  }
  report.findings = findings_of(root, *again);
  std::copy_if(before.begin(), before.end(), std::back_inserter(report.repaired),
               [&](const Finding& finding) {
                 return std::none_of(
                     report.findings.begin(), report.findings.end(),
                     [&](const Finding& left) { return left.path == finding.path; });
               });
  return report;
}

} // namespace pysup::pass
