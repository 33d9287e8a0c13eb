// SPDX-License-Identifier: GPL-2.0-or-later
//
// Streams as no APT writes them.
#include "recorded.hpp"

#include <algorithm>
#include <ctime>
#include <random>
#include <vector>

namespace pysup::apt_hook {
namespace {

constexpr std::string_view head = "VERSION 3\nDir=/\n\n";
constexpr double seconds_for_a_big_one = 10; // takes tenths; what is quadratic takes minutes

Plan understood(std::string_view stream) {
  auto plan = parse_plan(stream);
  BOOST_REQUIRE_MESSAGE(plan, pysup::test::why(plan));
  return *plan;
}

/// A plan of a stream with that package line alone.
Plan with_line(std::string_view text) {
  return understood(std::string(head).append(text).append("\n"));
}

/// Every line is in the plan, or counted as bad, or ends the configuration.
void check_lines(const Plan& plan, std::string_view stream) {
  const auto newlines = std::count(stream.begin(), stream.end(), '\n');
  const std::size_t lines = static_cast<std::size_t>(newlines) + (stream.ends_with('\n') ? 0 : 1);
  const std::size_t seen = 1 + plan.configuration.size() + plan.packages.size() + plan.bad_lines;
  BOOST_REQUIRE(seen == lines || seen + 1 == lines);
}

template <typename T>
bool begins_with(const std::vector<T>& all, const std::vector<T>& some) {
  return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

double seconds_for(const std::string& stream, Plan& plan) {
  const std::clock_t begin = std::clock();
  plan = understood(stream);
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

BOOST_AUTO_TEST_SUITE(protocol_damaged)

BOOST_AUTO_TEST_CASE(only_version_3_is_understood) {
  for (const std::string_view stream :
       {"", "\n", "VERSION", "VERSION 2\n", "VERSION 4\nDir=/\n\n", "VERSION 30\n", "VERSION 3 \n",
        "VERSION 3\r\nDir=/\r\n\r\n", " VERSION 3\n", "version 3\n", "/var/cache/a.deb\n"}) {
    BOOST_CHECK_MESSAGE(!parse_plan(stream), stream);
  }
  BOOST_CHECK(!parse_plan(std::string_view("VERSION 3\0\n", 11)));
}

BOOST_AUTO_TEST_CASE(a_stream_that_says_nothing) {
  const Plan nothing = understood("VERSION 3\n\n");
  BOOST_CHECK(nothing.complete);
  BOOST_CHECK_EQUAL(nothing.bad_lines, 0U);
  BOOST_CHECK(nothing.configuration.empty() && nothing.packages.empty());
  BOOST_CHECK(!understood("VERSION 3").complete);
  BOOST_CHECK(!understood("VERSION 3\n").complete);
}

BOOST_AUTO_TEST_CASE(damaged_settings_are_passed_over) {
  using namespace std::string_view_literals;
  for (const std::string_view bad :
       {"Dir"sv, "=/"sv, "="sv, "Dir="sv, "Dir=/ "sv, "Dir=/\r"sv, "Di r=/"sv, "\tDir=/"sv,
        "Dir=/\0t"sv, "Dir=/%00t"sv, "D%00ir=/"sv, "Dir=\xe9"sv,
        "name 1 all none = 1 all none /f"sv}) {
    const Plan plan = understood("VERSION 3\nA=1\n" + std::string(bad) + "\nB=2\n\n");
    BOOST_CHECK_MESSAGE(plan.bad_lines == 1 && plan.configuration.size() == 2, bad);
    BOOST_CHECK_EQUAL(plan.value("b"), "2");
    BOOST_CHECK(plan.complete);
  }
}

/// As DeQuoteString takes it: what is no number in base 16 stays.
BOOST_AUTO_TEST_CASE(percent_signs_without_a_number) {
  const Plan plan = understood("VERSION 3\nA=%\nB=%4\nC=%zz\nD=%%41\nE=%E9%2\n\n");
  BOOST_CHECK_EQUAL(plan.bad_lines, 0U);
  BOOST_CHECK_EQUAL(plan.value("A"), "%");
  BOOST_CHECK_EQUAL(plan.value("B"), "%4");
  BOOST_CHECK_EQUAL(plan.value("C"), "%zz");
  BOOST_CHECK_EQUAL(plan.value("D"), "%A");
  BOOST_CHECK_EQUAL(plan.value("E"), "\xe9%2");
}

BOOST_AUTO_TEST_CASE(damaged_packages_are_passed_over) {
  using namespace std::string_view_literals;
  BOOST_REQUIRE_EQUAL(with_line("n 1 all none < 2 all none /f").packages.size(), 1U);
  for (const std::string_view bad : {""sv,
                                     " "sv,
                                     "n"sv,
                                     "Dir=/"sv,
                                     "n 1 all none < 2 all none"sv,
                                     "n 1 all none < 2 all none "sv,
                                     "n 1 all none < 2 all none f"sv,
                                     "n 1 all none < 2 all none  /f"sv,
                                     "n  all none < 2 all none /f"sv,
                                     " 1 all none < 2 all none /f"sv,
                                     "n 1 < 2 /f"sv,
                                     "n 1 all none << 2 all none /f"sv,
                                     "n 1 all none - 2 all none /f"sv,
                                     "n 1 all none < 2 all none **REMOVE** "sv,
                                     "n 1 all none < 2 all none **REMOVE**\r"sv,
                                     "n 1 all none < 2 all none **CONFIGURE"sv,
                                     "n 1 all none < 2 all none **DANCE**"sv,
                                     "n\0 1 all none < 2 all none /f"sv,
                                     "n 1 all none < 2 all none /f\0.deb"sv,
                                     "n\xe9 1 all none < 2 all none /f"sv,
                                     "n 1\x7f all none < 2 all none /f"sv,
                                     "n\t1 all none < 2 all none /f"sv}) {
    const Plan plan = with_line(bad);
    BOOST_CHECK_MESSAGE(plan.bad_lines == 1 && plan.packages.empty(), bad);
    BOOST_CHECK(plan.complete);
  }
}

/// A path may hold anything. A newline in it makes two lines, and APT quotes none.
BOOST_AUTO_TEST_CASE(odd_paths) {
  for (const std::string path : {"/", "/ ", "/a  b\r", "/\xff%41=", "/**REMOVE**", "/ < = >"}) {
    const Plan plan = with_line("n - - none < 2 all none " + path);
    BOOST_REQUIRE_EQUAL(plan.packages.size(), 1U);
    BOOST_CHECK_EQUAL(plan.packages[0].file, path);
  }
  const Plan broken = with_line("n - - none < 2 all none /a\nb.deb");
  BOOST_CHECK_EQUAL(broken.packages.size(), 1U);
  BOOST_CHECK_EQUAL(broken.bad_lines, 1U);
}

BOOST_AUTO_TEST_CASE(cut_anywhere) {
  for (const char* release : releases) {
    for (const char* name : {"mixed", "values"}) {
      const std::string stream = recorded(release, name);
      const Plan all = understood(stream);
      const std::size_t configuration_end = stream.find("\n\n") + 2;
      for (std::size_t size = 0; size <= stream.size(); ++size) {
        const std::string_view part = std::string_view(stream).substr(0, size);
        const auto plan = parse_plan(part);
        BOOST_REQUIRE_EQUAL(plan.has_value(), size >= 9);
        if (!plan) {
          continue;
        }
        BOOST_REQUIRE(begins_with(all.configuration, plan->configuration));
        BOOST_REQUIRE(begins_with(all.packages, plan->packages));
        BOOST_REQUIRE_EQUAL(plan->bad_lines, part.ends_with('\n') || size == 9 ? 0U : 1U);
        BOOST_REQUIRE_EQUAL(plan->complete, size >= configuration_end && part.ends_with('\n'));
        check_lines(*plan, part);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_changed_at_random) {
  std::mt19937 random(20240607);
  const auto below = [&random](std::size_t limit) {
    return static_cast<std::size_t>(random()) % limit;
  };
  constexpr std::string_view favourites("\0\n\r =%-*/\xff", 10);
  for (int round = 0; round < 4000; ++round) {
    std::string stream =
        recorded(releases[below(releases.size())], round % 2 == 0 ? "mixed" : "values");
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) {
      const std::size_t where = 9 + below(stream.size() - 9);
      switch (below(4)) {
      case 0:
        stream[where] = static_cast<char>(below(256));
        break;
      case 1:
        stream[where] = favourites[below(favourites.size())];
        break;
      case 2:
        stream.erase(where, 1 + below(40));
        break;
      default:
        stream.insert(where, stream.substr(below(stream.size()), below(40)));
      }
      stream.resize(std::max<std::size_t>(stream.size(), 10), '\n');
    }
    if (const auto plan = parse_plan(stream)) {
      check_lines(*plan, stream);
      for (const PackageLine& package : plan->packages) {
        BOOST_REQUIRE(!package.name.empty());
        BOOST_REQUIRE_EQUAL(package.operation == Operation::unpack, package.file.starts_with('/'));
      }
    } else {
      BOOST_REQUIRE_NE(stream[9], '\n');
    }
  }
}

BOOST_AUTO_TEST_CASE(fifty_thousand_packages) {
  constexpr std::size_t count = 50000;
  std::string stream(head);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "package" + std::to_string(i);
    stream += name + " 1.0-1 amd64 same < 2.0-1 amd64 same /var/cache/apt/archives/" + name +
              "_2.0-1_amd64.deb\n";
  }
  Plan plan;
  BOOST_CHECK_LT(seconds_for(stream, plan), seconds_for_a_big_one);
  BOOST_CHECK_EQUAL(plan.packages.size(), count);
  BOOST_CHECK_EQUAL(plan.packages.back().file,
                    "/var/cache/apt/archives/package49999_2.0-1_amd64.deb");
  BOOST_CHECK(plan.complete);
}

BOOST_AUTO_TEST_CASE(huge_lines_and_many_empty_ones) {
  const std::string big(std::size_t{4} << 20, '%');
  Plan plan;
  BOOST_CHECK_LT(seconds_for("VERSION 3\nA=" + big + "\n\n", plan), seconds_for_a_big_one);
  BOOST_CHECK_EQUAL(plan.value("A").size(), big.size());
  BOOST_CHECK_LT(seconds_for(std::string(head) + big, plan), seconds_for_a_big_one);
  BOOST_CHECK_EQUAL(plan.bad_lines, 1U);
  BOOST_CHECK_LT(seconds_for(std::string(head) + std::string(big.size(), '\n'), plan),
                 seconds_for_a_big_one);
  BOOST_CHECK_EQUAL(plan.bad_lines, big.size());
  BOOST_CHECK_LT(seconds_for(std::string(head) + std::string(big.size(), ' '), plan),
                 seconds_for_a_big_one);
  BOOST_CHECK_EQUAL(plan.bad_lines, 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace pysup::apt_hook
