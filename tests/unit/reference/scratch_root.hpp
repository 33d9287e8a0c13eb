// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"
#include "reference/reference.hpp"
#include "reference/store.hpp"
#include "why.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::reference {

/// A root of its own for one test, filled with small files, gone with the object.
class ScratchRoot {
 public:
  ScratchRoot() : dir_(make()), root_(open(dir_)) {}
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;
  ~ScratchRoot() { std::filesystem::remove_all(dir_); }

  [[nodiscard]] const os::Root& root() const { return root_; }
  [[nodiscard]] std::string host(const std::string& path) const { return dir_ + path; }

  void file(const std::string& path, std::string_view bytes = "x = 1\n") const {
    above(path);
    std::ofstream out(host(path), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    BOOST_REQUIRE(out.flush().good());
  }
  void files(std::initializer_list<const char*> paths) const {
    for (const char* path : paths) {
      file(path);
    }
  }
  void directory(const std::string& path) const { std::filesystem::create_directories(host(path)); }
  void link(const std::string& path, const std::string& target) const {
    above(path);
    std::filesystem::create_symlink(target, host(path));
  }
  void above(const std::string& path) const {
    std::filesystem::create_directories(std::filesystem::path(host(path)).parent_path());
  }

  /// Writes the reference NAME and loads it; it must be readable.
  Reference load(const std::string& name, std::string_view bytes, std::vector<Problem>& problems) {
    file("/usr/share/python-support/" + name, bytes);
    return load(name, problems);
  }
  Reference load(const std::string& name, std::vector<Problem>& problems) const {
    os::Stats stats(root_);
    auto loaded = reference::load(stats, {name, kind_of(name).value()}, problems);
    BOOST_REQUIRE_MESSAGE(loaded, pysup::test::why(loaded));
    return std::move(*loaded);
  }
  /// The message with which NAME cannot be loaded; it must not be readable.
  [[nodiscard]] std::string load_error(const std::string& name) const {
    std::vector<Problem> problems;
    os::Stats stats(root_);
    const auto loaded = reference::load(stats, {name, kind_of(name).value()}, problems);
    BOOST_REQUIRE_MESSAGE(!loaded, name << " can be loaded");
    return loaded.error().message;
  }

 private:
  static std::string make() {
    std::string name = (std::filesystem::temp_directory_path() / "pysup-unit-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    return name;
  }
  static os::Root open(const std::string& dir) {
    auto root = os::Root::open(dir);
    BOOST_REQUIRE_MESSAGE(root, pysup::test::why(root));
    return std::move(*root);
  }

  std::string dir_;
  os::Root root_;
};

inline std::ostream& operator<<(std::ostream& out, const PublicFile& file) {
  return out << file.relative << " from " << file.source << " for "
             << (file.only ? file.only->text() : "all");
}
inline std::ostream& operator<<(std::ostream& out, const PrivateFile& file) {
  return out << file.path << " at " << file.place << " for "
             << (file.version ? file.version->text() : "default");
}
inline std::ostream& operator<<(std::ostream& out, const PathLine& line) {
  return out << line.text << " for " << (line.only ? line.only->text() : "all");
}
inline std::ostream& operator<<(std::ostream& out, const Problem& problem) {
  return out << problem.reference << ':' << problem.line << ": " << problem.message;
}
inline std::ostream& operator<<(std::ostream& out, const Listed& listed) {
  return out << listed.name << " (" << to_text(listed.kind) << ')';
}

/// Compares two vectors, element by element, and tells which differ.
template <typename T>
void check_same(const std::vector<T>& got, const std::vector<T>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(got.begin(), got.end(), expected.begin(), expected.end());
}

/// Checks that there is one problem, of LINE, whose message has all of PARTS in it.
inline void check_problem(const std::vector<Problem>& problems, std::size_t line,
                          std::initializer_list<std::string_view> parts) {
  BOOST_REQUIRE_EQUAL(problems.size(), 1);
  BOOST_CHECK_EQUAL(problems.front().line, line);
  for (const std::string_view part : parts) {
    BOOST_CHECK_MESSAGE(problems.front().message.find(part) != std::string::npos,
                        problems.front().message << " does not have " << part);
  }
}

} // namespace pysup::reference
