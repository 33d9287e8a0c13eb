// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/header.hpp"

#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace {

using namespace std::string_literals;
using namespace pysup;
using namespace pysup::bytecode;

constexpr std::uint32_t magic_311 = 0x0a0d0da7;

Header with_time(std::uint32_t mtime, std::uint32_t size) {
  return {.magic = magic_311, .mtime = mtime, .size = size};
}

Header with_hash(InvalidationMode mode, std::uint64_t hash) {
  return {.magic = magic_311, .mode = mode, .hash = hash};
}

struct Form {
  Version version;
  Header header;
  std::string bytes;
};

} // namespace

// The bytes are put together from PEP 552 and, before it, from importlib of the versions.
BOOST_AUTO_TEST_CASE(headers_are_written_and_read_as_pep_552_says) {
  const Form forms[] = {
      {v311, with_time(0x01020304, 0xf1020304), "\xa7\r\r\n\0\0\0\0\4\3\2\1\4\3\2\xf1"s},
      {v311, with_hash(InvalidationMode::unchecked_hash, 0x0807060504030201),
       "\xa7\r\r\n\1\0\0\0\1\2\3\4\5\6\7\x08"s},
      {v311, with_hash(InvalidationMode::checked_hash, 0xf807060504030201),
       "\xa7\r\r\n\3\0\0\0\1\2\3\4\5\6\7\xf8"s},
      {v36, with_time(5, 6), "\xa7\r\r\n\5\0\0\0\6\0\0\0"s},
      {v27, with_time(0xffffffff, 0), "\xa7\r\r\n\xff\xff\xff\xff"s},
  };
  for (const auto& [version, header, bytes] : forms) {
    BOOST_TEST(header_size(version) == bytes.size());
    BOOST_TEST((encode_header(version, header) == bytes));
    const auto decoded = decode_header(version, bytes + "code");
    BOOST_TEST_REQUIRE(decoded.has_value());
    BOOST_TEST((*decoded == header));
  }
}

BOOST_AUTO_TEST_CASE(the_size_field_came_with_3_3_and_the_flags_with_3_7) {
  BOOST_TEST(header_size({3, 2}) == 8U);
  BOOST_TEST(header_size({3, 3}) == 12U);
  BOOST_TEST(header_size({3, 6}) == 12U);
  BOOST_TEST(header_size({3, 7}) == 16U);
  BOOST_TEST(header_size({3, 15}) == 16U);
}

BOOST_AUTO_TEST_CASE(a_header_cut_short_is_refused) {
  const std::string bytes(16, '\0');
  for (const Version version : {v27, v36, v311}) {
    for (std::size_t size = 0; size < header_size(version); ++size) {
      const auto decoded = decode_header(version, bytes.substr(0, size));
      BOOST_TEST_REQUIRE(!decoded.has_value());
      BOOST_TEST(decoded.error().message.find("cut short") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(flags_that_pep_552_does_not_define_are_refused) {
  for (const char byte : {'\4', '\5', '\x80'}) {
    const std::string bytes = "\xa7\r\r\n"s + byte + std::string(11, '\0');
    BOOST_TEST(!decode_header(v311, bytes).has_value());
  }
  BOOST_TEST(!decode_header(v311, "\xa7\r\r\n\0\0\0\1"s + std::string(8, '\0')).has_value());
}

BOOST_AUTO_TEST_CASE(check_source_without_a_hash_is_a_timestamp_as_importlib_takes_it) {
  const auto decoded = decode_header(v311, "\xa7\r\r\n\2\0\0\0\5\0\0\0\6\0\0\0"s);
  BOOST_TEST_REQUIRE(decoded.has_value());
  BOOST_TEST((*decoded == with_time(5, 6)));
}

BOOST_AUTO_TEST_CASE(mode_names_are_read_as_they_are_written) {
  for (const auto mode : {InvalidationMode::timestamp, InvalidationMode::checked_hash,
                          InvalidationMode::unchecked_hash}) {
    BOOST_TEST((parse_invalidation_mode(to_text(mode)) == mode));
  }
  // The names that py_compile and compileall use.
  BOOST_TEST((parse_invalidation_mode("checked-hash") == InvalidationMode::checked_hash));
  BOOST_TEST((parse_invalidation_mode("unchecked-hash") == InvalidationMode::unchecked_hash));
  BOOST_TEST((parse_invalidation_mode("timestamp") == InvalidationMode::timestamp));
  BOOST_TEST(!parse_invalidation_mode("").has_value());
  BOOST_TEST(!parse_invalidation_mode("checked").has_value());
}

// Found by setting these times on a source and letting CPython 3.8, 3.11 and 3.13 write bytecode.
BOOST_AUTO_TEST_CASE(the_mtime_field_is_what_importlib_makes_of_the_time) {
  struct Case {
    std::int64_t sec;
    std::uint32_t nsec;
    std::uint32_t field;
  };
  const Case cases[] = {
      {0, 0, 0},
      {1, 999999999, 1},
      {1700000000, 999999900, 1700000001},
      {1700000000, 999999000, 1700000000},
      {1700000000, 500000000, 1700000000},
      {-1, 500000000, 0},
      {-2, 500000000, 4294967295},
      {-1, 0, 4294967295},
      {2147483648, 0, 2147483648},
      {4294967301, 250000000, 5},
      {4294967295, 999999999, 0},
  };
  for (const auto& [sec, nsec, field] : cases) {
    BOOST_TEST(header_mtime(v311, sec, nsec) == field, sec << " s, " << nsec << " ns");
  }
}

BOOST_AUTO_TEST_CASE(times_at_the_ends_of_the_range_do_not_overflow) {
  // 2^63 and -2^63 once they are doubles: multiples of 2^32.
  BOOST_TEST(header_mtime(v311, std::numeric_limits<std::int64_t>::max(), 999999999) == 0U);
  BOOST_TEST(header_mtime(v311, std::numeric_limits<std::int64_t>::min(), 0) == 0U);
}

BOOST_AUTO_TEST_CASE(python2_takes_the_whole_seconds) {
  BOOST_TEST(header_mtime(v27, 1700000000, 999999900) == 1700000000U);
  BOOST_TEST(header_mtime(v27, -1, 500000000) == 4294967295U);
  BOOST_TEST(header_mtime(v27, 4294967301, 0) == 5U);
}

// importlib.util.source_hash(b"x = 1\n") of the interpreters themselves.
BOOST_AUTO_TEST_CASE(source_hashes_are_those_of_the_interpreters) {
  BOOST_TEST(source_hash({3, 9}, 0x0a0d0d61, "x = 1\n") == 0xfadf0fe5a965d6f1U);
  BOOST_TEST(source_hash({3, 11}, 0x0a0d0da7, "x = 1\n") == 0x5252f793aa72034cU);
  BOOST_TEST(source_hash({3, 13}, 0x0a0d0df3, "x = 1\n") == 0xe12513689e286e7U);
  BOOST_TEST(source_hash({3, 15}, 0x0a0d0e52, "x = 1\n") == 0xfd41c4346fdbaba8U);
}

// _get_default_invalidation_mode() of py_compile: `if os.environ.get('SOURCE_DATE_EPOCH')`.
BOOST_AUTO_TEST_CASE(the_default_mode_comes_from_source_date_epoch) {
  const auto mode_with = [](const std::optional<std::string>& value) {
    return default_mode([&value](const char* name) {
      return name == "SOURCE_DATE_EPOCH"s ? value : std::optional<std::string>("1");
    });
  };
  BOOST_TEST((mode_with(std::nullopt) == InvalidationMode::timestamp));
  BOOST_TEST((mode_with("") == InvalidationMode::timestamp));
  for (const char* value : {"0", "1700000000", "no number", " "}) {
    BOOST_TEST((mode_with(value) == InvalidationMode::checked_hash));
  }
}

BOOST_AUTO_TEST_CASE(hashes_came_with_3_7) {
  BOOST_TEST(!has_hash_modes(v27));
  BOOST_TEST(!has_hash_modes(v36));
  BOOST_TEST(has_hash_modes({3, 7}));
  BOOST_TEST(has_hash_modes(v315));
}

BOOST_AUTO_TEST_CASE(a_header_for_a_source_has_what_its_mode_needs) {
  os::FileInfo source;
  source.size = 0x1'0000'0007; // modulo 2^32
  source.mtime_sec = 1700000000;
  source.mtime_nsec = 999999900; // importlib's double of it is the next second
  const Header by_time{.magic = 0x0a0d0df3, .mtime = 1700000001, .size = 7};
  const auto made = [&source](Version version, InvalidationMode mode) {
    return header_for(version, 0x0a0d0df3, mode, source, "x = 1\n");
  };
  BOOST_TEST((made(v313, InvalidationMode::timestamp) == by_time));
  BOOST_TEST(made(v27, InvalidationMode::timestamp).mtime == 1700000000U);
  for (const auto mode : {InvalidationMode::checked_hash, InvalidationMode::unchecked_hash}) {
    // As in source_hashes_are_those_of_the_interpreters.
    const Header by_hash{.magic = 0x0a0d0df3, .mode = mode, .hash = 0xe12513689e286e7};
    BOOST_TEST((made(v313, mode) == by_hash));
  }
}
