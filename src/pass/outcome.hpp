// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/error.hpp"
#include "plan/plan.hpp"
#include "plan/wants.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysup::pass {

/// What a pass did for one interpreter. Counts are files.
struct VersionReport {
  Version version;
  std::size_t linked = 0; ///< links and markers made
  std::size_t compiled = 0;
  std::size_t restamped = 0; ///< headers rewritten, the code being the same
  std::size_t removed = 0;
  std::size_t up_to_date = 0; ///< bytecode files that were right already
  std::size_t failed = 0;
  std::size_t deferred = 0; ///< left for a later pass to compile
  unsigned workers_started = 0;
  std::string confinement; ///< of those workers
  std::int64_t milliseconds = 0;

  /// Whether anything on disk was changed, or tried to be, for it.
  [[nodiscard]] bool did_something() const {
    return linked + compiled + restamped + removed + failed > 0;
  }
};

/// A module that has no bytecode, or a file that could not be made or removed.
struct Failure {
  Version version;
  std::string path;
  std::string source;
  std::string reference;
  std::string error;   ///< several lines where it is the interpreter's own message
  bool before = false; ///< known from an earlier pass; not tried again, the source being the same
};

/// A reference that is new, gone, or asks for something else than when it was last read.
struct ChangedReference {
  std::string name;
  std::string package; ///< "" where no package is known
  std::string version;
  bool gone = false;
};

/// One line of a plan, for --dry-run and --verbose.
struct PlannedAction {
  plan::Do what = plan::Do::leave;
  plan::Kind kind = plan::Kind::link;
  Version version;
  std::string path;
  std::string target;
  std::string note;
};

/// The result of a pass.
struct Outcome {
  std::vector<VersionReport> versions; ///< sorted; every version served or removed
  std::vector<plan::Conflict> conflicts;
  std::vector<Failure> failures;
  std::vector<std::string> warnings;
  std::vector<ChangedReference> changed;
  std::vector<PlannedAction> planned; ///< of a dry run
  std::optional<Error> fatal;         ///< why the work could not be done, or not to its end
  bool interrupted = false;

  /// 0 done, 1 done but something failed or conflicted, 3 could not be done.
  [[nodiscard]] int exit_status() const;
};

/// Told of a pass as it goes. All functions may be left as they are.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void waiting_for(const std::string& /*holder*/) {}
  virtual void action(const PlannedAction& /*action*/) {}
  /// DONE of TOTAL sources of VERSION are compiled.
  virtual void progress(Version /*version*/, std::size_t /*done*/, std::size_t /*total*/) {}
};

} // namespace pysup::pass
