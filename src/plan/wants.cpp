// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/wants.hpp"

#include "reference/sort_unless_sorted.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace pysup::plan {

namespace {

bool is_for(const reference::PublicFile& file, Version version) {
  return !file.only || *file.only == version;
}

/// Every wish of every reference for VERSION, sorted by place and then by reference. Of one
/// reference's wishes for one place only the version's own file counts, if there is one.
std::vector<PublicWant> wishes(Version version, std::optional<Version> default_version,
                               const std::vector<reference::Reference>& references) {
  std::vector<PublicWant> all;
  for (const reference::Reference& reference : references) {
    if (!reference::is_public(reference.kind) ||
        !reference.versions.contains(version, default_version)) {
      continue;
    }
    for (const reference::PublicFile& file : reference.public_files) {
      if (is_for(file, version)) {
        all.push_back({&file, &reference});
      }
    }
  }
  reference::sort_unless_sorted(all, [](const PublicWant& a, const PublicWant& b) {
    if (a.file->relative != b.file->relative) {
      return a.file->relative < b.file->relative;
    }
    if (a.by != b.by) {
      return a.by->name < b.by->name;
    }
    return a.file->only.has_value() && !b.file->only.has_value();
  });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const PublicWant& a, const PublicWant& b) {
                          return a.by == b.by && a.file->relative == b.file->relative;
                        }),
            all.end());
  return all;
}

using Iterator = std::vector<PublicWant>::const_iterator;

Iterator end_of_place(Iterator first, Iterator end) {
  return std::find_if(first, end, [first](const PublicWant& other) {
    return other.file->relative != first->file->relative;
  });
}

bool is_init(os::Text relative) {
  return relative.name() == "__init__.py";
}

bool known_empty(const PublicWant& want, const Contents& contents) {
  const auto content = contents.find(want.file->source);
  return content != contents.end() && content->second.empty;
}

/// Whether the two would give the same file. A source whose content is not known equals only
/// itself.
bool same(const PublicWant& a, const PublicWant& b, const Contents& contents) {
  if (a.file->source == b.file->source) {
    return true;
  }
  const auto left = contents.find(a.file->source);
  const auto right = contents.find(b.file->source);
  return left != contents.end() && right != contents.end() && left->second == right->second;
}

Iterator winner(Iterator first, Iterator end, const Contents& contents) {
  if (is_init(first->file->relative)) {
    const auto filled = std::find_if(
        first, end, [&](const PublicWant& want) { return !known_empty(want, contents); });
    return filled == end ? first : filled;
  }
  return first;
}

void note_losers(Version version, const PublicWant& won, Iterator first, Iterator end,
                 const Contents& contents, std::vector<Conflict>& conflicts) {
  for (auto other = first; other != end; ++other) {
    const bool yields = is_init(won.file->relative) && known_empty(*other, contents);
    if (!same(won, *other, contents) && !yields) {
      conflicts.push_back({version, won.file->relative, won.by->name, other->by->name});
    }
  }
}

/// Two files of which one can be there, because one's place is a directory of the other's.
struct Clash {
  std::size_t winner;
  std::size_t loser;
};

/// The directories above a path. Neighbours share them.
class Folders {
 public:
  const std::vector<os::Text>& of(os::Text path) {
    if (path.folder().data() != last_) {
      last_ = path.folder().data();
      above_.clear();
      const std::string_view folder = path.folder();
      for (auto slash = folder.find('/'); slash != folder.npos;
           slash = folder.find('/', slash + 1)) {
        above_.emplace_back(folder.substr(0, slash));
      }
    }
    return above_;
  }

 private:
  const char* last_ = nullptr;
  std::vector<os::Text> above_;
};

/// FILES are sorted, but "a-b" stands between "a" and "a/b", so the files above are looked up by
/// name.
std::vector<Clash> clashes(const std::vector<PublicWant>& files) {
  std::unordered_map<os::Text, std::size_t> places;
  for (std::size_t i = 0; i < files.size(); ++i) {
    places.emplace(files[i].file->relative, i);
  }
  std::vector<Clash> found;
  Folders folders;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const os::Text directory : folders.of(files[i].file->relative)) {
      const auto above = places.find(directory);
      if (above != places.end()) {
        const bool below_wins = files[i].by->name < files[above->second].by->name;
        found.push_back(below_wins ? Clash{i, above->second} : Clash{above->second, i});
      }
    }
  }
  return found;
}

/// A file cannot be where another wants a directory. Settled in the order of the references, so
/// that nobody loses to a file that is not there either.
void settle_directories(Version version, PublicWants& wants) {
  std::vector<Clash> all = clashes(wants.files);
  std::stable_sort(all.begin(), all.end(), [&](const Clash& a, const Clash& b) {
    const int names = wants.files[a.winner].by->name.compare(wants.files[b.winner].by->name);
    return names != 0 ? names < 0 : a.winner < b.winner;
  });
  std::vector<bool> lost(wants.files.size(), false);
  for (const auto& [winner, loser] : all) {
    if (!lost[loser] && !lost[winner]) {
      lost[loser] = true;
      wants.conflicts.push_back({version, wants.files[loser].file->relative,
                                 wants.files[winner].by->name, wants.files[loser].by->name});
    }
  }
  std::size_t index = 0;
  std::erase_if(wants.files, [&](const PublicWant&) { return lost[index++]; });
}

} // namespace

std::vector<os::Text> contested(Version version, std::optional<Version> default_version,
                                const std::vector<reference::Reference>& references) {
  std::vector<os::Text> sources;
  const auto all = wishes(version, default_version, references);
  for (auto first = all.begin(); first != all.end();) {
    const auto end = end_of_place(first, all.end());
    const bool differ = std::any_of(first, end, [first](const PublicWant& want) {
      return want.file->source != first->file->source;
    });
    if (differ) {
      std::for_each(first, end,
                    [&](const PublicWant& want) { sources.push_back(want.file->source); });
    }
    first = end;
  }
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

PublicWants public_wants(Version version, std::optional<Version> default_version,
                         const std::vector<reference::Reference>& references,
                         const Contents& contents) {
  PublicWants wants;
  const auto all = wishes(version, default_version, references);
  for (auto first = all.begin(); first != all.end();) {
    const auto end = end_of_place(first, all.end());
    const PublicWant won = *winner(first, end, contents);
    wants.files.push_back(won);
    note_losers(version, won, first, end, contents, wants.conflicts);
    first = end;
  }
  settle_directories(version, wants);
  return wants;
}

std::vector<PrivateWant> private_wants(Version version, std::optional<Version> default_version,
                                       const std::vector<reference::Reference>& references) {
  std::vector<PrivateWant> wants;
  for (const reference::Reference& reference : references) {
    for (const reference::PrivateFile& file : reference.private_files) {
      if (file.version ? *file.version == version : default_version == version) {
        wants.push_back({&file, &reference});
      }
    }
  }
  const auto key = [](const PrivateWant& want) {
    return std::tie(want.file->place, want.file->level);
  };
  reference::sort_unless_sorted(
      wants, [&](const PrivateWant& a, const PrivateWant& b) { return key(a) < key(b); });
  wants.erase(
      std::unique(wants.begin(), wants.end(),
                  [&](const PrivateWant& a, const PrivateWant& b) { return key(a) == key(b); }),
      wants.end());
  return wants;
}

} // namespace pysup::plan
