// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

// The calls into libdpkg that can fail. libdpkg reports an error by longjmp(3), which skips
// destructors; so these functions, and nothing that calls libdpkg on their behalf, own anything.
// Each returns NULL when it did its work, else libdpkg's message, valid until the next call.

struct pkginfo;

namespace pysup::dpkg {

/// Reads status, the updates/ journal and the triggers in ADMINDIR, without a lock.
const char* libdpkg_open(const char* admindir);

/// Reads the file list of PKG, once.
const char* libdpkg_read_files(pkginfo* pkg);

/// Reads the diversions.
const char* libdpkg_read_diversions();

/// Frees what libdpkg has read, whether or not all of it succeeded.
const char* libdpkg_close();

} // namespace pysup::dpkg
