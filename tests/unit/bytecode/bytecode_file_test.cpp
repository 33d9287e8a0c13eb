// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/bytecode_file.hpp"

#include "bytecode/normal_form.hpp"
#include "marshal_stream.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace pysup;
using namespace pysup::bytecode;
using marshal_stream::code_2_7;
using marshal_stream::code_with;

const Header some_header{.magic = 0x0a0d0da7, .mtime = 7, .size = 9};

os::FileInfo with_mode(std::uint32_t mode) {
  os::FileInfo info;
  info.mode = mode;
  return info;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_bytecode_file_is_header_and_code_in_normal_form) {
  const std::pair<Version, std::string> streams[] = {
      {v311, code_with(marshal_stream::tuple({marshal_stream::int32(1)}))},
      {v27, code_2_7(marshal_stream::sequence('(', {marshal_stream::int32(1)}))},
  };
  for (const auto& [version, stream] : streams) {
    const auto file = bytecode_file(version, some_header, stream);
    BOOST_TEST_REQUIRE(file.has_value());
    const auto normal = normalize(version, stream);
    BOOST_TEST_REQUIRE(normal.has_value());
    BOOST_TEST((file->bytes == encode_header(version, some_header) + *normal));
    BOOST_TEST(file->header_size == header_size(version));
    BOOST_TEST((file->code() == *normal));
    BOOST_TEST(!file->not_normal.has_value());
  }
  // The one stream is not in normal form by itself, or this would be about nothing.
  BOOST_TEST((*normalize(v311, streams[0].second) != streams[0].second));
}

BOOST_AUTO_TEST_CASE(code_with_a_type_that_is_not_known_goes_through_as_it_is) {
  const std::string stream = code_with(marshal_stream::tuple({"\x01"}));
  const auto file = bytecode_file(v311, some_header, stream);
  BOOST_TEST_REQUIRE(file.has_value());
  BOOST_TEST((file->bytes == encode_header(v311, some_header) + stream));
  BOOST_TEST((file->code() == stream));
  BOOST_TEST_REQUIRE(file->not_normal.has_value());
  BOOST_TEST(!file->not_normal->empty());
}

BOOST_AUTO_TEST_CASE(code_that_does_not_unmarshal_is_the_interpreters_error) {
  const std::string whole = code_with(marshal_stream::tuple({}));
  for (const std::string& stream : {std::string(), whole.substr(0, whole.size() - 1),
                                    std::string("N"), marshal_stream::ref(7)}) {
    const auto file = bytecode_file(v311, some_header, stream);
    BOOST_REQUIRE_MESSAGE(!file, stream.size() << " bytes of " << whole.size());
    BOOST_TEST((file.error().kind == CompileError::Kind::interpreter));
    BOOST_TEST(file.error().exception == "");
    BOOST_TEST(file.error().message.find("does not unmarshal: ") != std::string::npos);
  }
}

// _calc_mode() and _write_atomic() of importlib; 2.7 opens its files with mode 0666.
BOOST_AUTO_TEST_CASE(permissions_are_the_sources_writable_and_never_executable) {
  const std::pair<unsigned, unsigned> cases[] = {
      {0644, 0644}, {0600, 0600}, {0444, 0644}, {0400, 0600},  {0000, 0200},
      {0755, 0644}, {0777, 0666}, {0111, 0200}, {04755, 0644}, {01666, 0666},
  };
  for (const auto& [source, file] : cases) {
    BOOST_TEST(bytecode_permissions(v311, with_mode(source)) == file);
    BOOST_TEST(bytecode_permissions(v27, with_mode(source)) == 0666U);
  }
}
