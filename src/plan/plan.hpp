// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/text.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pysup::plan {

enum class Kind : std::uint8_t {
  link,      ///< a public module's link in the tree
  init,      ///< an empty __init__.py for Python 2
  path_file, ///< a python-support.pth
  bytecode,
};

/// What lies at a path.
enum class Present : std::uint8_t {
  nothing,
  ours,     ///< a pass made it; it may be replaced and removed
  other,    ///< somebody else's, but no package's
  packaged, ///< dpkg says that it belongs to a package: never touched
};

/// How well a bytecode file that is wanted serves.
enum class Fitness : std::uint8_t {
  fresh,           ///< valid, and recorded as it is
  unrecorded,      ///< valid, but the record says otherwise or nothing
  header_only,     ///< the right code under a header that no longer fits the source
  stale,           ///< missing, or of other source, or damaged
  stale_unchecked, ///< the same, and the interpreter would not notice: an unchecked hash (PEP 552)
  hopeless,        ///< this very source was refused before by this interpreter
};

/// The index of a fact.
using Index = std::uint32_t;
inline constexpr Index none = static_cast<Index>(-1);

/// All that the plan must know of one path: what is wanted there and what is there.
struct Fact { // the largest members first: there are many
  os::Text path;
  os::Text keep;      ///< removing the last file in directories below this one removes them too
  os::Text reference; ///< whose it is: who wants it or, for what nobody wants, who did
  os::Text target;    ///< link: its text; path_file: its content; bytecode: the source's name
  os::Text owner;     ///< the package, where `packaged`
  std::uint64_t source_size = 0; ///< bytecode: bytes
  Index link = none;             ///< bytecode: the fact of the link (or marker) that is its source
  Version version;
  Kind kind = Kind::link;
  Present present = Present::nothing;
  Fitness fitness = Fitness::stale; ///< bytecode
  std::uint8_t level = 0;           ///< bytecode
  bool wanted = false;
  bool recorded = false; ///< the state has a row for it
  bool forced = false;   ///< to be made again even where it is right
  bool right = false;    ///< not bytecode: what is there is what is wanted
};

static_assert(sizeof(Fact) <= 64);

enum class Do : std::uint8_t {
  remove,
  make, ///< the link or file, replacing what is there
  compile,
  rewrite_header,
  record, ///< nothing but the state changes
  forget, ///< the same, for a row about nothing
  leave,  ///< something is in the way; `note` says what
};

std::string_view to_text(Do what);

struct Action {
  Do what = Do::leave;
  Index fact = none;
  os::Text note;

  bool operator==(const Action&) const = default;
};

struct Policy {
  bool compile = true; ///< false: what is stale stays for a later pass to compile
};

struct Plan {
  std::vector<Action> actions; ///< in the order to be done
  std::vector<Index> hopeless; ///< facts of sources that were refused before
  std::vector<Index> deferred;
  std::vector<Index> up_to_date; ///< bytecode files that are right
};

/// The actions that turn what is there into what is wanted: removals first, so that a file can give
/// way to a directory and back; then links and files; then bytecode, a version at a time, the
/// largest sources first (so that no worker is left alone with one at the end) and the rest in the
/// order of directories.
Plan make_plan(const std::vector<Fact>& facts, const Policy& policy);

} // namespace pysup::plan
