// SPDX-License-Identifier: GPL-2.0-or-later
#include "modules.hpp"
#include "parts.hpp"
#include "streams.hpp"

#include <algorithm>
#include <memory>

namespace pysup::bench {

namespace {

using Paths = std::vector<std::string>;

/// What becomes of a file is decided by place, so whoever plans has to have files in order. They
/// come in order mostly, which a sort that merges is quick with.
Operation sort_pointers(Paths paths) {
  const auto input = std::make_shared<const Paths>(std::move(paths));
  return {{}, [input] {
            std::vector<const std::string*> order;
            order.reserve(input->size());
            for (const std::string& path : *input) {
              order.push_back(&path);
            }
            std::stable_sort(order.begin(), order.end(),
                             [](const std::string* a, const std::string* b) { return *a < *b; });
            keep(order.front());
            return order.size();
          }};
}

} // namespace

Operation sort_private_paths(std::size_t modules) {
  return sort_pointers(paths_of(modules, private_path));
}

Operation sort_public_paths(std::size_t modules) {
  return sort_pointers(paths_of(modules, relative_path));
}

Operation sort_bytecode_paths(std::size_t modules) {
  Paths paths = paths_of(modules, private_path);
  std::transform(paths.begin(), paths.end(), paths.begin(), bytecode_path);
  return sort_pointers(std::move(paths));
}

/// Where nothing has to be done, nothing has to be sorted.
Operation number_rows(std::size_t modules) {
  const auto rows = std::make_shared<const StateRows>(state_rows(modules));
  return {{}, [rows] {
            std::vector<std::size_t> numbers;
            for (const FileRow& row : rows->files) {
              if (row.source_size != 0) {
                numbers.push_back(static_cast<std::size_t>(&row - rows->files.data()));
              }
            }
            keep(numbers.front());
            return numbers.size();
          }};
}

/// A digest of 64 bits (FNV-1a), because its loop reads each byte by itself, as who parses has to.
Operation copy_streams_bytewise(std::size_t modules) {
  const auto streams = std::make_shared<const Streams>(modules);
  return {{}, [streams] {
            for (std::size_t number = 0; number < streams->size(); ++number) {
              std::string copy = (*streams)[number];
              std::uint64_t digest = 0xcbf29ce484222325U;
              for (const char byte : copy) {
                digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
              }
              keep(copy);
              keep(digest);
            }
            return streams->size();
          }};
}

} // namespace pysup::bench
