// SPDX-License-Identifier: GPL-2.0-or-later
#include "state/relative_vfs.hpp"

#include <sqlite3.h>

namespace pysup::state {

namespace {

int same_name(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

} // namespace

const char* relative_vfs() {
  static sqlite3_vfs vfs; // SQLite keeps a pointer to it
  if (vfs.zName == nullptr) {
    const sqlite3_vfs* const standard = sqlite3_vfs_find(nullptr);
    if (standard == nullptr) {
      return nullptr;
    }
    vfs = *standard;
    vfs.zName = "python-support";
    vfs.xFullPathname = same_name;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) {
      vfs.zName = nullptr;
    }
  }
  return vfs.zName;
}

} // namespace pysup::state
