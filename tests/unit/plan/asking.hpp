// SPDX-License-Identifier: GPL-2.0-or-later
//
// References and contents by hand, in a line each.
#pragma once

#include "plan/wants.hpp"
#include "versions.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace pysup::plan {

/// A public file whose source is told apart by OWNER.
inline reference::PublicFile file(const std::string& relative, const std::string& owner,
                                  std::optional<Version> only = std::nullopt) {
  const std::string where =
      only ? "/usr/lib/pyshared/" + only->name() + '/' : std::string("/usr/share/pyshared/");
  return {relative, where + owner + '/' + relative, only};
}

/// A public reference that wants RELATIVES, each from a source of its own.
inline reference::Reference asks(const std::string& name,
                                 std::initializer_list<const char*> relatives,
                                 const std::string& set = "all") {
  reference::Reference reference;
  reference.name = name;
  reference.versions = reference::VersionSet::parse(set).value();
  for (const char* relative : relatives) {
    reference.public_files.push_back(file(relative, name));
  }
  return reference;
}

inline std::string source(const std::string& name, const std::string& relative) {
  return file(relative, name).source;
}

/// "RELATIVE by REFERENCE", in order.
inline std::vector<std::string> told(const std::vector<PublicWant>& files) {
  std::vector<std::string> lines;
  for (const PublicWant& want : files) {
    lines.push_back(want.file->relative + " by " + want.by->name);
  }
  return lines;
}

/// "RELATIVE: WINNER over LOSER", in order.
inline std::vector<std::string> told(const std::vector<Conflict>& conflicts) {
  std::vector<std::string> lines;
  for (const Conflict& conflict : conflicts) {
    lines.push_back(conflict.relative + ": " + conflict.winner + " over " + conflict.loser);
  }
  return lines;
}

inline std::vector<std::string> named(const std::vector<os::Text>& texts) {
  return {texts.begin(), texts.end()};
}

inline void check_lines(const std::vector<std::string>& got,
                        const std::vector<std::string>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(got.begin(), got.end(), expected.begin(), expected.end());
}

} // namespace pysup::plan
