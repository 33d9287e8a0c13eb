// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/store.hpp"

#include "scratch_root.hpp"
#include "why.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace pysup::reference {

namespace {

const std::string references_dir = "/usr/share/python-support/";

std::vector<Listed> listed(const ScratchRoot& scratch, std::vector<Problem>& problems) {
  const auto result = list(scratch.root(), problems);
  BOOST_REQUIRE_MESSAGE(result, pysup::test::why(result));
  return *result;
}

void make_socket(const std::string& host_path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  BOOST_REQUIRE_LT(host_path.size(), sizeof address.sun_path);
  host_path.copy(static_cast<char*>(address.sun_path), host_path.size());
  // The interface takes any kind of address by this one pointer type.
  BOOST_REQUIRE_EQUAL(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(store, ScratchRoot)

BOOST_AUTO_TEST_CASE(the_four_kinds_are_listed_by_name) {
  files({"/usr/share/python-support/b.public", "/usr/share/python-support/a.private",
         "/usr/share/python-support/c.dirs", "/usr/share/python-support/tree/x.py",
         "/usr/share/python-support/b.public2/x.py"});
  std::vector<Problem> problems;
  check_same(listed(*this, problems), {{"a.private", Kind::private_list},
                                       {"b.public", Kind::public_list},
                                       {"b.public2", Kind::tree},
                                       {"c.dirs", Kind::dirs},
                                       {"tree", Kind::tree}});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(links_count_as_what_they_lead_to) {
  files({"/usr/share/foo/list", "/usr/share/foo/tree/x.py"});
  link(references_dir + "a.public", "/usr/share/foo/list");
  link(references_dir + "b", "../foo/tree");
  std::vector<Problem> problems;
  check_same(listed(*this, problems), {{"a.public", Kind::public_list}, {"b", Kind::tree}});
  check_same(problems, {});
  check_same(load("b", problems).public_files, {{"x.py", references_dir + "b/x.py", std::nullopt}});
}

BOOST_AUTO_TEST_CASE(what_is_no_reference_is_skipped_with_a_note) {
  file(references_dir + "good.public");
  directory(references_dir + "a.public");
  directory(references_dir + "b.private");
  directory(references_dir + "c.dirs");
  link(references_dir + "d.public", "nowhere");
  link(references_dir + "e", "e");
  file(references_dir + "f", "a file");
  BOOST_REQUIRE(::mkfifo(host(references_dir + "g.public").c_str(), 0644) == 0);
  file(references_dir + "private/x.py");
  make_socket(host(references_dir + "s.public"));
  file(references_dir + ".hidden.public");
  std::vector<Problem> problems;
  check_same(listed(*this, problems), {{"good.public", Kind::public_list}});
  check_same(problems, {{".hidden.public", 0, "not the name of a reference, skipped"},
                        {"a.public", 0, "a directory, but a .public is a file, skipped"},
                        {"b.private", 0, "a directory, but a .private is a file, skipped"},
                        {"c.dirs", 0, "a directory, but a .dirs is a file, skipped"},
                        {"d.public", 0, "not readable: No such file or directory, skipped"},
                        {"e", 0, "not readable: Too many levels of symbolic links, skipped"},
                        {"f", 0, "a file that is no .public, .private or .dirs, skipped"},
                        {"g.public", 0, "neither a file nor a directory, skipped"},
                        {"private", 0, "not the name of a reference, skipped"},
                        {"s.public", 0, "neither a file nor a directory, skipped"}});
}

BOOST_AUTO_TEST_CASE(files_that_dpkg_is_unpacking_are_not_worth_a_note) {
  files({"/usr/share/python-support/a.public.dpkg-new", "/usr/share/python-support/b.dpkg-tmp"});
  std::vector<Problem> problems;
  check_same(listed(*this, problems), {});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_an_empty_list) {
  std::vector<Problem> problems;
  check_same(listed(*this, problems), {});
  check_same(problems, {});
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_read_is_an_error) {
  file("/usr/share/python-support", "a file");
  std::vector<Problem> problems;
  const auto result = list(root(), problems);
  BOOST_REQUIRE(!result);
  BOOST_CHECK_NE(result.error().message.find("/usr/share/python-support"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_kind_is_in_the_name) {
  const struct {
    std::string_view name;
    std::optional<Kind> kind;
  } cases[] = {{"x.public", Kind::public_list},
               {"x.private", Kind::private_list},
               {"x.dirs", Kind::dirs},
               {"x", Kind::tree},
               {"public", Kind::tree},
               {"x.public.private", Kind::private_list},
               {"x.publicx", Kind::tree},
               {"a b\n\xff.public", Kind::public_list},
               {"private", std::nullopt},
               {"", std::nullopt},
               {".", std::nullopt},
               {"..", std::nullopt},
               {".public", std::nullopt},
               {".hidden", std::nullopt},
               {"x/y", std::nullopt},
               {"x/y.public", std::nullopt},
               {"/x.public", std::nullopt},
               {"x\0.public"sv, std::nullopt}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.name) {
      BOOST_CHECK(kind_of(one.name) == one.kind);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_kind_has_its_word) {
  BOOST_CHECK_EQUAL(to_text(Kind::public_list), "public");
  BOOST_CHECK_EQUAL(to_text(Kind::private_list), "private");
  BOOST_CHECK_EQUAL(to_text(Kind::dirs), "dirs");
  BOOST_CHECK_EQUAL(to_text(Kind::tree), "tree");
  BOOST_CHECK(is_public(Kind::public_list) && is_public(Kind::tree));
  BOOST_CHECK(!is_public(Kind::private_list) && !is_public(Kind::dirs));
}

BOOST_AUTO_TEST_CASE(an_argument_is_a_name_or_a_path_among_the_references) {
  const struct {
    std::string_view argument;
    const char* name;
  } cases[] = {{"foo.public", "foo.public"},
               {"foo", "foo"},
               {"foo/", "foo"},
               {"/usr/share/python-support/foo.public", "foo.public"},
               {"/usr/share/python-support//foo.private", "foo.private"},
               {"/usr/share/python-support/foo/", "foo"},
               {"a b\xff.dirs", "a b\xff.dirs"}};
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.argument) {
      const auto name = name_from_argument(one.argument);
      BOOST_REQUIRE_MESSAGE(name, pysup::test::why(name));
      BOOST_CHECK_EQUAL(*name, one.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_arguments_are_refused_by_name) {
  for (const auto argument :
       {""sv, "."sv, ".."sv, "private"sv, "./foo.public"sv, "a/foo.public"sv, "/"sv, "/etc/foo"sv,
        "/usr/share/python-support"sv, "/usr/share/python-support/"sv,
        "/usr/share/python-support/.."sv, "/usr/share/python-support/../foo.public"sv,
        "/usr/share/python-supportfoo.public"sv, "/usr/share/python-support2/foo.public"sv,
        "/usr/share/python-support/private/foo.private"sv, "foo\0.public"sv}) {
    BOOST_TEST_CONTEXT(argument) {
      const auto name = name_from_argument(argument);
      BOOST_REQUIRE(!name);
      BOOST_CHECK(!name.error().message.empty());
    }
  }
  BOOST_CHECK_EQUAL(name_from_argument("/etc/foo").error().message,
                    "\"/etc/foo\" is not in /usr/share/python-support");
}

BOOST_AUTO_TEST_CASE(a_reference_that_cannot_be_read_is_an_error) {
  directory(references_dir);
  for (const char* name : {"gone.public", "gone.private", "gone.dirs", "gone"}) {
    BOOST_CHECK_NE(load_error(name).find(references_dir + name), std::string::npos);
  }
  directory(references_dir + "d.public");
  BOOST_CHECK_NE(load_error("d.public").find(references_dir + "d.public"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reference_larger_than_the_limit_is_an_error) {
  file(references_dir + "x.public");
  std::filesystem::resize_file(host(references_dir + "x.public"), (std::uintmax_t{64} << 20U) + 1);
  BOOST_CHECK_NE(load_error("x.public").find(references_dir + "x.public: File too large"),
                 std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_problems_of_one_reference_are_bounded) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) {
    bytes += fmt::format("/usr/share/pyshared/missing{}.py\n", i);
  }
  std::vector<Problem> problems;
  load("x.public", bytes, problems);
  BOOST_REQUIRE_EQUAL(problems.size(), 21);
  BOOST_CHECK_EQUAL(problems[20], (Problem{"x.public", 0, "and 4980 more problems"}));
}

BOOST_AUTO_TEST_CASE(bytes_of_any_kind_load_or_fail_in_order) {
  const std::string bytes = "\0\0\xff\n/\n//\npyversions\n=\n\x7f"
                            "ELF\n/usr/share\0/\n"s;
  for (const char* name : {"x.public", "x.private", "x.dirs"}) {
    std::vector<Problem> problems;
    const auto reference = load(name, bytes, problems);
    BOOST_CHECK(reference.public_files.empty() && reference.private_files.empty());
    BOOST_CHECK_GE(problems.size(), 4);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::reference
