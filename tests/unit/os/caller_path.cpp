// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/caller_path.hpp"

#include "child.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <thread>

namespace pysup::os {
namespace {

constexpr std::uint64_t no_limit = 1ULL << 40;

/// A directory that is the working directory for as long as it lives.
class CallersPlace : public test::ScratchDirectory {
 public:
  CallersPlace() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(host(""));
  }
  CallersPlace(const CallersPlace&) = delete;
  CallersPlace& operator=(const CallersPlace&) = delete;
  ~CallersPlace() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

template <typename Result>
int code_of(const Result& result) {
  return result ? 0 : result.error().code;
}

/// Paths that name nothing, and what open(2) says of them.
struct Unreadable {
  std::string path;
  int code;
};

std::vector<Unreadable> unreadable_in(const CallersPlace& place) {
  place.file("/file");
  place.link("/dangling", "nothing");
  place.link("/loop", "loop");
  return {{"missing", ENOENT},
          {"", ENOENT},
          {"dangling", ENOENT},
          {"file/below", ENOTDIR},
          {"file/", ENOTDIR},
          {"loop", ELOOP},
          {std::string(300, 'n'), ENAMETOOLONG}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(caller_path)

BOOST_AUTO_TEST_CASE(a_file_is_read_with_what_fstat_says_of_it) {
  const CallersPlace place;
  const std::string bytes("a\0\xff\n", 4);
  place.file("/d/file", bytes);
  place.link("/link", "d/file");
  for (const std::string& path :
       {std::string("d/file"), std::string("link"), place.host("/link")}) {
    const auto content = read_caller_path(path, no_limit);
    BOOST_REQUIRE_MESSAGE(content, pysup::test::why(content));
    BOOST_CHECK(content->bytes == bytes);
    BOOST_CHECK(content->info == to_file_info(place.status("/d/file")));
    const auto info = caller_path_info(path);
    BOOST_REQUIRE_MESSAGE(info, pysup::test::why(info));
    BOOST_CHECK(*info == content->info);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_error_with_its_name) {
  const CallersPlace place;
  for (const auto& [path, code] : unreadable_in(place)) {
    BOOST_TEST_CONTEXT(path) {
      const auto content = read_caller_path(path, no_limit);
      BOOST_CHECK_EQUAL(code_of(content), code);
      BOOST_CHECK(pysup::test::why(content).starts_with(path + ": "));
      BOOST_CHECK_EQUAL(code_of(caller_path_info(path)), code);
      BOOST_CHECK_EQUAL(code_of(read_caller_head(path, 4)), code);
    }
  }
  BOOST_CHECK_EQUAL(code_of(read_caller_path(".", no_limit)), EISDIR);
  BOOST_CHECK_EQUAL(code_of(read_caller_head(".", 4)), EISDIR);
}

BOOST_AUTO_TEST_CASE(a_path_with_a_nul_is_not_that_of_another_file) {
  const CallersPlace place;
  place.file("/x");
  BOOST_CHECK_EQUAL(code_of(read_caller_path(std::string("x\0y", 3), no_limit)), EINVAL);
}

BOOST_AUTO_TEST_CASE(more_than_the_limit_is_an_error) {
  const CallersPlace place;
  place.file("/file", "12345");
  BOOST_CHECK(read_caller_path("file", 5));
  BOOST_CHECK_EQUAL(code_of(read_caller_path("file", 4)), EFBIG);
  BOOST_CHECK_EQUAL(code_of(read_caller_path("/dev/zero", 1'000'000)), EFBIG);
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_to_its_end) {
  const CallersPlace place;
  BOOST_REQUIRE_EQUAL(::mkfifo("pipe", 0640), 0);
  const std::string bytes(200'000, 'x'); // more than a pipe holds
  for (const std::uint64_t limit : {bytes.size(), bytes.size() - 1}) {
    Child writer([&bytes] {
      std::ofstream("pipe") << bytes;
      return 0;
    });
    const auto content = read_caller_path("pipe", limit);
    if (limit == bytes.size()) {
      BOOST_REQUIRE_MESSAGE(content, pysup::test::why(content));
      BOOST_CHECK(content->bytes == bytes);
      BOOST_CHECK(content->info.type == FileType::other);
      BOOST_CHECK_EQUAL(content->info.mode, place.status("/pipe").st_mode & 07777);
    } else {
      BOOST_CHECK_EQUAL(code_of(content), EFBIG);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_head_is_as_long_as_asked_for_or_as_there_is) {
  const CallersPlace place;
  place.file("/file", "12345");
  place.link("/link", "file");
  for (const char* path : {"file", "link"}) {
    BOOST_CHECK_EQUAL(*read_caller_head(path, 0), "");
    BOOST_CHECK_EQUAL(*read_caller_head(path, 3), "123");
    BOOST_CHECK_EQUAL(*read_caller_head(path, 5), "12345");
    BOOST_CHECK_EQUAL(*read_caller_head(path, 6), "12345");
  }
}

BOOST_AUTO_TEST_CASE(the_head_of_a_pipe_is_not_waited_for) {
  const CallersPlace place;
  BOOST_REQUIRE_EQUAL(::mkfifo("pipe", 0600), 0);
  BOOST_CHECK(!read_caller_head("pipe", 4));
}

BOOST_AUTO_TEST_CASE(only_files_with_the_same_bytes_have_the_same_content) {
  const CallersPlace place;
  place.file("/a", "12345");
  place.file("/same", "12345");
  place.file("/other", "12346");
  place.file("/shorter", "1234");
  place.file("/empty", "");
  place.file("/empty-too", "");
  place.link("/link", "a");
  BOOST_CHECK(same_content("a", "a"));
  BOOST_CHECK(same_content("a", "same"));
  BOOST_CHECK(same_content("a", "link"));
  BOOST_CHECK(same_content("empty", "empty-too"));
  for (const char* other : {"other", "shorter", "empty", "missing", ".", "/dev/zero"}) {
    BOOST_CHECK_MESSAGE(!same_content("a", other), other);
    BOOST_CHECK_MESSAGE(!same_content(other, "a"), other);
  }
  BOOST_CHECK(!same_content("missing", "missing"));
  BOOST_CHECK(!same_content(".", "."));
  BOOST_CHECK(!same_content("/dev/null", "/dev/null"));
}

// What os.path.dirname() gives.
BOOST_AUTO_TEST_CASE(the_parent_is_that_of_dirname) {
  const std::pair<const char*, const char*> cases[] = {
      {"a/b/c", "a/b"}, {"c", ""},      {"", ""},        {"/c", "/"},       {"//c", "//"},
      {"a//c", "a"},    {"a/", "a"},    {"a/b/", "a/b"}, {"/", "/"},        {"///", "///"},
      {"./c", "."},     {"../c", ".."}, {"/a/c", "/a"},  {"//a//c", "//a"}, {"a/.", "a"},
  };
  for (const auto& [path, parent] : cases) {
    BOOST_CHECK_EQUAL(caller_parent(path), parent);
  }
}

BOOST_AUTO_TEST_CASE(directories_are_made_with_what_the_umask_leaves) {
  for (const mode_t mask : {0000U, 0022U, 0077U}) {
    const CallersPlace place;
    place.directory("/there");
    BOOST_REQUIRE_EQUAL(::chmod("there", 0711), 0);
    const mode_t before = ::umask(mask);
    const auto made = make_caller_directories("there/a/b//c");
    const auto absolute = make_caller_directories(place.host("/d/e/"));
    ::umask(before);
    BOOST_REQUIRE(made);
    BOOST_REQUIRE(absolute);
    for (const char* path : {"/there/a", "/there/a/b", "/there/a/b/c", "/d", "/d/e"}) {
      BOOST_CHECK_EQUAL(place.status(path).st_mode, S_IFDIR | (0777U & ~mask));
    }
    BOOST_CHECK_EQUAL(place.status("/there").st_mode & 07777, 0711U);
  }
}

BOOST_AUTO_TEST_CASE(what_is_there_already_is_no_error) {
  const CallersPlace place;
  place.file("/file", "bytes");
  place.link("/dangling", "nothing");
  place.directory("/directory");
  for (const char* path : {"file", "dangling", "directory", "directory/", ".", "/"}) {
    BOOST_CHECK_MESSAGE(make_caller_directories(path), path);
  }
  BOOST_CHECK_EQUAL(place.bytes("/file"), "bytes");
  BOOST_CHECK_EQUAL(place.count(""), 3);
}

// As os.makedirs() names it: the first one that is missing.
BOOST_AUTO_TEST_CASE(directories_that_cannot_be_made_are_an_error_with_the_ones_name) {
  const CallersPlace place;
  place.file("/file");
  place.link("/dangling", "nothing");
  const std::string long_name(300, 'n');
  const struct {
    std::string path;
    int code;
    std::string named;
  } cases[] = {
      {"file/a", ENOTDIR, "file/a"},        {"file/a/b", ENOTDIR, "file/a"},
      {"dangling/a", ENOENT, "dangling/a"}, {"dangling/a/b", ENOENT, "dangling/a"},
      {long_name, ENAMETOOLONG, long_name}, {"", ENOENT, ""},
  };
  for (const auto& [path, code, named] : cases) {
    const auto made = make_caller_directories(path);
    BOOST_REQUIRE_MESSAGE(!made, path);
    BOOST_CHECK_EQUAL(made.error().code, code);
    BOOST_CHECK_EQUAL(made.error().path, named);
  }
  BOOST_CHECK_EQUAL(place.count(""), 2);
}

BOOST_AUTO_TEST_CASE(directories_that_several_make_at_once_are_made) {
  const CallersPlace place;
  for (int round = 0; round < 50; ++round) {
    const std::string path = fmt::format("{}/a/b/c/d/e", round);
    const auto make = [&path] {
      return make_caller_directories(path) ? 0 : 1;
    };
    Child other(make);
    BOOST_CHECK_EQUAL(make(), 0);
    BOOST_CHECK_EQUAL(other.wait(), 0);
    BOOST_CHECK(S_ISDIR(place.status("/" + path).st_mode));
  }
}

BOOST_AUTO_TEST_CASE(the_directory_part_is_opened) {
  const CallersPlace place;
  place.directory("/d");
  place.link("/link", "d");
  const std::pair<std::string, std::string> cases[] = {{"x", ""},
                                                       {"./x", ""},
                                                       {"d/x", "/d"},
                                                       {"link/x", "/d"},
                                                       {"d/", "/d"},
                                                       {"", ""},
                                                       {place.host("/d/x"), "/d"}};
  for (const auto& [path, directory] : cases) {
    const auto fd = open_caller_parent(path);
    BOOST_REQUIRE_MESSAGE(fd, pysup::test::why(fd));
    struct stat st {};
    BOOST_REQUIRE_EQUAL(::fstat(fd->get(), &st), 0);
    BOOST_CHECK_MESSAGE(st.st_ino == place.status(directory).st_ino, path);
    BOOST_CHECK(::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC);
  }
  place.file("/file");
  BOOST_CHECK_EQUAL(code_of(open_caller_parent("file/x")), ENOTDIR);
  BOOST_CHECK_EQUAL(code_of(open_caller_parent("missing/x")), ENOENT);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pysup::os
