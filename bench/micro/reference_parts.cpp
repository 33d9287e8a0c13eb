// SPDX-License-Identifier: GPL-2.0-or-later
#include "parts.hpp"

#include "reference/store.hpp"
#include "reference_tree.hpp"

#include <memory>

namespace pysup::bench {

namespace {

struct TreeToRead {
  TreeToRead(std::size_t modules, Lists lists)
      : tree(modules, lists), root(must(os::Root::open(tree.root().dir()))) {}
  ReferenceTree tree;
  os::Root root;
};

/// How many files the references ask for; 0 where there is a problem with one.
std::size_t load_all(const TreeToRead& input, reference::Kind kind) {
  std::size_t files = 0;
  std::vector<reference::Problem> problems;
  os::Stats stats(input.root); // as a pass does: one for all references
  for (const std::string& name : input.tree.names()) {
    const auto loaded = must(reference::load(stats, {name, kind}, problems));
    files += loaded.private_files.size() + loaded.public_files.size();
  }
  return problems.empty() ? files : 0;
}

Operation load_references(std::size_t modules, Lists lists, reference::Kind kind) {
  const auto input = std::make_shared<const TreeToRead>(modules, lists);
  return {{}, [input, kind] {
            return load_all(*input, kind);
          }};
}

} // namespace

Operation read_private(std::size_t modules) {
  return load_references(modules, Lists::private_modules, reference::Kind::private_list);
}

Operation read_public(std::size_t modules) {
  return load_references(modules, Lists::public_modules, reference::Kind::public_list);
}

} // namespace pysup::bench
