# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From Debian 12 to Debian 13 in one transaction of apt, with the drop-in and real packages: 3.11
# goes, 3.13 comes, python3-minimal, python-support and the drop-in are upgraded with all the rest.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
# shellcheck source=tests/e2e/lib/dist_upgrade.sh
source "$E2E/lib/dist_upgrade.sh"

REAL=(python3-attr python3-idna python3-jinja2 python3-markupsafe python3-packaging
  python3-pyparsing python3-simplejson python3-six)

# before: bookworm with real packages and one of our own, some of them older than the drop-in.
before() {
  local debs
  new_system bookworm
  debs=("$(downloaded_packages bookworm "${REAL[@]}")"/*.deb)
  dpkg_install "${debs[@]:0:4}"
  dpkg_install "$(drop_in_package bookworm)"
  check_calls_done "bookworm"
  dpkg_install "${debs[@]:4}" "$(sources "stays 1.0" stays/{__init__,part}.py \
    /usr/share/stays/main.py | today stays 1.0 '-p stays' '-p stays /usr/share/stays')"
  check_calls_done "bookworm, and more packages"
  check_code "bookworm" 80
}

upgrade() {
  bring_trixie_within_reach "${REAL[@]}"
  local_archive "$(repack "$(own_package trixie)" for_trixie)" \
    "$(repack "$(drop_in_package trixie)" for_trixie)"
  transact apt-mark auto python3.11
  transact apt-get -o APT::Install-Recommends=false dist-upgrade --auto-remove
}

test_from_debian_12_to_debian_13() {
  local name
  before
  upgrade
  check_transaction "dist-upgrade"
  for name in "remove python3.11-minimal" "install python3.13-minimal" "upgrade python3-minimal" \
    "upgrade python-support" "upgrade python-support-py3compile" "upgrade python3-six"; do
    check_contains "all in one run of apt" "$name" "$dpkg_log"
  done
  check_passes "dist-upgrade" 1
  check_no_notes "dist-upgrade"
  check_active "trixie"
  check_equal "interpreters" 3.13 "$(versions_in_root)"
  check_equal "complaints" "" \
    "$(grep -E '^([WE]: )?(python-support|py3compile|py3clean)' "$err" || true)"
  check_code "trixie" 80
  check_simple "trixie: a package that was not upgraded" stays
  check_private "trixie: a package that was not upgraded" /usr/share/stays/main.py
  check_compiled_as_py_compile "trixie: real packages" 3.13 70 \
    /usr/lib/python3/dist-packages/{attr,idna,jinja2,packaging,pyparsing,simplejson}
  check_equal "nothing of 3.11 is left" "" "$(bytecode_files | grep cpython-311 || true)"
}
