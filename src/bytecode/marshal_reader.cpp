// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/marshal_reader.hpp"

#include "bytecode/code_rules.hpp"
#include "bytecode/integer_encoding.hpp"
#include "bytecode/little_endian.hpp"
#include "bytecode/text_encoding.hpp"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace pysup::bytecode {
namespace {

// Lengths in a stream are 32-bit numbers with sign; beyond that they would not be checked alike.
constexpr std::size_t max_stream = std::numeric_limits<std::int32_t>::max();

// Stand for a node where there is none. Real ids are smaller: a stream has a byte for each.
constexpr NodeId last_id = std::numeric_limits<NodeId>::max();
constexpr NodeId failed = last_id;             ///< error_ says why
constexpr NodeId null_object = last_id - 1;    ///< type code '0'
constexpr NodeId open_container = last_id - 2; ///< may be referred to before it is complete
constexpr NodeId open_value = last_id - 3;     ///< may not

/// How an object counts until it is read. CPython enters tuples, lists, dicts and sets into its
/// table of references when they begin, so that they may contain themselves; all others at the end.
NodeId open_mark(char type) {
  constexpr std::string_view entered_early = "()[{<";
  return entered_early.find(type) != std::string_view::npos ? open_container : open_value;
}

class Reader {
 public:
  Reader(const MarshalDialect& dialect, std::string_view stream, MarshalTree& tree)
      : dialect_(dialect), stream_(stream), tree_(tree) {}

  tl::expected<MarshalContent, MarshalError> read();

 private:
  NodeId object();
  NodeId object_of_type(char type);
  [[nodiscard]] bool takes_number(char type, bool flagged) const;
  NodeId reference();

  NodeId number(char type);
  NodeId int64();
  NodeId long_int();
  NodeId fixed(NodeKind kind, std::size_t size);
  NodeId decimal(NodeKind kind, int parts);

  NodeId bytes();
  NodeId unicode();
  NodeId latin1(bool short_form);

  NodeId sequence(NodeKind kind, bool short_form = false);
  NodeId mapping(NodeKind kind);
  NodeId slice();
  NodeId code();
  bool children(std::size_t count);
  [[nodiscard]] bool all_hashable(std::size_t first, std::size_t step) const;
  NodeId container(NodeKind kind, std::size_t first);

  bool has(std::size_t count);
  std::string_view take(std::size_t count);
  bool length(bool short_form, std::size_t& count);
  NodeId refuse(std::string_view why);
  NodeId refuse(MarshalError::Kind kind, std::string why);
  NodeId refuse_type(unsigned char byte);

  const MarshalDialect& dialect_;
  std::string_view stream_;
  MarshalTree& tree_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<NodeId> references_; ///< by reference number
  std::vector<NodeId> pending_;    ///< children of the containers that are being read
  std::optional<MarshalError> error_;
};

tl::expected<MarshalContent, MarshalError> Reader::read() {
  NodeId root = failed;
  if (stream_.size() > max_stream) {
    refuse(MarshalError::Kind::unknown, "2 GiB or longer");
  } else {
    root = object();
  }
  if (root != failed && (root == null_object || tree_[root].kind != NodeKind::code)) {
    root = refuse("not a code object");
  }
  if (root == failed) {
    return tl::unexpected(std::move(*error_));
  }
  return MarshalContent{root, at_};
}

NodeId Reader::object() {
  if (!has(1)) {
    return failed;
  }
  if (depth_ == max_marshal_depth) {
    return refuse("objects nested too deeply");
  }
  const auto byte = static_cast<unsigned char>(stream_[at_]);
  const bool flagged = !dialect_.is_python2() && (byte & type_code::flag_reference) != 0;
  const char type = static_cast<char>(flagged ? byte ^ type_code::flag_reference : byte);
  if (dialect_.type_codes.find(type) == std::string_view::npos) {
    return refuse_type(byte);
  }
  ++at_;
  ++depth_;
  // Reference numbers count objects by where they begin, so it is taken before the children's.
  const std::size_t number = references_.size();
  const bool numbered = takes_number(type, flagged);
  if (numbered) {
    references_.push_back(open_mark(type));
  }
  const NodeId id = object_of_type(type);
  if (numbered) {
    references_[number] = id;
  }
  --depth_;
  return id;
}

NodeId Reader::object_of_type(char type) {
  switch (type) {
  case type_code::null:
    return null_object;
  case type_code::none:
    return static_cast<NodeId>(NodeKind::none);
  case type_code::bool_false:
    return static_cast<NodeId>(NodeKind::bool_false);
  case type_code::bool_true:
    return static_cast<NodeId>(NodeKind::bool_true);
  case type_code::stop_iteration:
    return static_cast<NodeId>(NodeKind::stop_iteration);
  case type_code::ellipsis:
    return static_cast<NodeId>(NodeKind::ellipsis);
  case type_code::bytes:
    return bytes();
  case type_code::interned:
    return dialect_.is_python2() ? bytes() : unicode();
  case type_code::unicode:
    return unicode();
  case type_code::ascii:
  case type_code::ascii_interned:
    return latin1(false);
  case type_code::short_ascii:
  case type_code::short_ascii_interned:
    return latin1(true);
  case type_code::tuple:
    return sequence(NodeKind::tuple);
  case type_code::small_tuple:
    return sequence(NodeKind::tuple, true);
  case type_code::list:
    return sequence(NodeKind::list);
  case type_code::set:
    return sequence(NodeKind::set);
  case type_code::frozenset:
    return sequence(NodeKind::frozenset);
  case type_code::dict:
    return mapping(NodeKind::dict);
  case type_code::frozendict:
    return mapping(NodeKind::frozendict);
  case type_code::slice:
    return slice();
  case type_code::code:
    return code();
  case type_code::reference:
  case type_code::string_reference:
    return reference();
  default:
    return number(type);
  }
}

/// Whether an object of TYPE gets the next reference number: on 2.7 every interned string, later
/// every flagged object but those that each interpreter has once.
bool Reader::takes_number(char type, bool flagged) const {
  if (dialect_.is_python2()) {
    return type == type_code::interned;
  }
  constexpr std::string_view never = "0NFTS.r";
  return flagged && never.find(type) == std::string_view::npos;
}

NodeId Reader::reference() {
  if (!has(4)) {
    return failed;
  }
  const auto number = load_le<std::uint32_t>(take(4));
  if (number >= references_.size() || references_[number] == open_value) {
    return refuse("reference to an object that is not there");
  }
  if (references_[number] == open_container) {
    return refuse(MarshalError::Kind::unknown, "an object that contains itself");
  }
  return references_[number];
}

NodeId Reader::number(char type) {
  switch (type) {
  case type_code::int32:
    return fixed(NodeKind::integer, 4);
  case type_code::int64:
    return int64();
  case type_code::long_int:
    return long_int();
  case type_code::text_float:
    return decimal(NodeKind::text_float, 1);
  case type_code::binary_float:
    return fixed(NodeKind::binary_float, 8);
  case type_code::text_complex:
    return decimal(NodeKind::text_complex, 2);
  case type_code::binary_complex:
    return fixed(NodeKind::binary_complex, 16);
  default:
    assert(false); // MarshalDialect::type_codes lists no other
    return refuse_type(static_cast<unsigned char>(type));
  }
}

NodeId Reader::fixed(NodeKind kind, std::size_t size) {
  return has(size) ? tree_.leaf(kind, take(size)) : failed;
}

NodeId Reader::int64() {
  if (!has(8)) {
    return failed;
  }
  const auto value = static_cast<std::int64_t>(load_le<std::uint64_t>(take(8)));
  return tree_.leaf(NodeKind::integer, tree_.keep(encode_integer(value)));
}

NodeId Reader::long_int() {
  if (!has(4)) {
    return failed;
  }
  const std::size_t start = at_;
  const std::int64_t count = static_cast<std::int32_t>(load_le<std::uint32_t>(take(4)));
  const auto size = static_cast<std::size_t>(2 * (count < 0 ? -count : count));
  if (!has(size)) {
    return failed;
  }
  const std::string_view digits = take(size);
  for (std::size_t i = 0; i < size; i += 2) {
    if (load_le<std::uint16_t>(digits.substr(i)) >> marshal_digit_bits != 0) {
      return refuse("int with a digit out of range");
    }
  }
  if (size > 0 && load_le<std::uint16_t>(digits.substr(size - 2)) == 0) {
    return refuse("int with a leading zero digit");
  }
  const std::string_view encoded = stream_.substr(start, 4 + size);
  const auto small = small_integer(encoded);
  return tree_.leaf(NodeKind::integer, small ? tree_.keep(encode_integer(*small)) : encoded);
}

NodeId Reader::decimal(NodeKind kind, int parts) {
  const std::size_t start = at_;
  for (int i = 0; i < parts; ++i) {
    std::size_t count = 0;
    if (!length(true, count)) {
      return failed;
    }
    if (!is_float_text(take(count))) {
      return refuse("float that is no number");
    }
  }
  return tree_.leaf(kind, stream_.substr(start, at_ - start));
}

NodeId Reader::bytes() {
  std::size_t count = 0;
  return length(false, count) ? tree_.leaf(NodeKind::bytes, take(count)) : failed;
}

NodeId Reader::unicode() {
  std::size_t count = 0;
  if (!length(false, count)) {
    return failed;
  }
  const std::string_view text = take(count);
  const bool ascii = is_ascii(text);
  if (!ascii && !is_utf8_with_surrogates(text)) {
    return refuse("str that is not UTF-8");
  }
  return tree_.text(text, ascii);
}

/// The type codes for ASCII: loads() takes other bytes under them as code points of that number.
NodeId Reader::latin1(bool short_form) {
  std::size_t count = 0;
  if (!length(short_form, count)) {
    return failed;
  }
  const std::string_view text = take(count);
  const bool ascii = is_ascii(text);
  return tree_.text(ascii ? text : tree_.keep(utf8_of_latin1(text)), ascii);
}

NodeId Reader::sequence(NodeKind kind, bool short_form) {
  std::size_t count = 0;
  if (!length(short_form, count)) {
    return failed;
  }
  const std::size_t first = pending_.size();
  if (!children(count)) {
    return failed;
  }
  if (is_set(kind) && !all_hashable(first, 1)) {
    return refuse("set with an unhashable element");
  }
  return container(kind, first);
}

NodeId Reader::mapping(NodeKind kind) {
  const std::size_t first = pending_.size();
  for (;;) {
    const NodeId key = object();
    if (key == failed) {
      return failed;
    }
    if (key == null_object) {
      break;
    }
    const NodeId value = object();
    if (value == failed) {
      return failed;
    }
    if (value != null_object) {
      pending_.push_back(key);
      pending_.push_back(value);
    } else if (!dialect_.is_python2()) {
      break; // a missing value ends the dict as a missing key does; 2.7 skips the key
    }
  }
  if (!all_hashable(first, 2)) {
    return refuse("dict with an unhashable key");
  }
  return container(kind, first);
}

NodeId Reader::slice() {
  const std::size_t first = pending_.size();
  return children(3) ? container(NodeKind::slice, first) : failed;
}

NodeId Reader::code() {
  const CodeLayout& layout = *dialect_.code;
  if (!has(layout.number_bytes())) {
    return failed;
  }
  const std::string_view numbers = take(layout.number_bytes());
  const std::size_t first = pending_.size();
  if (!children(layout.objects_before_line) || !has(4)) {
    return failed;
  }
  const auto first_line = load_le<std::uint32_t>(take(4));
  if (!children(layout.objects.size() - layout.objects_before_line)) {
    return failed;
  }
  const auto objects = std::span(pending_).subspan(first);
  if (const auto fault = code_fault(layout, tree_, numbers, objects); !fault.empty()) {
    return refuse(fault);
  }
  const bool hashable = tree_[objects[layout.constants]].hashable;
  const NodeId id = tree_.code(numbers, first_line, objects, hashable);
  pending_.resize(first);
  return id;
}

/// Reads COUNT objects to the end of pending_.
bool Reader::children(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId id = object();
    if (id == failed) {
      return false;
    }
    if (id == null_object) {
      refuse("a missing object");
      return false;
    }
    pending_.push_back(id);
  }
  return true;
}

/// Whether every STEP-th of the pending children from FIRST on is hashable.
bool Reader::all_hashable(std::size_t first, std::size_t step) const {
  for (std::size_t i = first; i < pending_.size(); i += step) {
    if (!tree_[pending_[i]].hashable) {
      return false;
    }
  }
  return true;
}

/// Makes a container of the pending children from FIRST on.
NodeId Reader::container(NodeKind kind, std::size_t first) {
  const auto children = std::span(pending_).subspan(first);
  const NodeId id =
      is_mutable(kind) ? tree_.separate(kind, children) : tree_.shared(kind, children);
  pending_.resize(first);
  return id;
}

bool Reader::has(std::size_t count) {
  if (stream_.size() - at_ >= count) {
    return true;
  }
  refuse("cut short");
  return false;
}

std::string_view Reader::take(std::size_t count) {
  const std::string_view taken = stream_.substr(at_, count);
  at_ += count;
  return taken;
}

/// Reads how many bytes or objects follow, in one byte if SHORT_FORM, else in four. As each takes a
/// byte at least, a number beyond the stream's end is refused before room is made for so many.
bool Reader::length(bool short_form, std::size_t& count) {
  if (!has(short_form ? 1 : 4)) {
    return false;
  }
  count =
      short_form ? static_cast<unsigned char>(take(1).front()) : load_le<std::uint32_t>(take(4));
  return has(count);
}

NodeId Reader::refuse(std::string_view why) {
  return refuse(MarshalError::Kind::invalid, std::string(why));
}

NodeId Reader::refuse(MarshalError::Kind kind, std::string why) {
  error_ = MarshalError{kind, at_, std::move(why)};
  return failed;
}

NodeId Reader::refuse_type(unsigned char byte) {
  const bool never_read = (byte & ~type_code::flag_reference) == type_code::unknown;
  return refuse(never_read ? MarshalError::Kind::invalid : MarshalError::Kind::unknown,
                fmt::format("type code {:#04x}, which marshal version {} does not have", byte,
                            dialect_.marshal_version));
}

} // namespace

tl::expected<MarshalContent, MarshalError>
read_marshal(const MarshalDialect& dialect, std::string_view stream, MarshalTree& tree) {
  return Reader(dialect, stream, tree).read();
}

} // namespace pysup::bytecode
