// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/text.hpp"
#include "reference/problem_log.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// A `key=value` line.
struct Header {
  std::string value;
  std::size_t line = 0; ///< from 1
};

/// A path that a line names.
struct ListedPath {
  os::Text path;        ///< absolute, without empty, "." and ".." components
  std::size_t line = 0; ///< from 1
};

/// What a `.public`, `.private` or `.dirs` file says.
struct ListFile {
  std::optional<Header> header;
  std::vector<ListedPath> paths; ///< in the order of their lines; a path listed twice counts once
};

/// Reads the line grammar that `.public`, `.private` and `.dirs` share; KEY is the header that
/// counts, "" for none. Pure: it looks at nothing but BYTES, which may be anything.
///
/// Lines end with LF or CR LF, the last one may end with the file; a UTF-8 byte order mark is
/// skipped. Blanks at both ends of a line do not count, as in python-support 1.0, so a name that
/// ends with a blank cannot be listed, nor one with a line feed; all other bytes stand for
/// themselves. A line is blank, a comment (`#`), a path (begins with `/`) or a header
/// (`[A-Za-z_-]+`, blanks, `=`, value), which may stand anywhere. Of several headers KEY the last
/// counts, and a Problem is noted where they differ; other headers are ignored. Slashes are
/// squeezed, one at the end is dropped. Any other line, and a path with "." or ".." in it, is
/// skipped with a Problem.
ListFile parse_list(std::string_view bytes, std::string_view key, ProblemLog& problems);

} // namespace pysup::reference
