# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The drop-in in a root of another architecture, where every program is emulated: the place where
# people divert py3compile to /bin/true today. The packages for that architecture are expected in
# $PYSUP_PACKAGES/trixie-arm64.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
# shellcheck source=tests/e2e/lib/drop_in_foreign.sh
source "$E2E/lib/drop_in_foreign.sh"

# new_foreign_view: of that root, with both packages in $both.
new_foreign_view() {
  foreign_setup
  mapfile -t both < <(both_packages "trixie-$FOREIGN")
  [ "${#both[@]}" -eq 2 ]
  view_of "$(cached_directory "trixie-$FOREIGN" make_foreign_root)"
  : >"$root/var/log/dpkg.log"
  check_equal "the architecture" aarch64 "$(in_root "$root" uname -m)"
}

# packages: a few of our own and of the archive; prints their paths.
packages() {
  sources "first 1.0" first/{__init__,part}.py /usr/share/first/main.py |
    today first 1.0 '-p first' '-p first /usr/share/first'
  simple second 1.0
  printf '%s\n' "$(downloaded_packages trixie python3-six python3-idna)"/*.deb
}

# check_there WHAT: all of them are compiled.
check_there() {
  check_simple "$1" first second
  check_private "$1" /usr/share/first/main.py
  check_compiled_as_py_compile "$1: real packages" 3.13 5 \
    /usr/lib/python3/dist-packages/six.py /usr/lib/python3/dist-packages/idna
}

test_everything_is_emulated() {
  local both debs
  new_foreign_view
  bytecode_files >"$work/none"
  mapfile -t debs < <(packages)
  dpkg_install "${both[@]}" "${debs[@]}"
  check_calls_done "installed"
  check_active "installed"
  check_there "installed"
  transact dpkg -r first second python3-six python3-idna
  check_transaction "removed"
  bytecode_files >"$work/after"
  check_same_file "removed" "$work/none" "$work/after"
  transact dpkg --purge python-support-py3compile python-support
  check_transaction "purged"
  check_debians "purged"
}

# "compile = later": the transaction starts no emulated interpreter, and the bytecode is made from
# outside, by a machine that has an interpreter with the same magic number.
test_compile_later_from_outside() {
  local both debs image
  new_foreign_view
  image=$root
  mapfile -t debs < <(packages)
  dpkg_install "${both[@]}"
  echo 'compile = later' >>"$root/etc/python-support.conf"
  dpkg_install "${debs[@]}"
  check_calls_done "compile = later"
  check_equal "compile = later" 0 "$(bytecode_of first second)"
  new_system trixie
  mkdir "$root/srv/image"
  mount_in_view --bind "$image" "$root/srv/image"
  record in_root "$root" update-python-modules --root /srv/image -p
  check_status "from outside" 0
  root=$image
  check_there "from outside"
}
