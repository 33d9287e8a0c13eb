// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/explain.hpp"

#include "pass/look.hpp"
#include "pass/presence.hpp"
#include "pass/tree.hpp"
#include "reference/bcep.hpp"
#include "reference/store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pysup::pass {

namespace {

std::string_view to_text(plan::Kind kind) {
  switch (kind) {
  case plan::Kind::link:
    return "link";
  case plan::Kind::init:
    return "package marker for Python 2";
  case plan::Kind::path_file:
    return "path file";
  case plan::Kind::bytecode:
    break;
  }
  return "bytecode";
}

std::string_view to_text(plan::Fitness fitness) {
  switch (fitness) {
  case plan::Fitness::fresh:
  case plan::Fitness::unrecorded:
    return "fresh";
  case plan::Fitness::header_only:
    return "stale, only its header has to be rewritten";
  case plan::Fitness::stale:
  case plan::Fitness::stale_unchecked:
    return "stale";
  case plan::Fitness::hopeless:
    return "failed";
  }
  return "";
}

class Explainer {
 public:
  Explainer(const os::Root& root, const Base& base, const Inventory& inventory,
            dpkg::Database* packages, std::string path)
      : root_(root), base_(base), packages_(packages), inventory_(inventory),
        path_(std::move(path)), place_(place_of(root, path_).value_or(path_)) {}

  Explanation run() {
    explain_reference();
    explain_wishes();
    explain_facts();
    explain_conflicts();
    if (!explanation_.known) {
      say(path_ + ": no reference asks for it, and no pass made it");
      explanation_.known = false;
    }
    return std::move(explanation_);
  }

 private:
  void say(std::string line) {
    explanation_.known = true;
    explanation_.lines.push_back(std::move(line));
  }

  std::string package_of(const std::string& reference) {
    const auto package =
        Ownership(packages_).package_of(std::string(reference::directory) + '/' + reference);
    return package.name.empty() ? "no package" : package.name + ' ' + package.version;
  }

  std::string named(const std::string& reference) {
    return fmt::format("{} ({})", reference, package_of(reference));
  }

  std::string why_private(const reference::Reference& reference) {
    if (reference.kind != reference::Kind::calls) {
      return "a private module, asked for by " + named(reference.name);
    }
    const auto row = base_.calls.rows.find(reference.name);
    return row == base_.calls.rows.end()
               ? "compiled because of " + reference.name
               : fmt::format("a module for which {} {} calls py3compile", row->second.package,
                             row->second.package_version);
  }

  void explain_reference() {
    const auto name = reference::name_from_argument(path_);
    if (!name) {
      return;
    }
    for (const auto& reference : base_.asked.references) {
      if (reference.name == *name) {
        say(fmt::format("{}: {} reference of {}, for {}, {} public and {} private files",
                        reference.name, reference::to_text(reference.kind),
                        package_of(reference.name), reference.versions.text(),
                        reference.public_files.size(), reference.private_files.size()));
      }
    }
    for (const std::string& warning : base_.asked.warnings) {
      if (warning.find('/' + *name + ':') != std::string::npos) {
        say(warning);
      }
    }
  }

  /// What each interpreter does with a source or link that a reference lists.
  void explain_wishes() {
    for (const auto& reference : base_.asked.references) {
      for (const auto& file : reference.public_files) {
        if (file.source == path_) {
          say(fmt::format("{}: a public module, asked for by {}", path_, named(reference.name)));
          explain_versions(reference, file);
        }
      }
      for (const auto& file : reference.private_files) {
        if (file.path == path_ || file.place == place_) {
          say(fmt::format("{}: {}, for {}", path_, why_private(reference),
                          file.version ? file.version->name() : "the default version"));
        }
      }
    }
  }

  void explain_versions(const reference::Reference& reference, const reference::PublicFile& file) {
    for (const Served& served : base_.interpreters.served) {
      const Version version = served.record.version;
      if (!reference.versions.contains(version, base_.interpreters.default_version)) {
        say(fmt::format("{}: not wanted: the reference is for {}", version.name(),
                        reference.versions.text()));
      } else if (file.only && *file.only != version) {
        say(fmt::format("{}: not wanted: the file is for {} only", version.name(),
                        file.only->name()));
      }
    }
    for (const Version version : base_.interpreters.left) {
      say(version.name() + ": is there but cannot be used now; what it has stays as it is");
    }
  }

  void explain_facts() {
    for (std::size_t i = 0; i < inventory_.facts.size(); ++i) {
      const plan::Fact& fact = inventory_.facts[i];
      const Detail& detail = inventory_.details[i];
      const bool meant = fact.path == place_ || fact.path == path_ || fact.target == path_ ||
                         (!detail.read_from.empty() && detail.read_from == place_) ||
                         is_link_of(fact);
      if (meant) {
        explain_fact(fact, detail);
      }
    }
  }

  /// place_ has links resolved, so a module's link is recognized by its directory and name.
  [[nodiscard]] bool is_link_of(const plan::Fact& fact) const {
    const auto directory = place_of(root_, std::string(os::parent_of(path_)));
    return directory && fact.path == *directory + '/' + std::string(os::name_of(path_));
  }

  void explain_fact(const plan::Fact& fact, const Detail& detail) {
    std::string line =
        fmt::format("{}: {}: {}", fact.version.name(), to_text(fact.kind), fact.path);
    if (fact.present == plan::Present::packaged) {
      line += ", belongs to package " + fact.owner + ", left as it is";
    } else if (fact.present == plan::Present::other) {
      line += ", not made by a pass, left as it is";
    } else if (!fact.wanted) {
      line += ", no longer wanted; the next pass removes it";
    } else if (fact.kind == plan::Kind::bytecode) {
      line += fmt::format(", {}", to_text(fact.fitness));
    } else {
      line += fact.right ? ", in place" : ", missing; the next pass makes it";
    }
    if (!fact.reference.empty()) {
      line += ", for " + named(fact.reference);
    }
    say(std::move(line));
    const bool failed = detail.record != nullptr && !detail.record->error.empty();
    if (failed) {
      say("last error: " + detail.record->error);
    } else if (!detail.reason.empty()) {
      say("reason: " + detail.reason);
    }
  }

  void explain_conflicts() {
    for (const plan::Conflict& conflict : inventory_.conflicts) {
      const std::string path = tree_name(conflict.version) + '/' + conflict.relative;
      const bool meant = path == path_ || is_source_of(conflict);
      if (meant) {
        say(fmt::format("{}: {}: {} wins over {}", conflict.version.name(), path,
                        named(conflict.winner), named(conflict.loser)));
      }
    }
  }

  [[nodiscard]] bool is_source_of(const plan::Conflict& conflict) const {
    return std::any_of(
        base_.asked.references.begin(), base_.asked.references.end(), [&](const auto& reference) {
          return (reference.name == conflict.winner || reference.name == conflict.loser) &&
                 std::any_of(reference.public_files.begin(), reference.public_files.end(),
                             [&](const auto& file) {
                               return file.source == path_ && file.relative == conflict.relative;
                             });
        });
  }

  const os::Root& root_;
  const Base& base_;
  dpkg::Database* packages_;
  const Inventory& inventory_;
  std::string path_;
  std::string place_; ///< path_ without links
  Explanation explanation_;
};

} // namespace

Result<Explanation> explain(const os::Root& root, const Request& request, const std::string& path) {
  Packages packages(root);
  auto look = look_at(root, request, packages);
  if (!look) {
    return tl::unexpected(std::move(look.error()));
  }
  return Explainer(root, look->base, look->inventory, packages.database(), path).run();
}

} // namespace pysup::pass
