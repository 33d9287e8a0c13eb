# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs that maintainer scripts run must start while libraries are half-installed, so everything
# but libc is linked statically; Debian ships the archives. The names below are interface targets
# that carry the archive, never the shared object.

find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

function(pysup_archive target pkg)
  pkg_check_modules(${target} REQUIRED ${pkg})
  find_library(${target}_ARCHIVE NAMES ${ARGN} REQUIRED)
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${${target}_INCLUDE_DIRS})
  target_link_libraries(${target} INTERFACE ${${target}_ARCHIVE})
endfunction()

pysup_archive(pysup_sqlite sqlite3 libsqlite3.a)
target_link_libraries(pysup_sqlite INTERFACE m)
pysup_archive(pysup_xxhash libxxhash libxxhash.a)
pysup_archive(pysup_pcre2 libpcre2-8 libpcre2-8.a)
pysup_archive(pysup_seccomp libseccomp libseccomp.a)

# libdpkg's own list of what it needs, each as its archive (pkg-config --static --libs libdpkg).
pkg_check_modules(LIBDPKG REQUIRED libdpkg)
add_library(pysup_libdpkg INTERFACE)
target_include_directories(pysup_libdpkg SYSTEM INTERFACE ${LIBDPKG_STATIC_INCLUDE_DIRS})
target_compile_definitions(pysup_libdpkg INTERFACE LIBDPKG_VOLATILE_API)
foreach(lib IN LISTS LIBDPKG_STATIC_LIBRARIES)
  find_library(LIBDPKG_ARCHIVE_${lib} NAMES lib${lib}.a REQUIRED)
  target_link_libraries(pysup_libdpkg INTERFACE ${LIBDPKG_ARCHIVE_${lib}})
endforeach()

# tl::expected is one header; Debian ships no CMake file for it under every release.
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
add_library(pysup_expected INTERFACE)
target_include_directories(pysup_expected SYSTEM INTERFACE ${EXPECTED_INCLUDE})

# Debian ships no archive of fmt: what is installed has it as headers. Builds that are for tests on
# this machine alone take the shared object, which halves the time to compile.
if(PYSUP_SHARED_FMT)
  target_link_libraries(pysup_expected INTERFACE fmt::fmt)
else()
  target_link_libraries(pysup_expected INTERFACE fmt::fmt-header-only)
endif()
