// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/text.hpp"
#include "state/digest.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysup::state {

/// An interpreter that the last pass served.
struct Interpreter {
  Version version;
  std::string path;
  std::uint64_t file_size = 0; ///< these two tell whether the program was replaced since
  std::int64_t file_mtime_ns = 0;
  std::uint32_t magic = 0;
  std::string cache_tag;
  bool is_default = false;
  std::string confinement;         ///< which layers held in its last worker, as text
  std::int64_t last_pass = 0;      ///< when something was last done for it, seconds since the epoch
  std::int64_t last_pass_msec = 0; ///< how long that took

  bool operator==(const Interpreter&) const = default;
};

/// A reference when it was last read.
struct Reference {
  std::string name;
  std::string kind;    ///< "public", "private", "dirs", "tree"
  std::string package; ///< whose it was then; "" where dpkg knew none
  std::string package_version;
  std::string asked; ///< what it asked for, in the form of pass/asked.hpp

  bool operator==(const Reference&) const = default;
};

enum class FileKind : std::uint8_t {
  link = 1,      ///< /usr/lib/pymodules/pythonX.Y/REL
  init = 2,      ///< an empty __init__.py made for Python 2
  path_file = 3, ///< a python-support.pth
  bytecode = 4,
};

/// A file that a pass made, or (with `error`) could not make. Identified by `path`. The largest
/// members first: there are many.
struct File {
  os::Text path;
  os::Text source;    ///< link: its text. bytecode: the source as recorded in the code object
  os::Text reference; ///< the name of the reference that wants it
  os::Text error;     ///< the last error's message; then there is no file

  /// What was written, to tell later whether it is still that.
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0; ///< of the file or link itself
  Digest digest;             ///< bytecode: of what follows the header; other kinds: of the content

  /// Bytecode only: what it was compiled from.
  std::uint64_t source_size = 0;
  std::int64_t source_mtime_ns = 0;
  Digest source_digest;

  std::uint32_t magic = 0; ///< bytecode only, as the following two
  std::uint8_t level = 0;
  std::uint8_t mode = 0; ///< bytecode::InvalidationMode as a number
  Version version;
  FileKind kind = FileKind::link;
  bool error_stays = false; ///< the source itself is at fault: not tried again while unchanged

  bool operator==(const File&) const = default;
};
static_assert(sizeof(File) <= 112);

} // namespace pysup::state
