# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tests of the installed package share. They build tiny packages and install them on the
# testbed itself.
work=${AUTOPKGTEST_TMP:?run these tests by autopkgtest(1)}
source=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# client NAME: a package with a public module of that name and a private one, and with the
# maintainer scripts of the documentation's example; prints its path.
client() {
  tree=$work/$1
  mkdir -p "$tree/DEBIAN" "$tree/usr/share/python-support" "$tree/usr/share/pyshared" \
    "$tree/usr/share/$1"
  cat >"$tree/DEBIAN/control" <<END
Package: $1
Version: 1.0
Architecture: all
Maintainer: Test <test@example.org>
Description: made by a test
END
  for script in postinst prerm; do
    {
      printf '#!/bin/sh\nset -e\n'
      sed "s/REFERENCES/$1.public $1.private/" "$source/debian/examples/client.$script"
    } >"$tree/DEBIAN/$script"
    chmod 0755 "$tree/DEBIAN/$script"
  done
  echo "/usr/share/pyshared/$1.py" >"$tree/usr/share/python-support/$1.public"
  echo "/usr/share/$1" >"$tree/usr/share/python-support/$1.private"
  echo "name = '$1'" >"$tree/usr/share/pyshared/$1.py"
  echo 'x = 1' >"$tree/usr/share/$1/main.py"
  dpkg-deb --root-owner-group --build "$tree" "$work/$1.deb" >"$work/build.log"
  echo "$work/$1.deb"
}

# passes: how often dpkg has run the trigger so far. (grep fails where it counts none.)
passes() {
  grep -c ' trigproc python-support:' /var/log/dpkg.log || true
}

# bytecode VERSION MODULE: its path, which PEP 3147 defines.
bytecode() {
  echo "/usr/lib/pymodules/python$1/__pycache__/$2.cpython-$(echo "$1" | tr -d .).pyc"
}

default_version() {
  python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])'
}
