# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From Debian 12 to Debian 13 in one transaction of apt: 3.11 goes, 3.13 comes, and python-support
# itself is upgraded, with dpkg, apt and libc.

# shellcheck source=tests/e2e/lib/dist_upgrade.sh
source "$E2E/lib/dist_upgrade.sh"

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
  # shellcheck disable=SC2119 # without further packages
  bring_trixie_within_reach
  local_archive "$(repack "$(own_package trixie)" for_trixie)"
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
