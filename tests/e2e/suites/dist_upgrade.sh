# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From Debian 12 to Debian 13 in one transaction of apt: 3.11 goes, 3.13 comes, and python-support
# itself is upgraded, with dpkg, apt and libc.

# to_trixie: what the view's apt takes its packages from.
to_trixie() {
  sed -i 's/bookworm/trixie/g' "$root/etc/apt/sources.list"
  rm -rf "$root/var/lib/apt/lists"
}

# download_trixie DIR: the lists of the archive and the packages that the upgrade needs.
download_trixie() (
  set -e
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  new_view bookworm
  to_trixie
  in_root "$root" apt-get -qq -o Acquire::Check-Valid-Until=false update
  in_root "$root" apt-get -qq --yes -o APT::Sandbox::User=root -o APT::Install-Recommends=false \
    dist-upgrade --download-only
  mkdir "$1"
  rm -rf "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial"
  cp -r "$root/var/cache/apt/archives" "$root/var/lib/apt/lists" "$1"
)

# own_package_of_trixie: with a version that is newer than that for bookworm; prints its path.
own_package_of_trixie() {
  local tree=$work/own deb
  deb=$(own_package trixie)
  dpkg-deb -R "$deb" "$tree"
  sed -i 's/^Version: .*/&+trixie/' "$tree/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone --build "$tree" "$work/own.deb" >/dev/null
  echo "$work/own.deb"
}

# local_archive DEB: it comes from an archive of its own; apt's lists are not downloaded again.
local_archive() {
  local archive=$root/srv/archive
  mkdir -p "$archive" "$root/var/lib/apt/lists/partial"
  cp "$1" "$archive/own.deb"
  {
    dpkg-deb -f "$1"
    printf 'Filename: ./own.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s "$1")" \
      "$(sha256sum "$1" | cut -d ' ' -f 1)"
  } >"$archive/Packages"
  put /etc/apt/sources.list.d/local.list <<<'deb [trusted=yes] copy:/srv/archive ./'
  transact apt-get -o Dir::Etc::SourceList=/etc/apt/sources.list.d/local.list \
    -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=false update
  check_status "the local archive" 0
}

# with_references: bookworm with modules of each kind.
with_references() {
  new_system bookworm
  dpkg_install "$(client many 1.0 many/__init__.py many/part.py alone.py </dev/null)" \
    "$(client mixed 1.0 mixed.py < <(
      snippets mixed mixed.public mixed.private
      private_part mixed /usr/share/app/mixed/main.py /usr/share/app/mixed/deep/er.py
    ))" "$(build_package old 1.0 <<'LINES'
== /usr/share/python-support/old.public
pyversions=-3.12
/usr/share/pyshared/old.py
== /usr/share/pyshared/old.py
where = 'old'
LINES
    )"
  check_done "the references"
  check_exists "bookworm" "$(bytecode 3.11 old.py)"
  check_private "bookworm" /usr/share/app/mixed
}

# compiled VERSION: modules, by all passes together.
compiled() {
  sed -n "s/^  python${1/./\\.}: \([0-9]*\) compiled.*/\1/p" "$root/var/log/python-support.log" |
    awk '{ n += $1 } END { print n + 0 }'
}

upgrade() {
  local cache
  cache=$(cached_directory dist-upgrade-bookworm-trixie download_trixie)
  to_trixie
  cp -r "$cache/lists" "$root/var/lib/apt"
  cp -r "$cache/archives" "$root/var/cache/apt"
  local_archive "$(own_package_of_trixie)"
  transact apt-mark auto python3.11
  : >"$root/var/log/python-support.log"
  transact apt-get -o Debug::python-support=1 -o APT::Install-Recommends=false dist-upgrade \
    --auto-remove
}

test_from_debian_12_to_debian_13() {
  with_references
  upgrade
  check_transaction "dist-upgrade"
  check_contains "all in one run of apt: 3.11 goes" "remove python3.11-minimal" "$dpkg_log"
  check_contains "all in one run of apt: 3.13 comes" "install python3.13-minimal" "$dpkg_log"
  check_contains "all in one run of apt: python-support" "upgrade python-support" "$dpkg_log"
  check_equal "interpreters" 3.13 "$(versions_in_root)"
  check_passes "dist-upgrade" 1
  check_contains "the old hook is there before" "python-support: pre-install: " "$err"
  check_contains "the new hook is there after" "python-support: post-invoke: " "$err"
  check_equal "dist-upgrade: complaints" "" \
    "$(grep python-support: "$err" | grep -vE ' (pre-install|post-invoke): ')"
  check_equal "dist-upgrade: not empty, because of us" "" \
    "$(grep -E 'pymodules|python-support|/usr/share/app' "$said" | grep 'not empty')"
  check_tree "trixie" many/__init__.py many/part.py alone.py mixed.py
  check_importable "trixie" many.part "many/part.py of many 1.0"
  check_importable "trixie" mixed "mixed.py of mixed 1.0"
  check_private "trixie" /usr/share/app/mixed
  check_equal "nothing of 3.11 is left" "" \
    "$(find "$root/usr/lib/pymodules" "$root/usr/share/app" "$root/usr/share/pyshared" \
      \( -name '*cpython-311*' -o -name 'python3.11*' \))"
  check_equal "compiled, for 3.11 and 3.13" "0 6" "$(compiled 3.11) $(compiled 3.13)"
  check_missing "no note" "$root/var/lib/python-support/apt-transaction"
  check_equal "--status knows" "python3.13*" \
    "$(in_root "$root" update-python-modules --status | awk '/^python/ { print $1 }')"
}
