// SPDX-License-Identifier: GPL-2.0-or-later
#include "parts.hpp"
#include "reference_tree.hpp"

#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::bench {

namespace {

struct TreeToSplit {
  TreeToSplit(std::size_t modules, Lists lists)
      : tree(modules, lists), fd(::open(tree.root().dir().c_str(), O_RDONLY | O_DIRECTORY)) {}
  TreeToSplit(const TreeToSplit&) = delete;
  TreeToSplit& operator=(const TreeToSplit&) = delete;
  ~TreeToSplit() { ::close(fd); }

  ReferenceTree tree;
  int fd;
};

std::string text_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  struct stat st {};
  if (fd < 0 || ::fstat(fd, &st) != 0) {
    give_up(path + " cannot be opened");
  }
  std::string text(static_cast<std::size_t>(st.st_size), '\0');
  if (::read(fd, text.data(), text.size()) != st.st_size) {
    give_up(path + " cannot be read");
  }
  ::close(fd);
  return text;
}

/// The paths that are there of those in the lines of TEXT.
std::vector<std::string> present_paths(int root, const std::string& text) {
  std::vector<std::string> paths;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    struct stat st {};
    if (text[begin] == '/') {
      std::string path = text.substr(begin, end - begin);
      if (::fstatat(root, path.c_str() + 1, &st, 0) == 0) {
        paths.push_back(std::move(path));
      }
    }
  }
  return paths;
}

Operation stat_lines(std::size_t modules, Lists lists) {
  const auto input = std::make_shared<const TreeToSplit>(modules, lists);
  return {{}, [input] {
            std::size_t count = 0;
            for (const std::string& name : input->tree.names()) {
              const auto file = input->tree.root().host("/usr/share/python-support/" + name);
              count += present_paths(input->fd, text_of(file)).size();
            }
            return count;
          }};
}

} // namespace

Operation stat_private_lines(std::size_t modules) {
  return stat_lines(modules, Lists::private_modules);
}

Operation stat_public_lines(std::size_t modules) {
  return stat_lines(modules, Lists::public_modules);
}

} // namespace pysup::bench
