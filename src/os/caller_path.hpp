// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Files by paths as the caller of a program means them: relative to its working directory, links
/// followed, with the rights of its user. Root is for the files of packages.
namespace pysup::os {

/// Reads PATH to its end, whatever it is but a directory: a pipe or a terminal too. More than LIMIT
/// bytes is an error (EFBIG), PATH with a NUL byte another (EINVAL).
Result<FileContent> read_caller_path(const std::string& path, std::uint64_t limit);

/// The first SIZE bytes of the regular file PATH, or what it has.
Result<std::string> read_caller_head(const std::string& path, std::size_t size);

/// Whether both are regular files with the same bytes; false where that cannot be told.
bool same_content(const std::string& path, const std::string& other);

/// stat(2) of PATH.
Result<FileInfo> caller_path_info(const std::string& path);

/// A system call that failed for PATH.
struct PathError {
  std::string path;
  int code = 0; ///< errno
};

/// Makes the directory PATH and what is missing above it, with mode 0777 less the umask. Something
/// at PATH already is no error, whatever it is; as os.makedirs(exist_ok) but for that. Errors name
/// the directory that could not be made.
tl::expected<void, PathError> make_caller_directories(const std::string& path);

/// Opens the directory part of PATH ("." where there is none) to write in it.
Result<Fd> open_caller_parent(const std::string& path);

/// The directory part of PATH as os.path.dirname() gives it: "a/b" of "a/b/c", "" of "c".
std::string_view caller_parent(std::string_view path);

} // namespace pysup::os
