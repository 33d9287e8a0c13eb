// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::os {

/// Bytes that are kept once in the process, however often they are needed, and never change.
///
/// A pass speaks of some hundred thousand paths, several times each. A Text has the size of a
/// pointer; equal bytes are the same object, so that comparing and looking up are one machine word;
/// and what stands before the last slash is shared with all other paths of that directory. What
/// was once made a Text stays until the process ends. Several threads may make texts.
class Text {
 public:
  struct Folder; ///< how it is kept; see text.cpp
  struct Record;

  Text() = default;
  /// Any bytes, also NUL. Deliberately implicit: a Text is what a string is, kept elsewhere.
  Text(std::string_view bytes) : record_(intern(bytes)) {}
  Text(const std::string& bytes) : Text(std::string_view(bytes)) {}
  Text(const char* bytes) : Text(std::string_view(bytes)) {}

  [[nodiscard]] std::string str() const;
  operator std::string() const { return str(); }

  /// The text with the same folder and another name, which has no slash.
  [[nodiscard]] Text with_name(std::string_view name) const;

  /// What stands before the name, with the last slash. Views are valid as long as the process.
  [[nodiscard]] std::string_view folder() const;
  /// As of os::parent_of(): "/a/b" of "/a/b/c", "/" of "/a".
  [[nodiscard]] std::string_view parent() const;
  /// What follows the last slash, the whole where there is none; a NUL follows it in memory.
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return record_ == nullptr; }
  [[nodiscard]] bool starts_with(std::string_view head) const;
  [[nodiscard]] bool ends_with(std::string_view tail) const;

  /// A small number of its own, 0 for the empty text.
  [[nodiscard]] std::uint32_t id() const;

  friend bool operator==(Text a, Text b) { return a.record_ == b.record_; }
  /// The order of the bytes.
  friend std::strong_ordering operator<=>(Text a, Text b) { return compare(a, b); }

  /// With what is no Text, byte by byte, so that comparing keeps nothing.
  template <typename Other>
  requires(!std::same_as<Other, Text> &&
           std::convertible_to<const Other&, std::string_view>) friend bool
  operator==(const Text& a, const Other& b) {
    return a.has_bytes(b);
  }

 private:
  explicit Text(const Record* record) : record_(record) {}
  static const Record* intern(std::string_view bytes);
  static std::strong_ordering compare(Text a, Text b);
  [[nodiscard]] bool has_bytes(std::string_view bytes) const;

  const Record* record_ = nullptr; ///< null for the empty text
};

inline std::ostream& operator<<(std::ostream& out, const Text& text) {
  return out << text.str();
}

inline std::string operator+(std::string_view a, const Text& b) {
  return std::string(a) + b.str();
}

inline std::string operator+(const Text& a, std::string_view b) {
  return a.str().append(b);
}

/// A set of texts: a bit for each that there is.
class TextSet {
 public:
  /// Whether it was not there before.
  bool insert(Text text);
  void erase(Text text);
  [[nodiscard]] bool contains(Text text) const {
    return text.id() < bits_.size() && bits_[text.id()];
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }

 private:
  std::vector<bool> bits_;
  std::size_t count_ = 0;
};

} // namespace pysup::os

template <>
struct std::hash<pysup::os::Text> {
  std::size_t operator()(const pysup::os::Text& text) const noexcept { return text.id(); }
};

template <>
struct fmt::formatter<pysup::os::Text> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const pysup::os::Text& text, Context& context) const {
    return fmt::formatter<std::string_view>::format(text.str(), context);
  }
};
