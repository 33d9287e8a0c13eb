// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/source_list.hpp"

#include "scratch_directory.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <sstream>
#include <unistd.h>

namespace pysup::cli {
namespace {

using Paths = std::vector<std::string>;

/// What SELECTION finds; paths in PLACE without its name, and marks for what is not just found.
Paths listed(const test::ScratchDirectory& place, const Paths& arguments,
             const SourceSelection& selection = {}) {
  Paths shown;
  for (const Source& source : list_sources(arguments, selection)) {
    const std::string& path = source.path;
    const std::string top = place.host("");
    shown.push_back((source.named ? "named " : "") +
                    (path.starts_with(top) ? path.substr(top.size()) : path) +
                    (source.list_error != 0 ? " " + std::to_string(source.list_error) : ""));
  }
  return shown;
}

void check_paths(const Paths& found, const Paths& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}

/// A tree of three levels.
void make_tree(const test::ScratchDirectory& place) {
  for (const char* path :
       {"/t/b.py", "/t/B.py", "/t/a/z.py", "/t/a/c/deep.py", "/t/a.py", "/t/a-b.py", "/t/c/y.py",
        "/t/readme.txt", "/t/a/x.pyc", "/t/x.pyw", "/t/py", "/t/.py", "/t/__pycache__/no.py",
        "/t/a/__pycache__/no.py", "/t/d.py/inside.py"}) {
    place.file(path);
  }
}

reference::Pattern searched_for(std::string_view text) {
  auto pattern = reference::Pattern::compile(text, reference::Pattern::Where::anywhere);
  BOOST_REQUIRE_MESSAGE(pattern, pysup::test::why(pattern));
  return std::move(*pattern);
}

/// Takes the right to read all from root for as long as it lives.
class NoRightToAll {
 public:
  NoRightToAll() : user_(::geteuid()) {
    BOOST_REQUIRE(user_ != 0 || ::seteuid(65534) == 0); // nobody
  }
  NoRightToAll(const NoRightToAll&) = delete;
  NoRightToAll& operator=(const NoRightToAll&) = delete;
  ~NoRightToAll() { static_cast<void>(::seteuid(user_) == 0); }

 private:
  uid_t user_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(source_list)

// The order of compileall: names of one directory sorted, what is below a directory in its place.
BOOST_AUTO_TEST_CASE(a_directory_stands_for_the_sources_below_it_in_order) {
  const test::ScratchDirectory place;
  make_tree(place);
  const Paths all = {"/t/.py",  "/t/B.py", "/t/a/c/deep.py", "/t/a/z.py",        "/t/a-b.py",
                     "/t/a.py", "/t/b.py", "/t/c/y.py",      "/t/d.py/inside.py"};
  check_paths(listed(place, {place.host("/t")}), all);
}

BOOST_AUTO_TEST_CASE(depth_is_of_directories_below_the_one_given) {
  const test::ScratchDirectory place;
  make_tree(place);
  const Paths top = {"/t/.py", "/t/B.py", "/t/a-b.py", "/t/a.py", "/t/b.py"};
  check_paths(listed(place, {place.host("/t")}, {.depth = 0, .exclude = nullptr}), top);
  const Paths one = {"/t/.py",  "/t/B.py", "/t/a/z.py", "/t/a-b.py",
                     "/t/a.py", "/t/b.py", "/t/c/y.py", "/t/d.py/inside.py"};
  check_paths(listed(place, {place.host("/t")}, {.depth = 1, .exclude = nullptr}), one);
  BOOST_CHECK_EQUAL(listed(place, {place.host("/t")}, {.depth = 2, .exclude = nullptr}).size(),
                    one.size() + 1);
  check_paths(
      listed(place, {place.host("/t/a"), place.host("/t/c")}, {.depth = 0, .exclude = nullptr}),
      {"/t/a/z.py", "/t/c/y.py"});
}

BOOST_AUTO_TEST_CASE(names_are_joined_as_os_path_join_does) {
  const test::ScratchDirectory place;
  place.file("/t/a/x.py");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(place.host("/t"));
  check_paths(listed(place, {".", "a", "a/", "a//", "./a", "../t"}),
              {"./a/x.py", "a/x.py", "a/x.py", "a//x.py", "./a/x.py", "../t/a/x.py"});
  std::filesystem::current_path(before);
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_stands_for_itself_in_the_order_given) {
  const test::ScratchDirectory place;
  make_tree(place);
  place.link("/dangling", "nothing");
  check_paths(
      listed(place, {place.host("/t/readme.txt"), place.host("/missing"), "", place.host("/t/c"),
                     place.host("/dangling"), "-", place.host("/t/c/y.py"), "/dev/null"}),
      {"named /t/readme.txt", "named /missing", "named ", "/t/c/y.py", "named /dangling", "named -",
       "named /t/c/y.py", "named /dev/null"});
  check_paths(listed(place, {}), {});
}

BOOST_AUTO_TEST_CASE(links_to_files_count_and_links_to_directories_do_not) {
  const test::ScratchDirectory place;
  place.file("/else/real.py");
  place.file("/else/text");
  place.directory("/t");
  place.link("/t/file.py", "../else/real.py");
  place.link("/t/text.py", "../else/text");
  place.link("/t/no-source", "../else/real.py");
  place.link("/t/directory", "../else");
  place.link("/t/directory.py", "../else");
  place.link("/t/dangling.py", "nothing");
  place.link("/t/loop.py", "loop.py");
  place.link("/given", "t");
  check_paths(listed(place, {place.host("/t")}), {"/t/file.py", "/t/text.py"});
  check_paths(listed(place, {place.host("/given")}), {"/given/file.py", "/given/text.py"});
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_not_found) {
  const test::ScratchDirectory place;
  place.file("/t/x.py");
  BOOST_REQUIRE_EQUAL(::mkfifo(place.host("/t/pipe.py").c_str(), 0600), 0);
  check_paths(listed(place, {place.host("/t")}), {"/t/x.py"});
  check_paths(listed(place, {place.host("/t/pipe.py")}), {"named /t/pipe.py"});
}

BOOST_AUTO_TEST_CASE(a_bytecode_directory_counts_if_it_is_given) {
  const test::ScratchDirectory place;
  make_tree(place);
  check_paths(listed(place, {place.host("/t/__pycache__")}), {"/t/__pycache__/no.py"});
}

BOOST_AUTO_TEST_CASE(names_of_any_bytes_are_found) {
  const test::ScratchDirectory place;
  place.file("/t/\xff\n.py");
  place.file("/t/\xc3\xa9.py");
  check_paths(listed(place, {place.host("/t")}), {"/t/\xc3\xa9.py", "/t/\xff\n.py"});
}

BOOST_AUTO_TEST_CASE(paths_in_which_the_expression_is_found_are_left_out) {
  const test::ScratchDirectory place;
  make_tree(place);
  const auto letters = searched_for("/t/(?:[abc]/|B)");
  check_paths(listed(place, {place.host("/t")}, {.depth = std::nullopt, .exclude = &letters}),
              {"/t/.py", "/t/a-b.py", "/t/a.py", "/t/b.py", "/t/d.py/inside.py"});
  const auto anchored = searched_for("^x");
  check_paths(listed(place, {"x.py", "a/x.py"}, {.depth = std::nullopt, .exclude = &anchored}),
              {"named a/x.py"});
}

/// It is told about all the same, and the rest is found.
BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_listed_is_told_with_the_reason) {
  const test::ScratchDirectory place;
  place.file("/t/a/x.py");
  place.file("/t/b/x.py");
  place.file("/t/z.py");
  BOOST_REQUIRE_EQUAL(::chmod(place.host("").c_str(), 0755), 0);
  BOOST_REQUIRE_EQUAL(::chmod(place.host("/t/a").c_str(), 0), 0);
  {
    const NoRightToAll nobody;
    check_paths(listed(place, {place.host("/t"), place.host("/t/a")}),
                {"/t/a 13", "/t/b/x.py", "/t/z.py", "/t/a 13"});
    check_paths(listed(place, {place.host("/t")}, {.depth = 0, .exclude = nullptr}), {"/t/z.py"});
  }
  BOOST_REQUIRE_EQUAL(::chmod(place.host("/t/a").c_str(), 0755), 0);
  BOOST_CHECK_EQUAL(EACCES, 13); // as in the paths above
}

BOOST_AUTO_TEST_CASE(lines_are_read_with_and_without_an_end) {
  const auto lines = [](const std::string& text) {
    std::istringstream in(text);
    return read_lines(in);
  };
  check_paths(lines(""), {});
  check_paths(lines("a.py\nb.py\n"), {"a.py", "b.py"});
  check_paths(lines("a.py\n b c.py "), {"a.py", " b c.py "});
  check_paths(lines("a\r\n\xff\n"), {"a\r", "\xff"});
  check_paths(lines("-\n"), {"-"});
}

// By hand from compileall of 3.13: the components of STRIP come off where they are the first ones,
// then os.path.join().
BOOST_AUTO_TEST_CASE(recorded_names_are_those_of_compileall) {
  using Option = std::optional<std::string>;
  const struct {
    const char* source;
    Option strip;
    Option prepend;
    const char* name;
  } cases[] = {
      {"a/x.py", {}, {}, "a/x.py"},
      {"/b/usr/x.py", "/b", {}, "usr/x.py"},
      {"/b/usr/x.py", "/b", "/", "/usr/x.py"},
      {"/b/usr/x.py", "/b/", "/", "/usr/x.py"},
      {"/b/usr/x.py", "/b//", "/", "/usr/x.py"},
      {"/b//usr/x.py", "/b", "/", "/usr/x.py"},
      {"debian/tmp/usr/x.py", "debian/tmp", "/", "/usr/x.py"},
      {"/b/usr/x.py", "/b", "/opt", "/opt/usr/x.py"},
      {"/b/usr/x.py", "/b", "/opt/", "/opt/usr/x.py"},
      {"/b/usr/x.py", "/b", "opt", "opt/usr/x.py"},
      {"/b/usr/x.py", "/b", "", "usr/x.py"},
      {"/b/usr/x.py", "/b/usr", {}, "x.py"},
      {"/usr/x.py", "/", {}, "usr/x.py"},
      {"/usr/x.py", "/", "/opt", "/opt/usr/x.py"},
      {"a/x.py", {}, "/usr", "/usr/a/x.py"},
      {"x.py", {}, "d", "d/x.py"},
      {"/a/x.py", {}, "/usr", "/a/x.py"}, // an absolute path stands alone
      {"./a/x.py", "./a", {}, "x.py"},
      {"./a/x.py", ".", "/", "/a/x.py"},
  };
  for (const auto& [source, strip, prepend, expected] : cases) {
    const auto name = recorded_name(source, strip, prepend);
    BOOST_REQUIRE_MESSAGE(name, pysup::test::why(name));
    BOOST_TEST(*name == expected, source << " -s " << strip.value_or("(none)") << " -p "
                                         << prepend.value_or("(none)"));
  }
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_at_the_begin_is_an_error_with_both_names) {
  const std::pair<const char*, const char*> cases[] = {
      {"/usr/x.py", "/b"}, {"/build/x.py", "/b"}, {"b/x.py", "/b"},
      {"/a/b/x.py", "b"},  {"x.py", "x.py"},      {"./a/x.py", "a"},
      {"a/x.py", "./a"},   {"a/x.py", "/"},       {"/b", "/b"},
  };
  for (const auto& [source, strip] : cases) {
    const auto name = recorded_name(source, std::string(strip), "/opt");
    BOOST_REQUIRE_MESSAGE(!name, source << " without " << strip << " is " << *name);
    BOOST_CHECK(name.error().message.find(source) != std::string::npos);
    BOOST_CHECK(name.error().message.find(strip) != std::string::npos);
  }
}

/// Nobody has a source of that name, but it may be given.
BOOST_AUTO_TEST_CASE(a_source_that_is_the_stripped_directory_itself_leaves_nothing) {
  for (const char* source : {"/b/", "/b//", "b/"}) {
    const std::string strip = source[0] == '/' ? "/b" : "b";
    const auto name = recorded_name(source, strip, std::nullopt);
    BOOST_REQUIRE_MESSAGE(name, pysup::test::why(name));
    BOOST_CHECK_EQUAL(*name, "");
  }
  BOOST_CHECK_EQUAL(recorded_name("/", "/", std::nullopt).value_or("error"), "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::cli
