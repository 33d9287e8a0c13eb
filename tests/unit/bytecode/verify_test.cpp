// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/normal_form.hpp"

#include "marshal_stream.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

namespace {

using namespace marshal_stream;
using namespace pysup;
using pysup::bytecode::MarshalError;
using pysup::bytecode::verify;

std::string verdict(Version version, std::string_view stream) {
  const auto result = verify(version, stream);
  if (result) {
    return "fine";
  }
  return (result.error().kind == MarshalError::Kind::unknown ? "unknown: " : "invalid: ") +
         result.error().message;
}

std::string verdict_on_constant(const std::string& constant, Version version = v311) {
  return verdict(version, code_with(tuple({constant})));
}

std::string changed(const std::function<void(Code&)>& change) {
  Code code;
  change(code);
  return verdict(v311, code.stream());
}

} // namespace

BOOST_AUTO_TEST_CASE(complete_code_objects_are_fine) {
  BOOST_TEST(verdict(v311, code_with(tuple({}))) == "fine");
  BOOST_TEST(verdict(v315, code_with(tuple({}))) == "fine");
  BOOST_TEST(verdict(v39, code_3_8(tuple({}))) == "fine");
  BOOST_TEST(verdict(v27, code_2_7(sequence('(', {}))) == "fine");
}

BOOST_AUTO_TEST_CASE(a_stream_cut_anywhere_is_invalid) {
  const std::vector<std::pair<Version, std::string>> streams = {
      {v311, code_with(tuple({int32(1), plain("text"), sequence('>', {"N"}), "{NN0"}))},
      {v39, code_3_8(tuple({"g12345678", ")\0"s}))},
      {v27, code_2_7(sequence('(', {long_text('u', "x"), "l" + u32(1) + "\1\0"s}))},
  };
  for (const auto& [version, stream] : streams) {
    BOOST_TEST_REQUIRE(verdict(version, stream) == "fine");
    for (std::size_t size = 0; size < stream.size(); ++size) {
      const auto result = verify(version, std::string_view(stream).substr(0, size));
      BOOST_TEST_REQUIRE(!result.has_value());
      BOOST_TEST((result.error().kind == MarshalError::Kind::invalid));
      BOOST_TEST(result.error().message == "cut short");
      BOOST_TEST(result.error().offset <= size);
    }
  }
}

BOOST_AUTO_TEST_CASE(only_a_code_object_is_fine) {
  for (const std::string& stream : {"N"s, "0"s, tuple({code_with(tuple({}))}), name("x")}) {
    BOOST_TEST(verdict(v311, stream) == "invalid: not a code object");
  }
}

BOOST_AUTO_TEST_CASE(lengths_beyond_the_stream_are_refused_at_once) {
  for (const char type : {'s', 'u', 'a', '(', '[', '<', '>'}) {
    for (const std::uint32_t length : {0x7fffffffU, 0x80000000U, 0xffffffffU, 1000U}) {
      BOOST_TEST(verdict_on_constant(type + u32(length)) == "invalid: cut short");
    }
  }
  BOOST_TEST(verdict_on_constant("l" + u32(0x7fffffff)) == "invalid: cut short");
  BOOST_TEST(verdict_on_constant("l" + u32(0x80000000)) == "invalid: cut short");
}

BOOST_AUTO_TEST_CASE(references_must_lead_to_complete_objects) {
  const std::string bad = "invalid: reference to an object that is not there";
  BOOST_TEST(verdict_on_constant(ref(0)) == bad);
  BOOST_TEST(verdict_on_constant(ref(0xffffffff)) == bad);
  BOOST_TEST(verdict(v311, code_with(tuple({flagged(int32(1)), ref(1)}))) == bad);
  BOOST_TEST(verdict(v311, code_with(tuple({flagged("N"), ref(0)}))) == bad);
  BOOST_TEST(verdict_on_constant(flagged(sequence('>', {ref(0)}))) == bad);
  BOOST_TEST(verdict_on_constant(flagged(":" + ref(0) + "NN"), v315) == bad);
  BOOST_TEST(verdict(v311, flagged(code_with(tuple({ref(0)})))) == bad);
  BOOST_TEST(verdict(v27, code_2_7(sequence('(', {"R" + u32(0)}))) == bad);
  BOOST_TEST(verdict(v311, code_with(tuple({flagged(int32(1)), ref(0)}))) == "fine");
}

BOOST_AUTO_TEST_CASE(what_contains_itself_is_unknown) {
  for (const std::string& object :
       {flagged(tuple({ref(0)})), flagged(sequence('[', {ref(0)})), flagged("{N" + ref(0) + "0")}) {
    BOOST_TEST(verdict_on_constant(object) == "unknown: an object that contains itself");
  }
}

BOOST_AUTO_TEST_CASE(type_codes_belong_to_versions) {
  BOOST_TEST(verdict_on_constant("?").starts_with("invalid: type code 0x3f"));
  BOOST_TEST(verdict_on_constant("!").starts_with("unknown: type code 0x21"));
  BOOST_TEST(verdict_on_constant("R" + u32(0)).starts_with("unknown: type code 0x52"));
  BOOST_TEST(verdict_on_constant("}0").starts_with("unknown: type code 0x7d"));
  BOOST_TEST(verdict_on_constant("}0", v315) == "fine");
  BOOST_TEST(
      verdict(v27, code_2_7(sequence('(', {flagged("N")}))).starts_with("unknown: type code 0xce"));
}

BOOST_AUTO_TEST_CASE(a_missing_object_ends_a_dict_and_is_refused_elsewhere) {
  BOOST_TEST(verdict_on_constant("0") == "invalid: a missing object");
  BOOST_TEST(verdict_on_constant(sequence('<', {"0"})) == "invalid: a missing object");
  BOOST_TEST(verdict_on_constant("{0") == "fine");
  BOOST_TEST(verdict_on_constant("{N0") == "fine");
  // On 2.7 a missing value does not end the dict.
  BOOST_TEST(verdict(v27, code_2_7(sequence('(', {"{N00"}))) == "fine");
  BOOST_TEST(verdict(v27, code_2_7(sequence('(', {"{N0"}))) != "fine");
}

BOOST_AUTO_TEST_CASE(set_elements_and_dict_keys_must_be_hashable) {
  const std::string list = sequence('[', {});
  const std::string set = "invalid: set with an unhashable element";
  BOOST_TEST(verdict_on_constant(sequence('<', {list})) == set);
  BOOST_TEST(verdict_on_constant(sequence('>', {tuple({tuple({list})})})) == set);
  BOOST_TEST(verdict_on_constant(sequence('>', {sequence('<', {})})) == set);
  BOOST_TEST(verdict_on_constant(sequence('>', {sequence('>', {})})) == "fine");
  BOOST_TEST(verdict_on_constant(sequence('>', {code_with(tuple({}))})) == "fine");
  BOOST_TEST(verdict_on_constant(sequence('>', {code_with(tuple({list}))})) == set);
  BOOST_TEST(verdict_on_constant("{" + list + "N0") == "invalid: dict with an unhashable key");
  BOOST_TEST(verdict_on_constant("{N" + list + "0") == "fine");
  BOOST_TEST(verdict_on_constant(sequence('>', {"}N" + list + "0"}), v315) == set);
}

BOOST_AUTO_TEST_CASE(numbers_must_be_well_formed) {
  BOOST_TEST(verdict_on_constant("l" + u32(1) + "\0\x80"s) ==
             "invalid: int with a digit out of range");
  BOOST_TEST(verdict_on_constant("l" + u32(2) + "\1\0\0\0"s) ==
             "invalid: int with a leading zero digit");
  for (const std::string text :
       {"1", "-1.5", "+.5", "1.", "1e9", "1E-9", "inf", "-Infinity", "NaN"}) {
    BOOST_TEST(verdict_on_constant(short_text('f', text)) == "fine", text);
  }
  BOOST_TEST(verdict_on_constant(short_text('f', "1.5\0x"s)) == "fine");
  for (const std::string text :
       {"", ".", "1e", "e1", " 1", "1 ", "0x1", "1_0", "nan(1)", "infinit", "--1", "+", "1.5.2"}) {
    BOOST_TEST(verdict_on_constant(short_text('f', text)) == "invalid: float that is no number",
               text);
  }
  BOOST_TEST(verdict_on_constant("x\1"s + "1" + "\1" + "x") == "invalid: float that is no number");
}

BOOST_AUTO_TEST_CASE(texts_must_be_utf8_in_which_surrogates_pass) {
  for (const std::string text :
       {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf", "\xed\xa0\x80", "abcdefgh"}) {
    BOOST_TEST(verdict_on_constant(long_text('u', text)) == "fine", text);
  }
  for (const std::string text :
       {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xc2", "\xe0\xa0", "\xf0\x90\x80", "\xc2\xc2", "abcdefg\xff"}) {
    BOOST_TEST(verdict_on_constant(long_text('u', text)) == "invalid: str that is not UTF-8", text);
  }
}

BOOST_AUTO_TEST_CASE(objects_nest_as_deeply_as_marshal_allows) {
  // The code object and its tuple of constants are two levels of the 2,000.
  BOOST_TEST(verdict_on_constant(tuples_around(1997, "N")) == "fine");
  BOOST_TEST(verdict_on_constant(tuples_around(1998, "N")) == "invalid: objects nested too deeply");
  BOOST_TEST(verdict_on_constant(tuples_around(1'000'000, "N")) ==
             "invalid: objects nested too deeply");
  std::string nested = code_with(tuple({}));
  for (int i = 0; i < 999; ++i) {
    nested = code_with(tuple({nested}));
  }
  BOOST_TEST(verdict(v311, nested) == "fine"); // 999 times two levels, a code object, its fields
  BOOST_TEST(verdict(v311, code_with(tuple({nested}))) == "invalid: objects nested too deeply");
}

BOOST_AUTO_TEST_CASE(code_objects_need_fields_of_their_types) {
  const std::string type = "invalid: code object with a field of the wrong type";
  BOOST_TEST(changed([](Code& c) { c.code = name("x"); }) == type);
  BOOST_TEST(changed([](Code& c) { c.consts = sequence('[', {}); }) == type);
  BOOST_TEST(changed([](Code& c) { c.names = tuple({bytes("x")}); }) == type);
  BOOST_TEST(changed([](Code& c) { c.variables = bytes(""); }) == type);
  BOOST_TEST(changed([](Code& c) { c.kinds = tuple({}); }) == type);
  BOOST_TEST(changed([](Code& c) { c.filename = bytes("x"); }) == type);
  BOOST_TEST(changed([](Code& c) { c.own_name = "N"; }) == type);
  BOOST_TEST(changed([](Code& c) { c.qualname = int32(1); }) == type);
  BOOST_TEST(changed([](Code& c) { c.lines = plain("x"); }) == type);
  BOOST_TEST(changed([](Code& c) { c.exceptions = "N"; }) == type);
  BOOST_TEST(changed([](Code& c) { c.lines = "0"; }) == "invalid: a missing object");
  BOOST_TEST(verdict(v27, code_2_7(sequence('[', {}))) == type);
}

BOOST_AUTO_TEST_CASE(code_objects_need_numbers_that_fit) {
  const auto numbers = [](std::uint32_t positional, std::uint32_t positional_only,
                          std::uint32_t keyword_only, std::uint32_t stack, std::uint32_t flags) {
    return changed([&](Code& c) {
      c.numbers =
          join({u32(positional), u32(positional_only), u32(keyword_only), u32(stack), u32(flags)});
      c.variables = tuple({name("a"), name("b"), name("c")});
      c.kinds = bytes("\x20\x60\x80"); // local, local and cell, free
    });
  };
  BOOST_TEST(numbers(2, 1, 0, 1, 0) == "fine");
  BOOST_TEST(numbers(1, 0, 1, 1, 0) == "fine");
  BOOST_TEST(numbers(1, 0, 0, 1, 4) == "fine");
  BOOST_TEST(numbers(0, 0, 0, 1, 12) == "fine");
  const std::string negative = "invalid: code object with a negative number";
  BOOST_TEST(numbers(1, 0, 0, 0xffffffff, 0) == negative);
  BOOST_TEST(numbers(1, 0, 0, 1, 0x80000000) == negative);
  BOOST_TEST(numbers(1, 0, 0xffffffff, 1, 0) == negative);
  BOOST_TEST(numbers(1, 2, 0, 1, 0) ==
             "invalid: code object with more positional-only arguments than positional ones");
  const std::string many = "invalid: code object with more arguments than variables";
  BOOST_TEST(numbers(3, 0, 0, 1, 0) == many);
  BOOST_TEST(numbers(2, 0, 0, 1, 4) == many);
  BOOST_TEST(numbers(2, 0, 0, 1, 8) == many);
  BOOST_TEST(numbers(1, 0, 2, 1, 0) == many);
  BOOST_TEST(numbers(0x7fffffff, 0, 0x7fffffff, 1, 0) == many);
  BOOST_TEST(changed([](Code& c) { c.kinds = bytes("x"); }) ==
             "invalid: code object whose variables and their kinds differ in number");
  BOOST_TEST(changed([](Code& c) { c.code = bytes("abc"); }) ==
             "invalid: code object with half an instruction");
}

BOOST_AUTO_TEST_CASE(an_error_says_where) {
  const std::string stream = code_with(tuple({int32(1), "!"}));
  const auto result = verify(v311, stream);
  BOOST_TEST_REQUIRE(!result.has_value());
  BOOST_TEST(result.error().offset == stream.find('!'));
}
