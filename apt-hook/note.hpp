// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <optional>
#include <set>
#include <string>

namespace pysup::apt_hook {

/// What the hook knows before a transaction and must know after it: APT does not tell the hook that
/// runs at the end what was done, nor with which options. Lies on the machine that APT runs on, as
/// /var/lib/python-support/apt-transaction; where there is none, there is nothing to do.
struct Note {
  std::string transaction;        ///< see this_transaction()
  std::string root = "/";         ///< the directory that dpkg acts on
  unsigned jobs = 0;              ///< worker processes; 0: as configured
  bool debug = false;             ///< tell what is done, on stderr
  bool interpreters = false;      ///< some are to come, go or change
  std::set<std::string> packages; ///< whose private bytecode is removed before dpkg removes them

  bool operator==(const Note&) const = default;
};

/// Which run of APT this is: the process that runs our shell and, where /proc tells, when it began.
std::string this_transaction();

/// Whether TRANSACTION is the run of APT that this process belongs to. At its end APT starts the
/// hook by way of a further process, so any process above this one will do.
bool is_this_transaction(const std::string& transaction);

/// Writes NOTE on MACHINE, the root that APT runs on; it is on disk when this returns.
Result<void> write_note(const os::Root& machine, const Note& note);

/// The note; nullopt where there is none. One that cannot be understood is about everything: the
/// note of another version of this program, or one that something has damaged.
Result<std::optional<Note>> read_note(const os::Root& machine);

/// Removes it; a missing one is no error.
Result<void> remove_note(const os::Root& machine);

} // namespace pysup::apt_hook
