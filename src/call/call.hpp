// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"
#include "os/error.hpp"
#include "reference/version_range.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysup::call {

/// One call of py3compile(1): what a package of today's Debian asks for in its postinst.
struct Call {
  std::string package;               ///< -p, without architecture; "" where only places are given
  std::string caller;                ///< whose maintainer script called; "" for a person
  std::vector<std::string> places;   ///< files and directories, absolute
  reference::VersionRange versions;  ///< -V; all where not given
  std::vector<std::string> excludes; ///< -X, expressions of Python's re
  bool optimize = false;             ///< -O: level 1 instead of 0
  bool force = false;                ///< -f

  bool operator==(const Call&) const = default;

  /// The package that this is for: the one named, else the one that called. As long as it is
  /// installed the call stands, because an interpreter may come that it did not see.
  [[nodiscard]] const std::string& owner() const { return package.empty() ? caller : package; }
};

/// The text form of CALL: fields "NAME=VALUE", each ended by NUL, which no argument has. Equal
/// calls give equal text.
std::string encode(const Call& call);

/// Reads one back. Errors: it is not what encode() writes.
Result<Call> decode(std::string_view text);

/// Several calls in one text, each preceded by its length.
std::string encode_all(const std::vector<Call>& calls);
Result<std::vector<Call>> decode_all(std::string_view text);

/// The name by which the state and reports know what the calls for OWNER ask for, beside
/// references: "py3compile/OWNER". No reference has a slash in its name.
std::string reference_name(std::string_view owner);
/// Whether NAME is such a name.
bool is_call_name(std::string_view name);

} // namespace pysup::call
