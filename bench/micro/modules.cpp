// SPDX-License-Identifier: GPL-2.0-or-later
#include "modules.hpp"

#include "random_numbers.hpp"

#include <fmt/format.h>

namespace pysup::bench {

std::string package_of(std::size_t number) {
  return fmt::format("package_{:03}", number / modules_per_reference);
}

std::string relative_path(std::size_t number) {
  return fmt::format("{}/part_{:02}/module_{:02}.py", package_of(number),
                     number % modules_per_reference / modules_per_directory,
                     number % modules_per_directory);
}

std::string private_path(std::size_t number) {
  return "/usr/share/" + relative_path(number);
}

std::string public_path(std::size_t number) {
  return "/usr/share/pyshared/" + relative_path(number);
}

std::string bytecode_path(const std::string& source) {
  const std::size_t name = source.rfind('/') + 1;
  const std::size_t stem = source.size() - name - std::string(".py").size();
  return source.substr(0, name) + "__pycache__/" + source.substr(name, stem) + ".cpython-311.pyc";
}

std::vector<std::string> paths_of(std::size_t count, std::string (*path)(std::size_t)) {
  std::vector<std::string> paths;
  paths.reserve(count);
  for (std::size_t number = 0; number < count; ++number) {
    paths.push_back(path(number));
  }
  return paths;
}

FileRow file_row(std::size_t number, std::uint64_t times) {
  constexpr std::int64_t some_time = 1'700'000'000'000'000'000;
  RandomNumbers random(number + times * 0x10000000);
  FileRow row;
  row.source = private_path(number);
  row.path = bytecode_path(row.source);
  row.reference = package_of(number) + ".private";
  row.size = 200 + random.below(20000);
  row.mtime_ns = some_time + random.below(1'000'000'000);
  row.digest_high = random.next();
  row.digest_low = random.next();
  row.source_size = 100 + random.below(30000);
  row.source_mtime_ns = some_time - random.below(1'000'000'000);
  row.source_digest_high = random.next();
  row.source_digest_low = random.next();
  return row;
}

StateRows state_rows(std::size_t modules) {
  StateRows rows;
  for (std::size_t number = 0; number < modules; ++number) {
    rows.files.push_back(file_row(number, 0));
  }
  constexpr std::size_t bytes_a_file = 20;
  for (std::size_t number = 0; number < modules; number += modules_per_reference) {
    rows.references.push_back(
        {package_of(number) + ".private", std::string(modules_per_reference * bytes_a_file, 'a')});
  }
  return rows;
}

} // namespace pysup::bench
