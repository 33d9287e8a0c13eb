# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interpreters' own packages, on unstable: the release with more than one of them. Its default is
# 3.14. And example packages that tell for which interpreters they are there.

# packages_of VERSION: all that is Python X.Y.
packages_of() {
  printf '%s\n' "python$1" "libpython$1-stdlib" "python$1-minimal" "libpython$1-minimal"
}

# folder_of VERSION: prints the folder with these, as the archive has them.
folder_of() {
  local names
  mapfile -t names < <(packages_of "$1")
  downloaded_packages sid "${names[@]}"
}

# repack DEB COMMAND...: the package changed by COMMAND, which runs in its unpacked tree, and with
# new timestamps; prints its path.
repack() {
  local tree deb
  tree=$(mktemp -d "$work/repack.XXXXXX")
  deb=$work/packages/$(basename "$tree")/$(basename "$1")
  mkdir -p "$(dirname "$deb")"
  dpkg-deb -R "$1" "$tree"
  (cd "$tree" && "${@:2}" && find . -type f -exec touch -d 2026-02-03 {} +)
  dpkg-deb --root-owner-group -Znone --build "$tree" "$deb" >/dev/null
  rm -rf "$tree"
  echo "$deb"
}

# with_default_3_15: what repack does to Debian's python3-minimal.
with_default_3_15() {
  ln -sfn python3.15 usr/bin/python3
  sed -i 's/^default-version *=.*/default-version = python3.15/' usr/share/python3/debian_defaults
}

# install_example [DEB...]: public modules for all versions, for 3.15 and later and for the default
# version, and a private one; and other packages with them.
install_example() {
  dpkg_install "$(client many 1.0 many/__init__.py many/part.py alone.py </dev/null)" \
    "$(client chosen 1.0 chosen.py <<'LINES'
== /usr/share/python-support/chosen.public
pyversions=3.15-
/usr/share/pyshared/chosen.py
== /usr/share/python-support/now.public
pyversions=current
/usr/share/pyshared/now.py
== /usr/share/pyshared/now.py
where = 'now'
== /usr/share/python-support/chosen.private
/usr/share/app
== /usr/share/app/main.py
x = 1
LINES
    )" "$@"
  check_transaction "the example"
}

# check_served WHAT VERSION MODULES: that many public modules, linked, compiled and importable.
check_served() {
  check_link "$1" /usr/share/pyshared/many/part.py "$(linked "$2" many/part.py)"
  check_equal "$1: links of $2" "$3" "$(find "$root/usr/lib/pymodules/python$2" -type l | wc -l)"
  check_compiled_as_py_compile "$1: $2" "$2" "$3" "/usr/lib/pymodules/python$2"
  check_import "$1" "$2" "many/part.py of many 1.0" 'import many.part; print(many.part.where)'
  check_import "$1" "$2" "alone.py of many 1.0" 'import alone; print(alone.where)'
}

# check_not_served WHAT VERSION: nothing is left that was made for it, nor is it said to be there.
check_not_served() {
  check_missing "$1" "$root/usr/lib/pymodules/python$2"
  check_missing "$1" "$root/usr/lib/python$2/dist-packages/python-support.pth"
  check_equal "$1: bytecode of $2" "" \
    "$(find "$root/usr/share/app" "$root/usr/share/pyshared" "$root/usr/lib/pymodules" \
      -name "*.cpython-${2/./}.*" 2>/dev/null)"
}

# made_for VERSION...: what would change if a pass touched these trees.
made_for() {
  tree stamps "${@/#//usr/lib/pymodules/python}" /usr/share/app/__pycache__
}
