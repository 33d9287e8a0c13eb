// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <sstream>
#include <string>

namespace pysup::test {

/// Sends a stream into a text for as long as it lives.
class CapturedStream {
 public:
  explicit CapturedStream(std::ostream& stream)
      : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  CapturedStream(const CapturedStream&) = delete;
  CapturedStream& operator=(const CapturedStream&) = delete;
  ~CapturedStream() { stream_.rdbuf(before_); }

  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

} // namespace pysup::test
