// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch.hpp"

#include "operation.hpp"

#include <filesystem>
#include <fstream>

namespace pysup::bench {

ScratchRoot::ScratchRoot()
    : dir_((std::filesystem::temp_directory_path() / "pysup-bench-XXXXXX").string()) {
  if (::mkdtemp(dir_.data()) == nullptr) {
    give_up("no scratch directory can be made as " + dir_);
  }
}

ScratchRoot::~ScratchRoot() {
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

void ScratchRoot::directory(std::string_view path) const {
  std::filesystem::create_directories(host(path));
}

void ScratchRoot::file(std::string_view path, std::string_view bytes) const {
  std::ofstream out(host(path), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) {
    give_up(host(path) + " cannot be written");
  }
}

void ScratchRoot::remove(std::string_view path) const {
  std::filesystem::remove_all(host(path));
}

} // namespace pysup::bench
