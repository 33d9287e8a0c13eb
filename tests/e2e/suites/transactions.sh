# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One transaction, one pass: packages installed by apt and dpkg, with the real trigger.

RELEASES=(bookworm trixie sid)

# clients NUMBER: that many packages, each with a package of modules and a module; prints the paths.
clients() {
  local i
  for ((i = 1; i <= $1; i++)); do
    client "client$i" 1.0 "client$i/__init__.py" "client$i/part.py" "alone$i.py" </dev/null
  done
}

# check_clients WHAT NUMBER
check_clients() {
  local i
  for i in 1 $(($2 / 2)) "$2"; do
    check_importable "$1" "client$i.part" "client$i/part.py of client$i 1.0"
    check_importable "$1" "alone$i" "alone$i.py of client$i 1.0"
  done
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "$1: python$version" "$version" $((3 * $2)) \
      "/usr/lib/pymodules/python$version"
  done
}

test_many_packages_one_pass() {
  local release debs
  mapfile -t debs < <(clients 40)
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    install "${debs[@]}"
    check_transaction "$release: 40 packages"
    check_passes "$release: 40 packages" 1
    check_clients "$release: 40 packages" 40
    drop_view
  done
}
