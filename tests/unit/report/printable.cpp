// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/text.hpp"

#include <boost/test/unit_test.hpp>

namespace pysup::report {
namespace {

using namespace std::string_literals;

struct Case {
  std::string text;
  std::string shown;
};

/// RFC 3629 says what is UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
BOOST_AUTO_TEST_CASE(what_is_no_text_is_shown_by_its_bytes) {
  const Case cases[] = {
      {"", ""},
      {"/usr/lib/a b~.py", "/usr/lib/a b~.py"},
      {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8d", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x8d"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {"a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd"},
      {"a\0b"s, "a\\x00b"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "2J",
       "\\xc2\\x9b2J"}, // CSI as one character of C1
      {"\xc2\xa0", "\xc2\xa0"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"caf\xe9", "caf\\xe9"},
      {"\x80", "\\x80"},
      {"\xc3", "\\xc3"},
      {"\xc3(", "\\xc3("},
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xf0\x9f\x90", "\\xf0\\x9f\\x90"},
      {"\xc0\xaf", "\\xc0\\xaf"},
      {"\xc1\xbf", "\\xc1\\xbf"},
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
      {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"\xed\x9f\xbf", "\xed\x9f\xbf"},
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
      {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
      {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
      {"\xe2\xe2\x82\xac", "\\xe2\xe2\x82\xac"},
  };
  for (const Case& one : cases) {
    BOOST_CHECK_EQUAL(printable(one.text), one.shown);
  }
}

BOOST_AUTO_TEST_CASE(line_ends_of_a_message_stay_on_request_and_nothing_else) {
  BOOST_CHECK_EQUAL(printable("a\nb\x1b\r\n", true), "a\nb\\x1b\\x0d\n");
  BOOST_CHECK_EQUAL(printable("a\nb", false), "a\\x0ab");
}

BOOST_AUTO_TEST_CASE(no_byte_alone_drives_a_terminal) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string shown = printable(std::string(1, static_cast<char>(byte)));
    for (const char c : shown) {
      BOOST_CHECK_MESSAGE(c >= ' ' && c <= '~', "byte " << byte << " is shown as " << shown);
    }
  }
}

} // namespace
} // namespace pysup::report
