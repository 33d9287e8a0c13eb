// SPDX-License-Identifier: GPL-2.0-or-later
#include "module_stream.hpp"

#include "random_numbers.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace pysup::bench {

namespace {

/// Writes objects as marshal does: those that are used more than once are flagged at their first
/// place, and later places refer to them by number. Like the interpreter it also flags some that
/// are used once.
class StreamWriter {
 public:
  explicit StreamWriter(std::size_t seed) : random_(seed) {
    for (int i = 0; i < 60; ++i) {
      vocabulary_.push_back(letters(3 + random_.below(12)));
    }
  }

  std::string module() {
    code(4, 2);
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t no_child = 0;

  /// A code object with CHILDREN inside, to a depth of LEVELS.
  void code(std::uint32_t children, int levels) {
    type('c', true);
    const std::uint32_t variables = random_.below(7);
    number(random_.below(variables + 1)); // arguments, of which the next two kinds are none
    number(0);
    number(0);
    number(1 + random_.below(8));
    number(3); // flags
    byte_string(2 * (20 + random_.below(175)));
    constants(children, levels);
    names(random_.below(14));
    names(variables);
    local_kinds(variables);
    name(vocabulary_[0]); // the file's
    name(word());
    name(word() + "." + word());
    number(1 + random_.below(500));
    byte_string(30 + random_.below(240));
    byte_string(random_.below(4) == 0 ? 16 : 0);
  }

  void constants(std::uint32_t children, int levels) {
    const std::uint32_t others = 2 + random_.below(6);
    tuple_of(1 + others + children);
    out_ += 'N';
    for (std::uint32_t i = 0; i < others; ++i) {
      constant();
    }
    for (std::uint32_t i = 0; i < children; ++i) {
      const bool is_class = levels > 1 && i % 2 == 0;
      code(is_class ? 4 : no_child, levels - 1);
    }
  }

  void constant() {
    switch (random_.below(10)) {
    case 0:
      return text(sentence(30 + random_.below(200)));
    case 1:
    case 2:
      return text(sentence(10 + random_.below(60)));
    case 3:
    case 4:
      return name(word());
    case 5:
    case 6:
      type('i', random_.below(2) == 0);
      return number(random_.below(1000));
    case 7:
      return names(1 + random_.below(3));
    case 8:
      return random_.below(4) == 0 ? frozen_set() : byte_string(random_.below(20));
    default:
      type('g', false);
      return raw(8);
    }
  }

  void frozen_set() {
    type('>', true);
    number(3);
    name(vocabulary_[1]);
    name(vocabulary_[2]);
    name(vocabulary_[3]);
  }

  void names(std::uint32_t count) {
    tuple_of(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      name(word());
    }
  }

  /// Begins a tuple. There is one empty one in the interpreter, so it is written once.
  void tuple_of(std::uint32_t count) {
    if (count > 0) {
      type(')', random_.below(3) == 0);
      out_ += static_cast<char>(count);
    } else if (!is_known(")")) {
      type(')', true);
      out_ += '\0';
    }
  }

  void name(const std::string& bytes) { short_ascii('Z', bytes); }
  void text(const std::string& bytes) { short_ascii('z', bytes); }

  void short_ascii(char code, const std::string& bytes) {
    if (!is_known(code + bytes)) {
      type(code, true);
      out_ += static_cast<char>(static_cast<unsigned char>(bytes.size()));
      out_ += bytes;
    }
  }

  /// Writes a reference where KEY was written before; otherwise what is written next is KEY.
  bool is_known(const std::string& key) {
    const auto [known, is_new] = known_.emplace(key, next_reference_);
    if (!is_new) {
      out_ += 'r';
      number(known->second);
    }
    return !is_new;
  }

  void byte_string(std::uint32_t size) {
    type('s', random_.below(2) == 0);
    number(size);
    raw(size);
  }

  /// Every variable is a plain local one.
  void local_kinds(std::uint32_t count) {
    type('s', true);
    number(count);
    out_.append(count, '\x20');
  }

  void raw(std::uint32_t size) {
    for (std::uint32_t i = 0; i < size; ++i) {
      out_ += static_cast<char>(random_.below(128));
    }
  }

  void type(char code, bool flagged) {
    next_reference_ += flagged ? 1 : 0;
    out_ += static_cast<char>(static_cast<unsigned char>(code) | (flagged ? 0x80U : 0U));
  }

  void number(std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      out_ += static_cast<char>(static_cast<unsigned char>(value >> shift));
    }
  }

  std::string letters(std::uint32_t size) {
    std::string text;
    for (std::uint32_t i = 0; i < size; ++i) {
      text += static_cast<char>('a' + random_.below(26));
    }
    return text;
  }

  const std::string& word() {
    return vocabulary_[random_.below(static_cast<std::uint32_t>(vocabulary_.size()))];
  }

  std::string sentence(std::uint32_t size) {
    std::string text;
    while (text.size() < size) {
      text += word() + ' ';
    }
    return text.substr(0, size);
  }

  RandomNumbers random_;
  std::vector<std::string> vocabulary_;
  std::map<std::string, std::uint32_t> known_;
  std::uint32_t next_reference_ = 0;
  std::string out_;
};

} // namespace

std::string module_stream(std::size_t seed) {
  return StreamWriter(seed).module();
}

} // namespace pysup::bench
