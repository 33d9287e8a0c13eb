// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pysup::os {

/// The name under which a file is written beside its place before it is renamed to it. One name is
/// enough, because only the holder of the lock writes; and a known name is found after a crash.
inline constexpr const char* temporary_name = ".python-support.new";

/// Puts BYTES under NAME in the directory DIR: written beside and renamed, so that nobody ever
/// sees a part of it, whatever was there before. MODE is the exact permission bits, MTIME (seconds
/// since the epoch) the time it says it was modified, where not now. Not synced.
/// Returns what fstat(2) says of the new file. On error nothing of it is left and what was under
/// NAME is untouched; NAME being a directory is an error.
Result<FileInfo> replace_file(int dir, const std::string& name, std::string_view bytes,
                              unsigned mode, std::optional<std::int64_t> mtime = std::nullopt);

/// The same for a symbolic link to TARGET.
Result<FileInfo> replace_link(int dir, const std::string& name, const std::string& target);

enum class Sync : bool { no, yes };

/// As replace_file(), for who writes without the lock: under a temporary name that nobody else has,
/// and with the permission bits MODE less the umask. What a crash leaves is not found again. With
/// SYNC the bytes are on disk before the file has its name; the name itself is DIR's to sync.
Result<FileInfo> replace_file_unlocked(int dir, const std::string& name, std::string_view bytes,
                                       unsigned mode, Sync sync = Sync::no);

/// Makes NAME another name of the file EXISTING in the same directory, over what is there, likewise
/// at one stroke and without the lock. Errors leave everything as it was: EPERM or EMLINK where
/// the file system gives a file no further name.
Result<void> replace_by_hard_link(int dir, const std::string& existing, const std::string& name);

/// Removes what an interrupted replace left in DIR, if anything.
void remove_temporary(int dir);

} // namespace pysup::os
