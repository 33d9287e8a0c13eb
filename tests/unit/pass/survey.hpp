// SPDX-License-Identifier: GPL-2.0-or-later
//
// What an inventory is taken of, made by hand: a scratch root without a dpkg database, served
// interpreters that are never started, references and the state's rows.
#pragma once

#include "bytecode/header.hpp"
#include "pass/inventory.hpp"
#include "pass/presence.hpp"
#include "pass/tree.hpp"
#include "scratch_directory.hpp"
#include "versions.hpp"

#include <string>
#include <vector>

namespace pysup::pass {

inline constexpr std::uint32_t some_magic = 0x0a0d0da7;

inline std::string tree_path(Version version, const std::string& relative) {
  return "/usr/lib/pymodules/" + version.name() + '/' + relative;
}
inline std::string source_path(const std::string& relative) {
  return "/usr/share/pyshared/" + relative;
}

/// Where m.py and its bytecode lie for python3.11.
inline const std::string link_path = tree_path(v311, "m.py");
inline const std::string cache_path = tree_path(v311, "__pycache__/m.cpython-311.pyc");

class Survey : public test::ScratchDirectory {
 public:
  Survey() { request.scope = Scope::everything; }

  void serve(Version version, const std::string& tag) {
    Served served;
    served.record.version = version;
    served.record.path = "/usr/bin/" + version.name();
    served.record.magic = some_magic;
    served.record.cache_tag = tag;
    interpreters.served.push_back(std::move(served));
  }
  void serve_3_11() {
    serve(v311, "cpython-311");
    interpreters.default_version = v311;
  }

  /// A public reference for the files RELATIVES, whose sources are made.
  reference::Reference& ask(const std::string& name, const std::vector<std::string>& relatives) {
    reference::Reference reference;
    reference.name = name;
    for (const std::string& relative : relatives) {
      if (!exists(source_path(relative))) {
        file(source_path(relative));
      }
      reference.public_files.push_back({relative, source_path(relative), {}});
    }
    references.push_back(std::move(reference));
    return references.back();
  }
  void ask_private(const std::string& name, const std::string& path,
                   std::optional<Version> version = {}) {
    reference::Reference reference;
    reference.name = name;
    reference.kind = reference::Kind::private_list;
    file(path);
    reference.private_files = {{path, path, version}};
    references.push_back(std::move(reference));
  }

  /// The row for a file as it lies there now.
  state::File& record(state::FileKind kind, Version version, const std::string& path,
                      const std::string& by, const std::string& source = "") {
    state::File row;
    row.path = path;
    row.kind = kind;
    row.version = version;
    row.source = source;
    row.reference = by;
    if (exists(path)) {
      const os::FileInfo info = os::to_file_info(status(path));
      row.size = info.size;
      row.mtime_ns = to_ns(info);
    }
    row.digest = state::digest_of(kind == state::FileKind::link ? source : "");
    snapshot.files.push_back(std::move(row));
    return snapshot.files.back();
  }
  /// A link of the tree as a pass makes and records it.
  void made_link(Version version, const std::string& relative, const std::string& by) {
    const std::string path = tree_path(version, relative);
    link(path, source_path(relative));
    record(state::FileKind::link, version, path, by, source_path(relative));
  }
  /// Recorded bytecode; what is in it does not matter where nobody wants it.
  void made_bytecode(Version version, const std::string& path, const std::string& by,
                     const std::string& source) {
    file(path, "bytecode");
    state::File& row = record(state::FileKind::bytecode, version, path, by, source);
    row.digest = state::digest_of("x");
    row.magic = some_magic;
  }

  const Inventory& take() {
    std::sort(snapshot.files.begin(), snapshot.files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    const os::Root here = root();
    os::Stats stats(here);
    inventory_ = take_inventory({stats,
                                 nullptr,
                                 request,
                                 interpreters,
                                 references,
                                 snapshot,
                                 unfinished,
                                 without_state,
                                 nullptr,
                                 {},
                                 {},
                                 changes_only});
    BOOST_REQUIRE_EQUAL(inventory_.facts.size(), inventory_.details.size());
    return inventory_;
  }
  /// The one fact about PATH; nullptr where there is none.
  [[nodiscard]] const plan::Fact* find(const std::string& path) const {
    const plan::Fact* found = nullptr;
    for (const plan::Fact& fact : inventory_.facts) {
      if (fact.path == path) {
        BOOST_CHECK_MESSAGE(found == nullptr, "two facts about " << path);
        found = &fact;
      }
    }
    return found;
  }
  [[nodiscard]] const plan::Fact& fact(const std::string& path) const {
    const plan::Fact* const found = find(path);
    BOOST_REQUIRE_MESSAGE(found != nullptr, "no fact about " << path);
    return *found;
  }
  [[nodiscard]] bool warned(std::string_view part) const {
    return std::any_of(inventory_.warnings.begin(), inventory_.warnings.end(),
                       [&](const auto& text) { return text.find(part) != std::string::npos; });
  }

  Request request;
  Interpreters interpreters;
  std::vector<reference::Reference> references;
  state::Snapshot snapshot;
  std::vector<os::Text> unfinished;
  bool without_state = false;
  bool changes_only = false;

 private:
  Inventory inventory_;
};

} // namespace pysup::pass
