// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/root.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace scratch {

/// A root directory that goes with the test.
class ScratchRoot {
 public:
  ScratchRoot() {
    std::string name =
        (std::filesystem::temp_directory_path() / "pysup-interpreter-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    dir_ = name;
  }
  ScratchRoot(const ScratchRoot&) = delete;
  ScratchRoot& operator=(const ScratchRoot&) = delete;
  ~ScratchRoot() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  [[nodiscard]] std::filesystem::path at(const std::string& path) const {
    return dir_ / path.substr(1);
  }
  [[nodiscard]] pysup::os::Root open() const {
    auto root = pysup::os::Root::open(dir_.string());
    BOOST_REQUIRE(root.has_value());
    return std::move(*root);
  }

  void write(const std::string& path, const std::string& bytes) const {
    std::filesystem::create_directories(at(path).parent_path());
    std::ofstream(at(path), std::ios::binary | std::ios::trunc) << bytes;
  }
  void program(const std::string& path) const {
    write(path, "\x7f"
                "ELF");
    std::filesystem::permissions(at(path), std::filesystem::perms(0755));
  }
  void link(const std::string& target, const std::string& path) const {
    std::filesystem::create_directories(at(path).parent_path());
    std::filesystem::create_symlink(target, at(path));
  }

 private:
  std::filesystem::path dir_;
};

} // namespace scratch
