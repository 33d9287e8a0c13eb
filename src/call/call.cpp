// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/call.hpp"

#include <charconv>
#include <fmt/format.h>

namespace pysup::call {

namespace {

constexpr std::string_view name_prefix = "py3compile/";

/// The first field of every call: which form this is.
constexpr std::string_view form = "py3compile=1";

void add_field(std::string& text, std::string_view name, std::string_view value) {
  text += fmt::format("{}={}", name, value);
  text += '\0';
}

tl::unexpected<Error> unknown_field(std::string_view field) {
  return fail(fmt::format("not a call of py3compile: \"{}\"", field.substr(0, 80)));
}

/// Sets what FIELD says in CALL.
Result<void> take_field(std::string_view field, Call& call) {
  const std::size_t sign = field.find('=');
  const std::string_view name = field.substr(0, sign);
  const std::string value(sign == field.npos ? "" : field.substr(sign + 1));
  if (name == "package") {
    call.package = value;
  } else if (name == "caller") {
    call.caller = value;
  } else if (name == "place" && value.starts_with('/')) {
    call.places.push_back(value);
  } else if (name == "exclude") {
    call.excludes.push_back(value);
  } else if (name == "versions") {
    auto range = reference::parse_version_range(value);
    if (!range) {
      return tl::unexpected(range.error());
    }
    call.versions = *range;
  } else if (field == "optimize=1") {
    call.optimize = true;
  } else if (field == "force=1") {
    call.force = true;
  } else {
    return unknown_field(field);
  }
  return {};
}

} // namespace

std::string encode(const Call& call) {
  std::string text(form);
  text += '\0';
  add_field(text, "package", call.package);
  add_field(text, "caller", call.caller);
  for (const std::string& place : call.places) {
    add_field(text, "place", place);
  }
  add_field(text, "versions", reference::to_text(call.versions));
  for (const std::string& expression : call.excludes) {
    add_field(text, "exclude", expression);
  }
  if (call.optimize) {
    add_field(text, "optimize", "1");
  }
  if (call.force) {
    add_field(text, "force", "1");
  }
  return text;
}

Result<Call> decode(std::string_view text) {
  Call call;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    if (end == text.npos) {
      return fail("a call of py3compile, cut short");
    }
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (first && field != form) {
      return unknown_field(field);
    }
    if (!first) {
      if (auto taken = take_field(field, call); !taken) {
        return tl::unexpected(std::move(taken.error()));
      }
    }
    first = false;
  }
  if (call.owner().empty()) {
    return fail("a call of py3compile that is nobody's");
  }
  return call;
}

std::string encode_all(const std::vector<Call>& calls) {
  std::string text;
  for (const Call& call : calls) {
    const std::string one = encode(call);
    text += fmt::format("{}:", one.size()) + one;
  }
  return text;
}

Result<std::vector<Call>> decode_all(std::string_view text) {
  std::vector<Call> calls;
  while (!text.empty()) {
    std::size_t size = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (error != std::errc() || !text.starts_with(':') || text.size() - 1 < size) {
      return fail("calls of py3compile, damaged");
    }
    auto call = decode(text.substr(1, size));
    if (!call) {
      return tl::unexpected(std::move(call.error()));
    }
    calls.push_back(std::move(*call));
    text.remove_prefix(1 + size);
  }
  return calls;
}

std::string reference_name(std::string_view owner) {
  return fmt::format("{}{}", name_prefix, owner);
}

bool is_call_name(std::string_view name) {
  return name.starts_with(name_prefix);
}

} // namespace pysup::call
