// SPDX-License-Identifier: GPL-2.0-or-later
//
// A package's links and ".." must not lead out of the root: a decoy inside has the same path as the
// file outside, so what is read tells where a path led.
#include "both_ways.hpp"
#include "os/root.hpp"
#include "scratch_directory.hpp"
#include "why.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace pysup::os {
namespace {

class Prison : public test::ScratchDirectory {
 public:
  Prison() {
    file("/outside/secret", "outside");
    file("/root/outside/secret", "inside");
    directory("/root/sub/deep");
  }
  [[nodiscard]] Root inner() const { return root("/root"); }
};

struct Escape {
  const char* link; ///< the text of the link /root/sub/link; nullptr: there is none
  const char* path; ///< what is asked for
};

constexpr Escape escapes[] = {
    {nullptr, "/../outside/secret"},
    {nullptr, "/sub/../../outside/secret"},
    {nullptr, "/sub/deep/../../../../outside/secret"},
    {nullptr, "//outside//secret"},
    {"/outside/secret", "/sub/link"},
    {"/../outside/secret", "/sub/link"},
    {"../../outside/secret", "/sub/link"},
    {"../../../../../../../../outside/secret", "/sub/link"},
    {"/", "/sub/link/outside/secret"},
    {"..", "/sub/link/../outside/secret"},
    {"../..", "/sub/link/outside/secret"},
    {"../../outside", "/sub/link/secret"},
    {"deep/../../../outside", "/sub/link/./secret"},
    {"link2", "/sub/link/secret"},
};

BOOST_AUTO_TEST_CASE(no_path_leads_out_of_the_root) {
  for (const Escape& escape : escapes) {
    const Prison prison;
    const Root root = prison.inner();
    if (escape.link != nullptr) {
      prison.link("/root/sub/link", escape.link);
      prison.link("/root/sub/link2", "../../../outside");
    }
    both_ways([&] {
      BOOST_TEST_CONTEXT(escape.path << " with a link to "
                                     << (escape.link != nullptr ? escape.link : "nothing")) {
        const auto content = root.read(escape.path, 100);
        BOOST_REQUIRE_MESSAGE(content, pysup::test::why(content));
        BOOST_CHECK_EQUAL(content->bytes, "inside");
        const auto inode = prison.status("/root/outside/secret").st_ino;
        BOOST_CHECK_EQUAL(content->info.inode, inode);
        BOOST_CHECK_EQUAL(root.info(escape.path).value().inode, inode);
        BOOST_CHECK_EQUAL(root.canonical(escape.path).value(), "/outside/secret");
      }
    });
  }
}

BOOST_AUTO_TEST_CASE(the_parent_of_the_root_is_the_root) {
  const Prison prison;
  const Root root = prison.inner();
  both_ways([&] {
    for (const char* path : {"/", "/..", "/../..", "/sub/../..", "/."}) {
      BOOST_TEST_CONTEXT(path) {
        BOOST_CHECK_EQUAL(root.canonical(path).value(), "/");
        BOOST_CHECK_EQUAL(root.info(path).value().inode, prison.status("/root").st_ino);
        BOOST_CHECK_EQUAL(root.list(path).value().size(), 2);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(a_directory_is_not_opened_through_links) {
  const Prison prison;
  prison.directory("/root/real/below");
  prison.link("/root/link", "real");
  prison.link("/root/real/last", "below");
  prison.link("/root/absolute", "/real");
  prison.link("/root/out", "../outside");
  const Root root = prison.inner();
  both_ways([&] {
    BOOST_CHECK(root.open_directory("/real/below"));
    BOOST_CHECK(root.open_directory("/"));
    for (const char* path : {"/link", "/link/below", "/real/last", "/absolute", "/out"}) {
      const auto fd = root.open_directory(path);
      BOOST_REQUIRE_MESSAGE(!fd, path << " was opened");
      BOOST_CHECK_MESSAGE(fd.error().code == ELOOP || fd.error().code == ENOTDIR,
                          fd.error().message);
    }
  });
}

BOOST_AUTO_TEST_CASE(a_link_that_took_a_directorys_place_is_not_followed) {
  both_ways([&] {
    const Prison prison;
    const Root root = prison.inner();
    const std::string path = root.canonical("/sub/deep").value();
    BOOST_REQUIRE(root.open_directory(path));
    prison.remove("/root/sub");
    prison.directory("/outside/deep");
    prison.link("/root/sub", "../outside");
    const auto fd = root.open_directory(path);
    BOOST_REQUIRE(!fd);
    BOOST_CHECK_MESSAGE(fd.error().code == ELOOP || fd.error().code == ENOTDIR, fd.error().message);
  });
}

BOOST_AUTO_TEST_CASE(a_directory_outside_is_not_opened_by_dots_either) {
  const Prison prison;
  const Root root = prison.inner();
  const auto inside = prison.status("/root").st_ino;
  both_ways([&] {
    for (const char* path : {"/..", "/../outside", "/sub/../../outside"}) {
      const auto fd = root.open_directory(path);
      if (fd) {
        struct stat st {};
        BOOST_REQUIRE_EQUAL(::fstat(fd->get(), &st), 0);
        const bool is_inside =
            st.st_ino == inside || st.st_ino == prison.status("/root/outside").st_ino;
        BOOST_CHECK_MESSAGE(is_inside, path << " leads out of the root");
      }
    }
  });
}

} // namespace
} // namespace pysup::os
