// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace pysup::bytecode {

/// The exception that Python 3 raises for an errno (PEP 3151): "FileNotFoundError" for ENOENT,
/// "OSError" where it has none of its own.
std::string_view exception_of(int code);

/// "FileNotFoundError: [Errno 2] No such file or directory: 'x.py'", as Python 3 ends the traceback
/// of an OSError for the file PATH.
std::string os_error_text(int code, std::string_view path);

/// repr() of the str that Python 3 makes of a file name: bytes that are no UTF-8 become \udcNN.
/// Of characters beyond ASCII all count as printable but the C1 controls.
std::string repr_of_path(std::string_view path);

} // namespace pysup::bytecode
