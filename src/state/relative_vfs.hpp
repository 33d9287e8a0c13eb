// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pysup::state {

/// The name of a SQLite VFS that is the default one, except that it leaves file names as they are
/// instead of putting getcwd(3) before them. SQLite then opens the database, its journal and their
/// directory relative to the working directory at that moment, so that nobody who renames or
/// replaces a directory above can lead it elsewhere. nullptr where SQLite has no memory for it.
const char* relative_vfs();

} // namespace pysup::state
