// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/python_exception.hpp"

#include "bytecode/text_encoding.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

/// Bytes of the UTF-8 sequence that TEXT begins with, 0 where it begins with none. Encoded
/// surrogates are none: os.fsdecode() takes them for single bytes.
std::size_t utf8_length(std::string_view text) {
  if (is_ascii(text.substr(0, 1))) {
    return 1;
  }
  const bool surrogate = text.size() > 1 && text[0] == '\xed' && text[1] >= '\xa0';
  for (std::size_t length = 2; !surrogate && length <= std::min<std::size_t>(text.size(), 4);
       ++length) {
    if (is_utf8_with_surrogates(text.substr(0, length))) {
      return length;
    }
  }
  return 0;
}

/// How repr() shows the one character TEXT between quotes of the kind QUOTE.
std::string shown(std::string_view text, char quote) {
  const auto byte = static_cast<unsigned char>(text[0]);
  switch (text[0]) {
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    break;
  }
  if (text[0] == '\\' || text[0] == quote) {
    return fmt::format("\\{}", text);
  }
  if (byte < 0x20 || byte == 0x7f) {
    return fmt::format("\\x{:02x}", byte);
  }
  if (byte == 0xc2 && static_cast<unsigned char>(text[1]) <= 0xa0) { // C1 and the no-break space
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(text[1]));
  }
  return std::string(text);
}

} // namespace

std::string_view exception_of(int code) {
  switch (code) {
  case EAGAIN:
  case EALREADY:
  case EINPROGRESS:
    return "BlockingIOError";
  case EACCES:
  case EPERM:
    return "PermissionError";
  case ECHILD:
    return "ChildProcessError";
  case ECONNABORTED:
    return "ConnectionAbortedError";
  case ECONNREFUSED:
    return "ConnectionRefusedError";
  case ECONNRESET:
    return "ConnectionResetError";
  case EEXIST:
    return "FileExistsError";
  case EINTR:
    return "InterruptedError";
  case EISDIR:
    return "IsADirectoryError";
  case ENOENT:
    return "FileNotFoundError";
  case ENOTDIR:
    return "NotADirectoryError";
  case EPIPE:
  case ESHUTDOWN:
    return "BrokenPipeError";
  case ESRCH:
    return "ProcessLookupError";
  case ETIMEDOUT:
    return "TimeoutError";
  default:
    return "OSError";
  }
}

std::string os_error_text(int code, std::string_view path) {
  return fmt::format("{}: [Errno {}] {}: {}", exception_of(code), code, std::strerror(code),
                     repr_of_path(path));
}

std::string repr_of_path(std::string_view path) {
  const bool double_quotes = path.find('\'') != path.npos && path.find('"') == path.npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string text(1, quote);
  while (!path.empty()) {
    const std::size_t length = utf8_length(path);
    text += length == 0 ? fmt::format("\\udc{:02x}", static_cast<unsigned char>(path[0]))
                        : shown(path.substr(0, length), quote);
    path.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text + quote;
}

} // namespace pysup::bytecode
