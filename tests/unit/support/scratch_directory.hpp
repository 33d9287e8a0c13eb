// SPDX-License-Identifier: GPL-2.0-or-later
//
// A directory of its own for one test. Its files are made and looked at with the standard library,
// so that nothing here depends on the code under test.
#pragma once

#include "os/root.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace pysup::test {

/// Gone with the object. Paths are absolute as seen inside.
class ScratchDirectory {
 public:
  ScratchDirectory() : dir_(make()) {}
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(dir_); }

  [[nodiscard]] std::string host(std::string_view path) const { return dir_ + std::string(path); }

  /// The directory below it that PATH names, as a root.
  [[nodiscard]] os::Root root(std::string_view path = "") const {
    auto root = os::Root::open(host(path));
    BOOST_REQUIRE_MESSAGE(root, pysup::test::why(root));
    return std::move(*root);
  }

  void directory(std::string_view path) const { std::filesystem::create_directories(host(path)); }
  void file(std::string_view path, std::string_view bytes = "x = 1\n") const {
    directory(os::parent_of(path));
    std::ofstream out(host(path), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    BOOST_REQUIRE(out.flush().good());
  }
  void link(std::string_view path, const std::string& target) const {
    directory(os::parent_of(path));
    std::filesystem::create_symlink(target, host(path));
  }
  void remove(std::string_view path) const { std::filesystem::remove_all(host(path)); }

  /// Sets the modification time of the file or link itself.
  void set_time(std::string_view path, std::int64_t sec, std::int64_t nsec = 0) const {
    struct timespec times[2]{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = sec;
    times[1].tv_nsec = nsec;
    BOOST_REQUIRE_EQUAL(::utimensat(AT_FDCWD, host(path).c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  }

  /// lstat(2).
  [[nodiscard]] struct stat status(std::string_view path) const {
    struct stat st {};
    BOOST_REQUIRE_MESSAGE(::lstat(host(path).c_str(), &st) == 0, path << " is not there");
    return st;
  }
  /// Whether anything is there, be it a dangling link.
  [[nodiscard]] bool exists(std::string_view path) const {
    return std::filesystem::exists(std::filesystem::symlink_status(host(path)));
  }
  [[nodiscard]] std::string bytes(std::string_view path) const {
    std::ifstream in(host(path), std::ios::binary);
    BOOST_REQUIRE_MESSAGE(in, path << " cannot be read");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] std::string link_text(std::string_view path) const {
    return std::filesystem::read_symlink(host(path)).string();
  }
  /// How many entries the directory PATH has.
  [[nodiscard]] std::ptrdiff_t count(std::string_view path) const {
    return std::distance(std::filesystem::directory_iterator(host(path)), {});
  }

 private:
  static std::string make() {
    auto name = (std::filesystem::temp_directory_path() / "pysup-unit-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    return name;
  }

  std::string dir_;
};

} // namespace pysup::test
