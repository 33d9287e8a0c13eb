// SPDX-License-Identifier: GPL-2.0-or-later
#include "dpkg/libdpkg_calls.hpp"

#include <csetjmp>
#include <cstdio>

#include <dpkg/dpkg.h>

#include <dpkg/dpkg-db.h>

#include <dpkg/db-ctrl.h>
#include <dpkg/db-fsys.h>
#include <dpkg/ehandle.h>
#include <dpkg/fsys.h>
#include <dpkg/report.h>

namespace pysup::dpkg {

namespace {

char last_error[1024];

void remember(const char* message, const void* /*data*/) {
  std::snprintf(last_error, sizeof last_error, "%s", message);
}

/// dpkg itself prints these warnings at every run; here they would only come a second time.
void drop_warning(const char* /*message*/, void* /*data*/) {}

/// Runs STEP(ARGUMENT) so that an error of libdpkg ends here.
const char* guarded(void (*step)(void*), void* argument) {
  std::jmp_buf failed;
  if (setjmp(failed) != 0) { // NOLINT(cert-err52-cpp): libdpkg has no other way
    pop_error_context(ehflag_bombout);
    return last_error;
  }
  push_error_context_jump(&failed, remember, nullptr);
  step(argument);
  pop_error_context(ehflag_normaltidy);
  return nullptr;
}

/// Inside file lists and diversions libdpkg counts the sections up in which an error ends the
/// process, with dpkg's exit code. Counting from -1, it is at 0 there: the error comes to guarded()
/// like any other. Both functions count before anything of them can fail, and an error finds the
/// count at 0, where it belongs.
void count_section(int by) {
#ifdef PYSUP_FATAL_ERRORS_SECTION // libdpkg 1.23
  if (by < 0) {
    pop_fatal_errors_section();
  } else {
    push_fatal_errors_section();
  }
#else
  onerr_abort = onerr_abort + by;
#endif
}

void (*uncounted_step)(void*);
void uncounted(void* argument) {
  count_section(-1);
  uncounted_step(argument);
  count_section(1);
}

const char* guarded_where_libdpkg_exits(void (*step)(void*), void* argument) {
  uncounted_step = step;
  return guarded(uncounted, argument);
}

struct Directory {
  const char* path;
};

void open_step(void* argument) {
  dpkg_set_warning_printer(drop_warning, nullptr);
  dpkg_db_set_dir(static_cast<Directory*>(argument)->path);
  modstatdb_open(msdbrw_readonly);
  // Read and checked now, so that it cannot fail in the middle of a file list.
  pkg_infodb_get_format();
}

} // namespace

const char* libdpkg_open(const char* admindir) {
  Directory directory{admindir};
  return guarded(open_step, &directory);
}

const char* libdpkg_read_files(pkginfo* pkg) {
  return guarded_where_libdpkg_exits(
      [](void* argument) { ensure_packagefiles_available(static_cast<pkginfo*>(argument)); }, pkg);
}

const char* libdpkg_read_diversions() {
  return guarded_where_libdpkg_exits([](void*) { ensure_diversions(); }, nullptr);
}

const char* libdpkg_close() {
  return guarded(
      [](void*) {
        modstatdb_shutdown();
        fsys_hash_reset(); // its nodes lay in the memory that has just been freed
      },
      nullptr);
}

} // namespace pysup::dpkg
