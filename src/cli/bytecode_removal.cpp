// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/bytecode_removal.hpp"

#include "cli/bytecode_names.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::cli {

namespace {

constexpr const char* pycache_name = "__pycache__";
constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseListing {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

bool is_directory(int parent, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) {
    return entry.d_type == DT_DIR;
  }
  struct stat st {};
  return ::fstatat(parent, entry.d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/// Calls TAKE with the name of each entry of DIRECTORY and whether it is a directory. Gives 0 or
/// an errno.
template <typename Take>
int each_entry(const os::Fd& directory, Take take) {
  os::Fd own(::openat(directory.get(), ".", directory_flags)); // closedir(3) takes it
  const std::unique_ptr<DIR, CloseListing> listing(own ? ::fdopendir(own.get()) : nullptr);
  if (!listing) {
    return errno;
  }
  static_cast<void>(own.release());
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(listing.get());
    if (entry == nullptr) {
      return errno;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      take(name, is_directory(directory.get(), *entry));
    }
  }
}

std::string joined(const std::string& path, std::string_view name) {
  return fmt::format("{}{}{}", path, path.ends_with('/') ? "" : "/", name);
}

} // namespace

void BytecodeRemoval::of_sources(const std::vector<std::string>& sources) {
  std::map<std::string, std::vector<std::string>, std::less<>> by_directory;
  for (const std::string& source : sources) {
    by_directory[std::string(os::parent_of(source))].emplace_back(os::name_of(source));
  }
  for (const auto& [path, names] : by_directory) {
    const auto canonical = root_.canonical(path);
    const auto directory =
        canonical ? root_.open_directory(*canonical) : tl::unexpected(canonical.error());
    if (directory) {
      clean(*directory, path, names);
    } else if (directory.error().code != ENOENT && directory.error().code != ENOTDIR) {
      note_problem(path, directory.error().code);
    }
  }
}

void BytecodeRemoval::below(const std::string& place) {
  const auto info = root_.info(place);
  if (!info) {
    if (info.error().code != ENOENT) {
      note_problem(place, info.error().code);
    }
    return;
  }
  if (info->type != os::FileType::directory) {
    if (stem_of_source(os::name_of(place))) {
      of_sources({place});
    }
    return;
  }
  const auto canonical = root_.canonical(place);
  const auto directory =
      canonical ? root_.open_directory(*canonical) : tl::unexpected(canonical.error());
  if (directory) {
    walk(*directory, place);
  } else {
    note_problem(place, directory.error().code);
  }
}

void BytecodeRemoval::walk(const os::Fd& directory, const std::string& path) {
  std::vector<std::string> sources;
  std::vector<std::string> directories;
  const int code = each_entry(directory, [&](std::string_view name, bool is_a_directory) {
    if (is_a_directory) {
      directories.emplace_back(name);
    } else if (stem_of_source(name)) {
      sources.emplace_back(name);
    }
  });
  if (code != 0) {
    note_problem(path, code);
  }
  if (!sources.empty()) {
    clean(directory, path, sources);
  }
  for (const std::string& name : directories) {
    const os::Fd child(::openat(directory.get(), name.c_str(), directory_flags));
    if (child) {
      walk(child, joined(path, name));
    } else if (errno != ENOENT) { // __pycache__ has gone
      note_problem(joined(path, name), errno);
    }
  }
}

void BytecodeRemoval::clean(const os::Fd& directory, const std::string& path,
                            const std::vector<std::string>& names) {
  const bool beside = !only_ || is_before_pycache(*only_);
  if (!only_ || !is_before_pycache(*only_)) {
    clean_pycache(directory, path, names);
  }
  for (const std::string& name : names) {
    for (const char letter : {'c', 'o'}) {
      if (beside) {
        remove(directory, path, name + letter);
      }
    }
  }
}

void BytecodeRemoval::clean_pycache(const os::Fd& directory, const std::string& path,
                                    const std::vector<std::string>& names) {
  const os::Fd pycache(::openat(directory.get(), pycache_name, directory_flags));
  const std::string pycache_path = joined(path, pycache_name);
  if (!pycache) {
    if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) {
      note_problem(pycache_path, errno);
    }
    return;
  }
  std::set<std::string_view> stems;
  for (const std::string& name : names) {
    if (const auto stem = stem_of_source(name)) {
      stems.insert(*stem);
    }
  }
  const std::string tag = only_ ? tag_of(*only_) : "";
  std::vector<std::string> found;
  const int code = each_entry(pycache, [&](std::string_view name, bool /*is_a_directory*/) {
    const auto cached = parse_cached_name(name);
    if (cached && stems.contains(cached->stem) && (!only_ || cached->tag == tag)) {
      found.emplace_back(name);
    }
  });
  if (code != 0) {
    note_problem(pycache_path, code);
  }
  for (const std::string& name : found) {
    remove(pycache, pycache_path, name);
  }
  ::unlinkat(directory.get(), pycache_name, AT_REMOVEDIR); // if there is nothing else in it
}

void BytecodeRemoval::remove(const os::Fd& directory, const std::string& path,
                             const std::string& name) {
  struct stat st {};
  if (::fstatat(directory.get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT) {
      note_problem(joined(path, name), errno);
    }
    return;
  }
  if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)) {
    return;
  }
  if (::unlinkat(directory.get(), name.c_str(), 0) == 0) {
    removed_.push_back(joined(path, name));
  } else if (errno != ENOENT) {
    note_problem(joined(path, name), errno);
  }
}

void BytecodeRemoval::note_problem(const std::string& path, int code) {
  problems_.push_back(system_error(path, code).message);
}

} // namespace pysup::cli
