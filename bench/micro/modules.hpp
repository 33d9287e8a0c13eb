// SPDX-License-Identifier: GPL-2.0-or-later
//
// The made-up modules that everything here is about, by number: the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pysup::bench {

inline constexpr std::size_t modules_per_directory = 50;
inline constexpr std::size_t modules_per_reference = 1000;
inline constexpr std::uint32_t magic = 0x0a0d0da7; ///< python3.11's

/// "package_001", in whose reference module NUMBER is listed.
std::string package_of(std::size_t number);

/// "package_001/part_03/module_07.py"
std::string relative_path(std::size_t number);

/// Where the module lies as a private one, and as a public one.
std::string private_path(std::size_t number);
std::string public_path(std::size_t number);

/// The path of the bytecode file that belongs to SOURCE, by python3.11.
std::string bytecode_path(const std::string& source);

/// What PATH gives for the modules 0 to COUNT - 1.
std::vector<std::string> paths_of(std::size_t count, std::string (*path)(std::size_t));

/// How many references list COUNT modules.
inline std::size_t reference_count(std::size_t count) {
  return (count + modules_per_reference - 1) / modules_per_reference;
}

/// All that the state has to keep of one bytecode file.
struct FileRow {
  std::string path;
  std::string source;
  std::string reference;
  std::uint64_t size = 0; ///< bytes
  std::int64_t mtime_ns = 0;
  std::uint64_t digest_high = 0;
  std::uint64_t digest_low = 0;
  std::uint64_t source_size = 0; ///< bytes
  std::int64_t source_mtime_ns = 0;
  std::uint64_t source_digest_high = 0;
  std::uint64_t source_digest_low = 0;
};

/// A reference, and as much text as the state keeps of what it asks for.
struct ReferenceRow {
  std::string name;
  std::string asked;
};

struct StateRows {
  std::vector<FileRow> files; ///< sorted by path
  std::vector<ReferenceRow> references;
};

StateRows state_rows(std::size_t modules);

/// Module NUMBER's row after it was compiled for the TIMES-th time.
FileRow file_row(std::size_t number, std::uint64_t times);

} // namespace pysup::bench
