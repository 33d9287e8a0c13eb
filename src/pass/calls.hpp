// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/call.hpp"
#include "dpkg/database.hpp"
#include "os/stats.hpp"
#include "pass/request.hpp"
#include "pass/served.hpp"
#include "reference/reference.hpp"
#include "state/notes.hpp"
#include "state/store.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pysup::pass {

/// What packages of today's Debian call py3compile for, as references that have no file.
struct Calls {
  /// Notes that were read. To be forgotten once their result is on disk.
  std::vector<state::Note> notes;
  std::vector<reference::Reference> references; ///< sorted by name; Kind::calls
  std::map<std::string, state::Reference> rows; ///< what to record of each, by name
  std::set<std::string> noted;  ///< names of those that notes or the request speak of
  std::set<std::string> forced; ///< those of them that are to be compiled again
  /// Names on record that could not be expanded now: what they have stays.
  std::set<std::string> kept;
  /// Rows that are not in the snapshot any more, because the drop-in is gone or everything is
  /// cleaned: what was made for calls is Debian's py3clean's business then, and stays on disk.
  std::vector<os::Text> forgotten_files;
  std::vector<std::string> forgotten_references;
  std::vector<std::string> warnings;
};

/// Reads the calls that stand by SNAPSHOT, those that notes leave and those of REQUEST, and looks
/// up which modules of which INTERPRETERS they are for, by the rules of py3compile(1):
/// - the package's own modules in public directories (/usr/lib/python3/dist-packages and the like)
///   are for every version in the call's range; below a directory with X.Y in its name, for that;
/// - the package's modules below the places it names are for one version: the default, if it is in
///   the range, else the next higher, else the next lower one;
/// - places without a package are for every version, as public directories are.
/// The calls of a package that is not there any more are dropped. Where the drop-in is not active
/// (any more), only what notes and REQUEST say is done. DATABASE may be null: then nothing is known
/// of packages, and all stays.
Calls read_calls(os::Stats& stats, const Request& request, dpkg::Database* database,
                 state::Snapshot& snapshot, const Interpreters& interpreters);

} // namespace pysup::pass
