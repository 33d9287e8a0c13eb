// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysup::state {

/// Notes are what others leave for the next pass: files in /var/lib/python-support/notes, named
/// after their content, so that what is noted twice is there once.
struct Note {
  std::string name;
  std::string text;
  os::FileInfo file; ///< of the very file that was read
};

/// Leaves TEXT. It is on disk when this returns, whole or not at all. Takes no lock.
Result<void> write_note(const os::Root& root, std::string_view text);

/// All notes, sorted by name; none where there is no such directory. What cannot be read is a
/// word in WARNINGS and stays.
Result<std::vector<Note>> read_notes(const os::Root& root, std::vector<std::string>& warnings);

/// Removes NOTES, but not one that was written again since it was read.
Result<void> forget_notes(const os::Root& root, const std::vector<Note>& notes);

} // namespace pysup::state
