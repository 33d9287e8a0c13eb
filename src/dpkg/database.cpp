// SPDX-License-Identifier: GPL-2.0-or-later
#include "dpkg/database.hpp"

#include "dpkg/libdpkg_calls.hpp"

#include <algorithm>
#include <memory>
#include <sys/stat.h>
#include <utility>

#include <dpkg/dpkg.h>

#include <dpkg/dpkg-db.h>

#include <dpkg/fsys.h>

namespace pysup::dpkg {

namespace {

/// Set by the first open(), never cleared.
bool opened = false;

bool has_files(const pkginfo& pkg) {
  return pkg.status >= PKG_STAT_HALFINSTALLED;
}

Package to_package(const pkginfo& pkg) {
  return {pkg.set->name, pkg.installed.arch->name,
          versiondescribe(&pkg.installed.version, vdew_nonambig),
          pkg.status == PKG_STAT_INSTALLED || pkg.status == PKG_STAT_TRIGGERSPENDING ||
              pkg.status == PKG_STAT_TRIGGERSAWAITED};
}

/// The names under which file lists may have PATH. Where /usr is merged, "/usr/lib/x" may be listed
/// as "/lib/x", which is how it was shipped before.
std::vector<std::string> listed_names(std::string_view path) {
  std::vector<std::string> names{std::string(path)};
  constexpr std::string_view usr = "/usr";
  for (const std::string_view moved : {"/usr/bin/", "/usr/sbin/", "/usr/lib"}) {
    if (path.starts_with(moved)) {
      names.emplace_back(path.substr(usr.size()));
    }
  }
  return names;
}

/// Adds the packages that list NODE and that MAY_OWN accepts, each once.
template <typename MayOwn>
void add_packages(fsys_namenode* node, MayOwn may_own, std::vector<Package>& found) {
  const std::unique_ptr<fsys_node_pkgs_iter, decltype(&fsys_node_pkgs_iter_free)> packages(
      fsys_node_pkgs_iter_new(node), &fsys_node_pkgs_iter_free);
  while (const pkginfo* pkg = fsys_node_pkgs_iter_next(packages.get())) {
    if (!may_own(pkg->set)) {
      continue;
    }
    Package package = to_package(*pkg);
    if (std::find(found.begin(), found.end(), package) == found.end()) {
      found.push_back(std::move(package));
    }
  }
}

/// Who owns what is on disk under the name of NODE: see dpkg-divert(1). Every package but
/// the one that diverts has its file under the other name.
void add_owners(fsys_namenode* node, std::vector<Package>& found) {
  const fsys_diversion* const divert = node->divert;
  const bool diverted_away = divert != nullptr && divert->useinstead != nullptr;
  add_packages(
      node, [&](const pkgset* set) { return !diverted_away || set == divert->pkgset; }, found);
  if (divert != nullptr && divert->camefrom != nullptr) {
    add_packages(
        divert->camefrom, [&](const pkgset* set) { return set != divert->pkgset; }, found);
  }
}

pkgset* find_set(std::string_view name) {
  return pkg_hash_find_set(std::string(name).c_str());
}

/// Calls TAKE with each file that the packages of SET list, whatever their architecture, for as
/// long as it gives true. Errors: a file list is damaged.
template <typename Take>
Result<void> each_file(pkgset* set, Take take) {
  for (pkginfo* pkg = &set->pkg; pkg != nullptr; pkg = pkg->arch_next) {
    if (!has_files(*pkg)) {
      continue;
    }
    if (const char* error = libdpkg_read_files(pkg)) {
      return fail(error);
    }
    for (const fsys_namenode_list* file = pkg->files; file != nullptr; file = file->next) {
      if (!take(*file->namenode)) {
        return {};
      }
    }
  }
  return {};
}

} // namespace

Result<Database> Database::open(const std::string& admindir) {
  if (opened) {
    return fail(admindir + ": this process has read a dpkg database before");
  }
  // To libdpkg a missing status file is an empty database, in which no interpreter is installed.
  struct stat status {};
  if (::stat((admindir + "/status").c_str(), &status) != 0) {
    return fail_errno(admindir + "/status");
  }
  opened = true;
  Database database;
  database.open_ = true;
  if (const char* error = libdpkg_open(admindir.c_str())) {
    return fail(admindir + ": " + error);
  }
  return database;
}

Database::Database(Database&& other) noexcept
    : open_(std::exchange(other.open_, false)), all_files_read_(other.all_files_read_),
      files_error_(std::move(other.files_error_)) {}

Database::~Database() {
  if (open_) {
    libdpkg_close();
  }
}

std::vector<Package> Database::packages(std::string_view name) const {
  std::vector<Package> found;
  const pkgset* const set = find_set(name);
  for (const pkginfo* pkg = &set->pkg; pkg != nullptr; pkg = pkg->arch_next) {
    if (pkg->status >= PKG_STAT_UNPACKED) {
      found.push_back(to_package(*pkg));
    }
  }
  return found;
}

Result<bool> Database::lists(std::string_view name, std::string_view path) {
  const std::vector<std::string> names = listed_names(path);
  bool found = false;
  const auto read = each_file(find_set(name), [&](const fsys_namenode& file) {
    found = std::find(names.begin(), names.end(), file.name) != names.end();
    return !found;
  });
  if (!read) {
    return tl::unexpected(read.error());
  }
  return found;
}

Result<std::vector<std::string>> Database::files(std::string_view name) {
  if (const char* error = libdpkg_read_diversions()) {
    return fail(error);
  }
  std::vector<std::string> paths;
  pkgset* const set = find_set(name);
  const auto read = each_file(set, [&](const fsys_namenode& file) {
    const fsys_diversion* const divert = file.divert;
    const bool diverted =
        divert != nullptr && divert->useinstead != nullptr && divert->pkgset != set;
    paths.emplace_back(diverted ? divert->useinstead->name : file.name);
    return true;
  });
  if (!read) {
    return tl::unexpected(read.error());
  }
  return paths;
}

Result<void> Database::read_all_files() {
  const std::unique_ptr<pkg_hash_iter, decltype(&pkg_hash_iter_free)> all(pkg_hash_iter_new(),
                                                                          &pkg_hash_iter_free);
  while (pkginfo* pkg = pkg_hash_iter_next_pkg(all.get())) {
    if (!has_files(*pkg)) {
      continue;
    }
    if (const char* error = libdpkg_read_files(pkg)) {
      return fail(error);
    }
  }
  if (const char* error = libdpkg_read_diversions()) {
    return fail(error);
  }
  return {};
}

Result<std::vector<Package>> Database::owners(std::string_view path) {
  if (!all_files_read_) {
    all_files_read_ = true;
    if (auto read = read_all_files(); !read) {
      files_error_ = std::move(read.error());
    }
  }
  if (files_error_) {
    return tl::unexpected(*files_error_);
  }
  std::vector<Package> found;
  for (const std::string& name : listed_names(path)) {
    if (fsys_namenode* node = fsys_hash_find_node(name.c_str(), PYSUP_LOOKUP_ONLY)) {
      add_owners(node, found);
    }
  }
  return found;
}

} // namespace pysup::dpkg
