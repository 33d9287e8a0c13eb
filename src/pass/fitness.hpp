// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/header.hpp"
#include "os/root.hpp"
#include "pass/presence.hpp"
#include "plan/plan.hpp"
#include "state/records.hpp"

#include <functional>
#include <optional>
#include <string>

namespace pysup::pass {

/// The interpreter's side of a judgement.
struct Compiler {
  Version version;
  std::uint32_t magic = 0;
  std::optional<bytecode::InvalidationMode> mode; ///< asked for; not set: any valid one will do
};

/// Reads a file once and keeps what was asked of it; reading is the dear part.
class LazyFile {
 public:
  using Read = std::function<Result<std::string>()>;
  explicit LazyFile(Read read) : read_(std::move(read)) {}
  /// The regular file PATH of ROOT, which must outlive the object.
  LazyFile(const os::Root& root, os::Text path);
  /// The bytes; nullptr where they cannot be read.
  const std::string* bytes();

 private:
  Read read_;
  std::optional<Result<std::string>> content_;
};

/// What is known of one bytecode file that is wanted.
struct Evidence {
  const state::File* record = nullptr; ///< what the state says of it
  Seen seen;                           ///< what is there
  os::FileInfo source;                 ///< of what it is compiled from
  bool adopt = false;           ///< there is no state: what is valid by itself counts as ours
  bool deep = false;            ///< size and mtime prove nothing
  bool source_in_doubt = false; ///< nor do those of the source: its package was upgraded
};

/// What is wrong with a file, in the terms of --check.
enum class Defect : std::uint8_t {
  none,
  missing,
  invalid, ///< it is not what was made, or the interpreter could not load it
  stale,   ///< it was made from something else
  stray,   ///< nobody wants it
};

struct Verdict {
  plan::Fitness fitness = plan::Fitness::stale;
  std::string reason;
  Defect defect = Defect::none;
  /// For Fitness::unrecorded: the row as it should be (without path, reference and source name).
  std::optional<state::File> record;
};

/// Judges a bytecode file: fresh is what differs neither from what its header says of the source
/// nor from what the state recorded of both. "Older" and "newer" play no part: clocks go backwards
/// and image tools set all times to one. SOURCE and FILE are read only where sizes and times leave
/// room for doubt.
Verdict judge(const Evidence& evidence, const Compiler& compiler, LazyFile& source, LazyFile& file);

} // namespace pysup::pass
