# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Upgrades of python-support itself: from 1.0.15, the last version in Debian, with all that it left
# about, and from this version to a later one.

# version_1_0: a package like 1.0.15, as far as it matters here; prints its path. It owned the path
# files, which led into its trees; dpkg knew nothing of what was in these.
version_1_0() {
  build_package python-support 1.0.15 <<'LINES'
== /usr/sbin/update-python-modules 0755
#!/bin/sh
exit 0
== /usr/share/python-support/private/movemodules 0755
#!/bin/sh
== /usr/share/python/runtime.d/python-support.rtupdate 0755
#!/bin/sh
== /usr/lib/python2.6/dist-packages/python-support.pth -> ../../../pymodules/python2.6/.path
== /usr/lib/python2.7/dist-packages/python-support.pth -> ../../../pymodules/python2.7/.path
== /DEBIAN/triggers
interest /usr/share/python-support
interest pysupport
== /DEBIAN/postinst 0755
#!/bin/sh
set -e
[ -e /var/lib/python-support ] || ln -s /usr/lib/pymodules /var/lib/python-support
== /DEBIAN/prerm 0755
#!/bin/sh
set -e
[ "$1" != remove ] || update-python-modules -c
LINES
}

# old_client: a package of that time: a public module, an extension, and a legacy tree with a
# namespace; prints its path.
old_client() {
  build_package old 1.0 <<'LINES'
== /usr/share/python-support/old.public
pyversions=2.5-
/usr/share/pyshared/old/__init__.py
/usr/share/pyshared/old/part.py
/usr/share/pyshared/old-1.0.egg-info
/usr/share/pyshared/old.pth
/usr/lib/pyshared/python2.7/old/_speed.so
== /usr/share/pyshared/old/__init__.py
== /usr/share/pyshared/old/part.py
where = 'old'
== /usr/share/pyshared/old-1.0.egg-info
Name: old
== /usr/share/pyshared/old.pth
old
import os
== /usr/lib/pyshared/python2.7/old/_speed.so
nothing that could be loaded
== /usr/share/python-support/tree/.version
2.5-
== /usr/share/python-support/tree/space/tree/__init__.py
where = 'tree'
LINES
}

# old_link VERSION REL SOURCE, old_bytecode VERSION REL: as 1.0 made them.
old_link() {
  mkdir -p "$(dirname "$(linked "$1" "$2")")"
  ln -s "$3" "$(linked "$1" "$2")"
}

old_bytecode() {
  put "/usr/lib/pymodules/python$1/$2c" <<<'bytecode of Python 2'
  put "/usr/lib/pymodules/python$1/$2o" <<<'optimized bytecode of Python 2'
}

# old_tree VERSION: what 1.0 had in a tree: links, also to what went long ago, bytecode beside them,
# bytecode whose link is gone, empty __init__.py files where Python 2 needs one, and .path.
old_tree() {
  local module
  for module in old/__init__.py old/part.py gone/__init__.py alone.py; do
    old_link "$1" "$module" "/usr/share/pyshared/$module"
    old_bytecode "$1" "$module"
  done
  old_link "$1" old-1.0.egg-info /usr/share/pyshared/old-1.0.egg-info
  old_link "$1" old.pth /usr/share/pyshared/old.pth
  old_link "$1" old/_speed.so "/usr/lib/pyshared/python$1/old/_speed.so"
  old_link "$1" space/tree/__init__.py /usr/share/python-support/tree/space/tree/__init__.py
  old_bytecode "$1" space/tree/__init__.py
  put "/usr/lib/pymodules/python$1/space/__init__.py" </dev/null
  old_bytecode "$1" space/__init__.py
  old_bytecode "$1" lost/part.py
  printf '/usr/lib/pymodules/python%s\n' "$1" "$1/old" | put "/usr/lib/pymodules/python$1/.path"
}

# old_system RELEASE: with 1.0.15, a client of that time, one of today, and trees for versions that
# this release does not have.
old_system() {
  local version
  new_view "$1"
  install_packages "$(version_1_0)" "$(old_client)" "$(client now 1.0 now.py </dev/null)"
  for version in 2.6 2.7 3.1; do
    old_tree "$version"
  done
}

# check_clean WHAT: the trees of the interpreters that are there have what references want, and
# nothing else is in /usr/lib/pymodules.
check_clean() {
  local version wanted=$work/wanted
  check_done "$1"
  for version in $(versions_in_root); do
    printf '%s\n' "python$version" "python$version/__pycache__" "python$version/now.py" \
      "python$version/__pycache__/now.cpython-${version/./}.pyc"
  done | sort >"$wanted"
  (cd "$root/usr/lib/pymodules" && find . -mindepth 1 -printf '%P\n' | sort) >"$work/there"
  check_same_file "$1: what is in the trees" "$wanted" "$work/there"
  check_importable "$1" now "now.py of now 1.0"
  check_equal "$1: /var/lib/python-support is a directory of its own" /var/lib/python-support \
    "$(in_root "$root" readlink -e /var/lib/python-support)"
  check_exists "$1: the state" "$root/var/lib/python-support/state.sqlite"
  for version in 2.6 2.7; do
    check_missing "$1: the old path file" \
      "$root/usr/lib/python$version/dist-packages/python-support.pth"
  done
}

test_upgrade_from_1_0_by_dpkg() {
  local release
  for release in bookworm sid; do
    old_system "$release"
    dpkg_install "$(own_package "$release")"
    check_clean "$release: 1.0.15 to 2.0"
    check_contains "it was an upgrade" "upgrade python-support:all 1.0.15" "$dpkg_log"
    transact dpkg --purge python-support
    check_transaction "$release: purged"
    check_missing "$release: purged" "$root/usr/lib/pymodules"
    check_missing "$release: purged" "$root/var/lib/python-support"
    drop_view
  done
}

test_upgrade_from_1_0_by_apt() {
  old_system trixie
  apt_install "$(own_package trixie)"
  check_clean "trixie: 1.0.15 to 2.0"
  dpkg_install "$(client next 1.0 next.py </dev/null)"
  check_done "trixie: the next transaction"
  check_empty "trixie: the next transaction: what the pass complains of" "$err"
}

# 1.0 was removed years ago (its files stayed), or the link was written with a relative path.
test_leftovers_of_a_removed_1_0() {
  old_system bookworm
  dpkg_in_root --purge python-support >"$work/dpkg.log" 2>&1
  ln -sfn ../../usr/lib/pymodules "$root/var/lib/python-support"
  apt_install "$(own_package bookworm)"
  check_clean "1.0 was purged, now 2.0"
}

# What an administrator put into a tree by hand is nobody's to remove, and is named.
test_files_of_others_in_old_trees_stay() {
  local file
  old_system bookworm
  put /usr/lib/pymodules/python2.7/local_tool.py <<<'an administrator wrote this'
  put /usr/lib/pymodules/python2.7/local_tool.pyc <<<'its bytecode'
  put /usr/lib/pymodules/python2.6/local/data.txt <<<'an administrator wrote this too'
  old_link 2.6 local/linked.py /opt/linked.py
  dpkg_install "$(own_package bookworm)"
  check_done "1.0.15 to 2.0"
  (cd "$root/usr/lib/pymodules" && find python2.* ! -type d | sort) >"$work/there"
  printf '%s\n' python2.6/local/data.txt python2.6/local/linked.py python2.7/local_tool.py \
    python2.7/local_tool.pyc >"$work/wanted"
  check_same_file "what stays" "$work/wanted" "$work/there"
  check_missing "a tree of nobody's" "$root/usr/lib/pymodules/python3.1"
  check_equal "its content" "an administrator wrote this" \
    "$(cat "$root/usr/lib/pymodules/python2.7/local_tool.py")"
  for file in python2.6/local python2.7/local_tool.py; do
    check_contains "is named" "/usr/lib/pymodules/$file" "$said"
  done
  dpkg_install "$(client next 1.0 next.py </dev/null)"
  check_without "the next pass does not name it again" local_tool "$said"
}

# observer SCRIPT: a line for one of the maintainer scripts: can modules be imported by now?
observer() {
  printf '%s\n' "for p in /usr/bin/python3.[0-9][0-9]; do" \
    "  \$p -B -c 'import many.part' && echo '$1 '\$1 yes >>/tmp/observed" "done"
}

# observe SCRIPT FILE: puts that into FILE, a maintainer script, which may be missing.
observe() {
  [ -e "$2" ] || printf '#!/bin/sh\nset -e\nexit 0\n' >"$2"
  observer "$1" >"$work/observer"
  sed -i "/^set -e/r $work/observer" "$2"
  chmod 0755 "$2"
}

# later_version RELEASE: our package as 2.0+1 with new timestamps, its scripts observed.
later_version() {
  local tree=$work/later deb=$work/packages/later.deb script
  rm -rf "$tree"
  dpkg-deb -R "$(own_package "$1")" "$tree"
  sed -i 's/^Version: .*/&+1/' "$tree/DEBIAN/control"
  for script in preinst postinst; do
    observe "new $script" "$tree/DEBIAN/$script"
  done
  find "$tree" -type f -exec touch -d 2026-02-03 {} +
  dpkg-deb --root-owner-group -Znone --build "$tree" "$deb" >/dev/null
  echo "$deb"
}

test_upgrade_of_2_0_keeps_the_tree() {
  local release script
  for release in bookworm trixie sid; do
    new_system "$release"
    dpkg_install "$(client many 1.0 many/__init__.py many/part.py < <(
      printf '== %s\n/usr/share/app\n' /usr/share/python-support/many.private
      printf '== %s\nx = 1\n' /usr/share/app/main.py
    ))"
    for script in prerm postrm; do
      observe "old $script" "$root/var/lib/dpkg/info/python-support.$script"
    done
    tree stamps /usr/lib/pymodules /usr/share/app >"$work/before"
    dpkg_install "$(later_version "$release")"
    check_done "$release: 2.0 to 2.0+1"
    check_contains "$release: it was an upgrade" "upgrade python-support:amd64 2.0 2.0+1" \
      "$dpkg_log"
    check_empty "$release: what dpkg complains of" "$err"
    tree stamps /usr/lib/pymodules /usr/share/app >"$work/after"
    check_same_file "$release: nothing was written" "$work/before" "$work/after"
    for script in 'old prerm upgrade' 'new preinst upgrade' 'old postrm upgrade' \
      'new postinst configure' 'new postinst triggered'; do
      check_equal "$release: importable by all in $script" "$(versions_in_root | wc -l)" \
        "$(grep -c "^$script yes" "$root/tmp/observed" || true)"
    done
    drop_view
  done
}
