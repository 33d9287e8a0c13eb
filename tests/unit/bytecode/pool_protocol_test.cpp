// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_protocol.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace pysup::bytecode {

namespace {

using namespace std::string_literals;

Answer must_have(AnswerReader& reader) {
  auto answer = reader.next();
  BOOST_REQUIRE_MESSAGE(answer, pysup::test::why(answer));
  BOOST_REQUIRE(*answer);
  return std::move(**answer);
}

bool is_incomplete(AnswerReader& reader) {
  const auto answer = reader.next();
  BOOST_REQUIRE_MESSAGE(answer, pysup::test::why(answer));
  return !*answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pool_protocol)

BOOST_AUTO_TEST_CASE(job_head_has_all_that_the_worker_must_know) {
  const Job job{99, "/x.py", std::string(0x12345, 'x'), 2};
  BOOST_CHECK_EQUAL(encode_job_head(0x01020304, job),
                    "\4\3\2\1\2\0\0\0\5\0\0\0\x45\x23\1\0\0\0\0\0/x.py"s);
}

BOOST_AUTO_TEST_CASE(answers_are_put_together_from_any_pieces) {
  const std::string stream = "\3\0\0\0\1\0\0\0\1abc\0\0\0\0\2\0\0\0\2\1\0\0\0\xff\0\0\0\4z"s;
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    AnswerReader reader;
    std::vector<Answer> answers;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.append(std::string_view(stream).substr(at, piece));
      for (;;) {
        auto answer = reader.next();
        BOOST_REQUIRE(answer);
        if (!*answer) {
          break;
        }
        answers.push_back(std::move(**answer));
      }
    }
    BOOST_REQUIRE_EQUAL(answers.size(), 3U);
    BOOST_CHECK_EQUAL(answers[0].text, "abc");
    BOOST_CHECK(answers[0].kind == Answer::Kind::code);
    BOOST_CHECK_EQUAL(answers[1].number, 2U);
    BOOST_CHECK_EQUAL(answers[1].text, "");
    BOOST_CHECK(answers[1].kind == Answer::Kind::source);
    BOOST_CHECK_EQUAL(answers[2].number, 255U);
    BOOST_CHECK(answers[2].kind == Answer::Kind::memory);
  }
}

BOOST_AUTO_TEST_CASE(answer_that_claims_too_much_is_refused_before_it_comes) {
  AnswerReader reader;
  reader.append("\1\0\0\x20\1\0\0\0\1"s); // 512 MiB and one byte
  BOOST_CHECK(!reader.next());
  AnswerReader at_the_limit;
  at_the_limit.append("\0\0\0\x20\1\0\0\0\1"s);
  BOOST_CHECK(is_incomplete(at_the_limit));
}

BOOST_AUTO_TEST_CASE(answer_of_unknown_kind_is_refused) {
  AnswerReader reader;
  reader.append("\1\0\0\0\1\0\0\0\5x"s);
  BOOST_CHECK(!reader.next());
}

BOOST_AUTO_TEST_CASE(answers_before_an_incomplete_one_count) {
  AnswerReader reader;
  reader.append("\1\0\0\0\1\0\0\0\1a\1\0\0\0\2\0\0\0\1"s);
  BOOST_CHECK_EQUAL(must_have(reader).text, "a");
  BOOST_CHECK(is_incomplete(reader));
  BOOST_CHECK(is_incomplete(reader));
  reader.append("b");
  BOOST_CHECK_EQUAL(must_have(reader).text, "b");
  BOOST_CHECK(is_incomplete(reader));
}

BOOST_AUTO_TEST_CASE(hello_is_read) {
  const auto identity = parse_hello("cpython\n3\n13\n168627699\ncpython-313");
  BOOST_REQUIRE_MESSAGE(identity, pysup::test::why(identity));
  BOOST_CHECK(identity->version == (Version{3, 13}));
  BOOST_CHECK_EQUAL(identity->magic, 168627699U);
  BOOST_CHECK_EQUAL(identity->cache_tag, "cpython-313");
}

BOOST_AUTO_TEST_CASE(hello_of_anything_else_is_an_error) {
  for (const char* const hello :
       {"", "pypy\n3\n10\n1\npypy310", "cpython", "cpython\n3\n13\n1", "cpython\n3\n13\n1\n",
        "cpython\n-3\n13\n1\ntag", "cpython\n3\n256\n1\ntag", "cpython\n3\n13\n4294967296\ntag",
        "cpython\n3\n13\n1x\ntag", "cpython\n3\n13\n1\n../../tag", "CPython\n3\n13\n1\ntag"}) {
    BOOST_CHECK_MESSAGE(!parse_hello(hello), hello);
  }
}

/// A worker may say anything.
BOOST_AUTO_TEST_CASE(error_answer_with_places_that_are_none) {
  for (const char* place : {"\n", "x\ny", "-1\n99999999999", "1 \n "}) {
    const auto outcome = to_outcome(
        {1, Answer::Kind::source, fmt::format("SyntaxError\n{}\nSyntaxError: no", place)});
    BOOST_REQUIRE(!outcome);
    BOOST_CHECK_EQUAL(outcome.error().message, "SyntaxError: no");
    BOOST_CHECK_EQUAL(outcome.error().line, 0U);
    BOOST_CHECK_EQUAL(outcome.error().column, 0U);
  }
}

BOOST_AUTO_TEST_CASE(error_answer_has_name_and_message) {
  const auto outcome = to_outcome(
      {1, Answer::Kind::marshal, "ValueError\n3\n17\nfirst line\nValueError: second line"});
  BOOST_REQUIRE(!outcome);
  BOOST_CHECK(outcome.error().kind == CompileError::Kind::marshal);
  BOOST_CHECK_EQUAL(outcome.error().exception, "ValueError");
  BOOST_CHECK_EQUAL(outcome.error().message, "first line\nValueError: second line");
  BOOST_CHECK_EQUAL(outcome.error().line, 3U);
  BOOST_CHECK_EQUAL(outcome.error().column, 17U);
}

BOOST_AUTO_TEST_CASE(long_message_keeps_its_ends) {
  const std::string middle(1'000'000, 'x');
  const auto outcome =
      to_outcome({1, Answer::Kind::source,
                  "SyntaxError\n1\n0\n  File \"/x\"\n" + middle + "\nSyntaxError: no"});
  BOOST_REQUIRE(!outcome);
  const std::string& message = outcome.error().message;
  BOOST_CHECK_LT(message.size(), 10'000U);
  BOOST_CHECK(message.starts_with("  File \"/x\"\nxxx"));
  BOOST_CHECK(message.ends_with("xxx\nSyntaxError: no"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::bytecode
