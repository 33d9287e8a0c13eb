// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/normal_form.hpp"

#include "marshal_stream.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace {

using namespace marshal_stream;
using namespace pysup;
using pysup::bytecode::MarshalError;
using pysup::bytecode::normalize;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += fmt::format("{:02x} ", static_cast<unsigned char>(c));
  }
  return text;
}

/// The normal form, which must be its own normal form, in hexadecimal.
std::string normal(Version version, std::string_view stream) {
  const auto once = normalize(version, stream);
  if (!once) {
    return fmt::format("at {}: {}", once.error().offset, once.error().message);
  }
  const auto twice = normalize(version, *once);
  BOOST_TEST_REQUIRE(twice.has_value());
  BOOST_TEST(hex(*twice) == hex(*once));
  return hex(*once);
}

MarshalError::Kind error_kind(Version version, std::string_view stream) {
  const auto result = normalize(version, stream);
  BOOST_TEST_REQUIRE(!result.has_value());
  BOOST_TEST(!result.error().message.empty());
  return result.error().kind;
}

/// CONSTS, the constants' tuple of a code object of 3.11, in normal form as NORMAL_CONSTS. The
/// latter leaves reference number NUMBER to the empty tuple of names.
void check_constants(std::string_view consts, std::string_view normal_consts, std::uint32_t number,
                     Version version = v311) {
  BOOST_TEST(normal(version, code_with(std::string(consts))) ==
             hex(normal_code_with(std::string(normal_consts), number)));
}

std::string real(std::string_view eight_bytes) {
  return "g" + std::string(eight_bytes);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_object_of_a_code_object_is_kept_in_place) {
  Code code;
  code.numbers = u32(1) + u32(0) + u32(0) + u32(7) + u32(3);
  code.consts = tuple({"N", "T", "F", ".", "S", int32(-5)});
  code.names = tuple({name("print")});
  code.variables = tuple({name("a")});
  code.kinds = bytes("\x26");
  code.line = u32(4711);
  BOOST_TEST(normal(v311, code.stream()) == hex(code.stream()));
}

BOOST_AUTO_TEST_CASE(an_equal_value_is_written_once_and_then_referred_to) {
  check_constants(tuple({int32(7), int32(8), int32(7), int32(7)}),
                  tuple({flagged(int32(7)), int32(8), ref(0), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(equal_tuples_are_written_once_with_what_is_in_them) {
  check_constants(tuple({tuple({int32(1), int32(2)}), tuple({int32(1), int32(2)}), int32(2)}),
                  tuple({flagged(tuple({int32(1), flagged(int32(2))})), ref(0), ref(1)}), 2);
}

BOOST_AUTO_TEST_CASE(flags_that_nothing_refers_to_go_and_numbers_close_up) {
  const std::string consts =
      flagged(tuple({flagged(int32(1)), flagged(int32(2)), flagged(bytes("x")), ref(3)}));
  check_constants(consts, tuple({int32(1), int32(2), flagged(bytes("x")), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(a_container_has_the_number_before_its_children) {
  const std::string inner = tuple({int32(1)});
  const std::string consts = tuple({tuple({inner, int32(1)}), tuple({inner, int32(1)}), inner});
  check_constants(
      consts,
      tuple({flagged(tuple({flagged(tuple({flagged(int32(1))})), ref(2)})), ref(0), ref(1)}), 3);
}

BOOST_AUTO_TEST_CASE(singletons_are_never_numbered) {
  const std::string consts =
      tuple({flagged("N"), flagged("T"), flagged(int32(1)), "N", "T", ref(0)});
  check_constants(consts, tuple({"N", "T", flagged(int32(1)), "N", "T", ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(values_that_only_compare_equal_stay_apart) {
  const std::string consts = tuple({
      "T",
      int32(1),
      real("\0\0\0\0\0\0\xf0\x3f"s), // 1.0
      int32(0),
      "F",
      real("\0\0\0\0\0\0\0\0"s),                   // 0.0
      real("\0\0\0\0\0\0\0\x80"s),                 // -0.0
      real("\0\0\0\0\0\0\xf8\x7f"s),               // NaN
      real("\1\0\0\0\0\0\xf8\x7f"s),               // NaN with another payload
      "y" + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s,   // 0j
      "y" + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"s, // -0j
      name("a"),
      bytes("a"),
      tuple({int32(1)}),
      tuple({"T"}),
      sequence('>', {}),
      bytes("0"),
      name("0"),
  });
  // int32(1) stands twice.
  std::string expected = consts;
  const std::string one = int32(1);
  expected.replace(expected.find(one), one.size(), flagged(one));
  expected.replace(expected.rfind(one), one.size(), ref(0));
  check_constants(consts, expected, 1);
}

BOOST_AUTO_TEST_CASE(a_nan_is_equal_to_itself) {
  const std::string nan = real("\0\0\0\0\0\0\xf8\x7f"s);
  check_constants(tuple({nan, nan}), tuple({flagged(nan), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(constants_like_identifiers_are_interned_and_others_not) {
  check_constants(tuple({plain("snake_Case_9"), name("two words"), plain("")}),
                  tuple({name("snake_Case_9"), plain("two words"), name("")}), 0);
}

BOOST_AUTO_TEST_CASE(a_text_in_a_name_position_is_interned_wherever_it_stands) {
  for (const auto member : {&Code::filename, &Code::own_name, &Code::qualname}) {
    Code code;
    code.consts = tuple({plain("<a b>")});
    code.*member = plain("<a b>");
    Code expected;
    expected.consts = tuple({flagged(name("<a b>"))});
    expected.names = flagged(tuple({}));
    expected.variables = ref(1);
    expected.*member = ref(0);
    BOOST_TEST(normal(v311, code.stream()) == hex(expected.stream()));
  }
  for (const auto member : {&Code::names, &Code::variables}) {
    Code code;
    code.*member = tuple({plain(".0"), long_text('u', "\xc3\xa9")});
    code.kinds = member == &Code::variables ? bytes("\x20\x20") : bytes("");
    Code expected = code;
    expected.consts = flagged(tuple({}));
    expected.names = expected.variables = ref(0);
    expected.*member = tuple({name(".0"), long_text('t', "\xc3\xa9")});
    BOOST_TEST(normal(v311, code.stream()) == hex(expected.stream()));
  }
}

BOOST_AUTO_TEST_CASE(all_encodings_of_a_text_are_one_text) {
  const std::string text(300, 'x');
  check_constants(tuple({long_text('u', "a b"), plain("a b"), long_text('A', "a b"), name("a b"),
                         long_text('a', "a b"), long_text('t', "a b")}),
                  tuple({flagged(plain("a b")), ref(0), ref(0), ref(0), ref(0), ref(0)}), 1);
  check_constants(tuple({long_text('u', text), long_text('a', text + " ")}),
                  tuple({long_text('A', text), long_text('a', text + " ")}), 0);
  const std::string e_acute = long_text('u', "\xc3\xa9");
  check_constants(tuple({plain("\xe9"), long_text('t', "\xc3\xa9")}),
                  tuple({flagged(e_acute), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(a_lone_surrogate_is_kept) {
  const std::string consts = tuple({long_text('u', "\xed\xa0\x80")});
  check_constants(consts, consts, 0);
}

BOOST_AUTO_TEST_CASE(all_encodings_of_an_int_are_one_int) {
  check_constants(
      tuple({int32(70000), "I" + u32(70000) + u32(0), "l" + u32(2) + "\x70\x11\x02\0"s}),
      tuple({flagged(int32(70000)), ref(0), ref(0)}), 1);
  check_constants(tuple({"l" + u32(0)}), tuple({int32(0)}), 0);
  // -2^31 fits 32 bits, 2^31 does not.
  check_constants(tuple({"l" + u32(0xfffffffd) + "\0\0\0\0\2\0"s}),
                  tuple({int32(std::numeric_limits<std::int32_t>::min())}), 0);
  const std::string large = "l" + u32(3) + "\0\0\0\0\2\0"s;
  check_constants(tuple({large, "I" + u32(0x80000000) + u32(0)}), tuple({flagged(large), ref(0)}),
                  1);
  // -2^63: five digits, the top one 8.
  check_constants(tuple({"I" + u32(0) + u32(0x80000000)}),
                  tuple({"l" + u32(0xfffffffb) + "\0\0\0\0\0\0\0\0\x08\0"s}), 0);
}

BOOST_AUTO_TEST_CASE(a_short_tuple_has_the_short_form_and_a_long_one_not) {
  check_constants(sequence('(', {int32(1)}), tuple({int32(1)}), 0);
  std::string items;
  for (int i = 0; i < 256; ++i) {
    items += int32(i);
  }
  const std::string longer = "(" + u32(256) + items;
  check_constants(longer, longer, 0);
  const std::string shorter = "(" + u32(255) + items.substr(0, items.size() - 5);
  check_constants(shorter, ")\xff" + items.substr(0, items.size() - 5), 0);
}

BOOST_AUTO_TEST_CASE(set_elements_are_in_the_order_of_their_bytes) {
  const std::string a = name("a");
  const std::string b = name("b");
  const std::string long_name = name("aa");
  const std::string words = plain("a b");
  const std::string pair = tuple({b, "N"});
  const std::string inner = sequence('>', {b, a});
  const std::string sorted_inner = sequence('>', {a, b});
  // By type code: ')', '>', 'N', 'Z', 'i', 'z'; then by length, then by text.
  const std::string sorted =
      sequence('>', {tuple({flagged(b), "N"}), sequence('>', {flagged(a), ref(0)}), "N", ref(1),
                     ref(0), long_name, int32(1), words});
  const std::vector<std::vector<std::string>> orders = {
      {pair, inner, "N", a, b, long_name, int32(1), words},
      {words, int32(1), long_name, b, a, "N", sorted_inner, pair},
      {a, words, "N", pair, int32(1), b, inner, long_name},
  };
  for (const auto& order : orders) {
    std::string set = ">" + u32(static_cast<std::uint32_t>(order.size()));
    for (const auto& element : order) {
      set += element;
    }
    check_constants(tuple({set}), tuple({sorted}), 2);
  }
}

BOOST_AUTO_TEST_CASE(equal_sets_in_two_orders_are_one_value) {
  const std::string set = sequence('>', {name("a"), name("b")});
  check_constants(tuple({set, sequence('>', {name("b"), name("a")})}),
                  tuple({flagged(set), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(an_element_of_a_set_given_twice_counts_once) {
  check_constants(tuple({sequence('>', {name("a"), name("a")}), sequence('>', {name("a")})}),
                  tuple({flagged(sequence('>', {name("a")})), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(code_objects_are_shared_where_they_were_and_nowhere_else) {
  const auto child_parts = [] {
    Code child;
    child.filename = name("f");
    child.own_name = name("g");
    child.qualname = name("h");
    return child;
  };
  const std::string child = child_parts().stream();

  // Two of equal content: everything in the second is a reference, but it is a code object again.
  const auto twice = normalize(v311, code_with(tuple({child, child})));
  BOOST_TEST_REQUIRE(twice.has_value());
  const std::string head = "c" + child_parts().numbers;
  const auto first = twice->find(head, 1);
  BOOST_TEST_REQUIRE(first != std::string::npos);
  BOOST_TEST(twice->find(head, first + 1) != std::string::npos);

  // One that is referred to: a reference stays one.
  const auto shared = normalize(v311, code_with(tuple({flagged(child), ref(0)})));
  BOOST_TEST_REQUIRE(shared.has_value());
  const auto only = shared->find(flagged(head));
  BOOST_TEST_REQUIRE(only != std::string::npos);
  BOOST_TEST(shared->find(head, 1) == std::string::npos);
  BOOST_TEST(shared->find(ref(0)) != std::string::npos);
  BOOST_TEST(hex(*normalize(v311, *twice)) == hex(*twice));
  BOOST_TEST(hex(*normalize(v311, *shared)) == hex(*shared));
}

BOOST_AUTO_TEST_CASE(mutable_containers_are_shared_only_where_they_were) {
  const std::string list = sequence('[', {int32(1)});
  const std::string dict = "{" + name("k") + int32(1) + "0";
  check_constants(tuple({list, list, dict, dict}),
                  tuple({sequence('[', {flagged(int32(1))}), sequence('[', {ref(0)}),
                         "{" + flagged(name("k")) + ref(0) + "0", "{" + ref(1) + ref(0) + "0"}),
                  2);
  check_constants(tuple({flagged(list), ref(0)}), tuple({flagged(list), ref(0)}), 1);
}

BOOST_AUTO_TEST_CASE(a_dict_keeps_its_order) {
  const std::string consts = tuple({"{" + name("b") + "N" + name("a") + "T" + "0"});
  check_constants(consts, consts, 0);
}

BOOST_AUTO_TEST_CASE(decimal_floats_are_kept_as_they_are) {
  const std::string consts = tuple({"f\x03"s + "1.5", "x\x01"s + "1" + "\x03" + "inf"});
  check_constants(consts, consts, 0);
}

BOOST_AUTO_TEST_CASE(slices_are_values_from_3_14_on) {
  const std::string slice = ":" + join({"N", int32(2), "N"});
  for (const Version version : {v314, v315}) {
    check_constants(tuple({slice, slice}), tuple({flagged(slice), ref(0)}), 1, version);
  }
  BOOST_TEST((error_kind(v313, code_with(tuple({slice}))) == MarshalError::Kind::unknown));
}

BOOST_AUTO_TEST_CASE(frozendicts_are_values_from_3_15_on) {
  const std::string dict = "}" + name("b") + int32(2) + name("a") + "N0";
  check_constants(tuple({dict, dict}), tuple({flagged(dict), ref(0)}), 1, v315);
  BOOST_TEST((error_kind(v314, code_with(tuple({dict}))) == MarshalError::Kind::unknown));
}

BOOST_AUTO_TEST_CASE(the_code_objects_of_3_8_to_3_10_have_their_own_layout) {
  const std::string consts = tuple({plain("n"), int32(3), int32(3)});
  const std::string expected =
      join({"c", u32(0), u32(0), u32(0), u32(0), u32(1), u32(64), bytes("d\x00S\x00"s),
            tuple({flagged(name("n")), flagged(int32(3)), ref(1)}), tuple({ref(0)}),
            flagged(tuple({})), ref(2), ref(2), name("<f>"), name("<m>"), u32(1), bytes("")});
  for (const Version version : {Version{3, 8}, v39, Version{3, 10}}) {
    BOOST_TEST(normal(version, code_3_8(consts)) == hex(expected));
  }
  BOOST_TEST(!normalize(v311, code_3_8(consts)).has_value());
}

BOOST_AUTO_TEST_CASE(code_of_2_7_goes_through_as_it_is) {
  const std::string stream = code_2_7(sequence('(', {int32(3), int32(3), long_text('t', "x")}));
  // The 't' in the constants takes string number 0, so the reference to it means "x"; still fine.
  BOOST_TEST(normal(v27, stream) == hex(stream));
  BOOST_TEST((error_kind(v27, code_with(tuple({}))) == MarshalError::Kind::unknown)); // ')'
}

BOOST_AUTO_TEST_CASE(other_versions_are_unknown) {
  const std::string stream = code_with(tuple({}));
  for (const Version version : {Version{2, 6}, Version{3, 0}, Version{3, 7}, Version{3, 16}}) {
    BOOST_TEST((error_kind(version, stream) == MarshalError::Kind::unknown));
  }
}

BOOST_AUTO_TEST_CASE(what_follows_the_code_object_is_dropped) {
  const std::string stream = code_with(tuple({int32(1)}));
  BOOST_TEST(normal(v311, stream + "rest") == normal(v311, stream));
  const std::string old = code_2_7(sequence('(', {}));
  BOOST_TEST(normal(v27, old + "rest") == hex(old));
}

BOOST_AUTO_TEST_CASE(code_in_a_set_is_left_to_pass_through) {
  const std::string consts = tuple({sequence('>', {code_with(tuple({})), int32(1)})});
  BOOST_TEST((error_kind(v311, code_with(consts)) == MarshalError::Kind::unknown));
}

namespace {

/// LEVELS tuples, each holding twice the one before it: 2^LEVELS objects in a few bytes each.
std::string doubling_tuples(std::uint32_t levels) {
  std::string consts = ")\x02" + flagged(tuple({int32(1), int32(1)}));
  std::string items;
  std::uint32_t number = 0;
  for (std::uint32_t level = 1; level < levels; ++level) {
    items += flagged(tuple({ref(number), ref(number)}));
    ++number;
  }
  return "(" + u32(levels) + consts.substr(2) + items;
}

} // namespace

BOOST_AUTO_TEST_CASE(nested_references_do_not_multiply) {
  const auto result = normalize(v311, code_with(doubling_tuples(100000)));
  BOOST_TEST_REQUIRE(result.has_value());
  BOOST_TEST(result->size() < 2'000'000U);
}

BOOST_AUTO_TEST_CASE(nested_references_do_not_multiply_in_a_set) {
  std::string consts = doubling_tuples(64);
  consts[0] = '>';
  BOOST_TEST((error_kind(v311, code_with(tuple({consts}))) == MarshalError::Kind::unknown));
  // Long chains without doubling: deep rather than large.
  std::string chain = ">" + u32(50000) + flagged(tuple({int32(1)}));
  for (std::uint32_t i = 0; i + 1 < 50000; ++i) {
    chain += flagged(tuple({ref(i)}));
  }
  BOOST_TEST((error_kind(v311, code_with(tuple({chain}))) == MarshalError::Kind::unknown));
}

BOOST_AUTO_TEST_CASE(a_deep_value_made_by_references_is_not_written_into_a_set) {
  constexpr std::uint32_t levels = 500000;
  std::string chain = "(" + u32(levels) + flagged(tuple({"N"}));
  for (std::uint32_t i = 0; i + 1 < levels; ++i) {
    chain += flagged(tuple({ref(i)}));
  }
  BOOST_TEST(normalize(v311, code_with(tuple({chain}))).has_value());
  const std::string set = sequence('>', {ref(levels - 1), "N"});
  BOOST_TEST((error_kind(v311, code_with(tuple({chain, set}))) == MarshalError::Kind::unknown));
}

BOOST_AUTO_TEST_CASE(many_values_are_told_apart) {
  std::string items;
  constexpr std::uint32_t count = 200000;
  for (std::uint32_t i = 0; i < count; ++i) {
    items += "i" + u32(i << 16U | i >> 16U);
  }
  const auto result = normalize(v311, code_with("(" + u32(count) + items));
  BOOST_TEST_REQUIRE(result.has_value());
  BOOST_TEST(result->find(items) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_set_in_order_must_not_nest_more_deeply_than_loads_reads) {
  // In the stream the value stands flat before the element that refers to it. Sorted, that element
  // comes first, and the value stands inside it.
  const std::string value = flagged(tuple({"N", tuples_around(900, "N")}));
  const std::string set = sequence('>', {value, tuples_around(500, ref(0))});
  BOOST_TEST(normalize(v311, code_with(tuples_around(400, set))).has_value());
  const std::string deep = code_with(tuples_around(1000, set));
  BOOST_TEST(pysup::bytecode::verify(v311, deep).has_value());
  BOOST_TEST((error_kind(v311, deep) == MarshalError::Kind::unknown));
}
