// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace pysup::bench {

/// A root directory below $TMPDIR (or /tmp), gone with the object.
class ScratchRoot {
 public:
  ScratchRoot();
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;
  ~ScratchRoot();

  [[nodiscard]] const std::string& dir() const { return dir_; }
  /// The host's path of PATH, which is absolute as seen inside.
  [[nodiscard]] std::string host(std::string_view path) const { return dir_ + std::string(path); }

  void directory(std::string_view path) const;
  /// The file's directory must be there.
  void file(std::string_view path, std::string_view bytes) const;
  void remove(std::string_view path) const;

 private:
  std::string dir_;
};

} // namespace pysup::bench
