# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From Debian 12 to Debian 13 in one transaction of apt, with the drop-in and real packages: 3.11
# goes, 3.13 comes, python3-minimal, python-support and the drop-in are upgraded with all the rest.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"

REAL=(python3-attr python3-idna python3-jinja2 python3-markupsafe python3-packaging
  python3-pyparsing python3-simplejson python3-six)

# to_trixie: what the view's apt takes its packages from.
to_trixie() {
  sed -i 's/bookworm/trixie/g' "$root/etc/apt/sources.list"
  rm -rf "$root/var/lib/apt/lists"
}

# download_upgrade DIR: the lists of the archive and the packages that the upgrade needs.
download_upgrade() (
  set -e
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  new_view bookworm
  debs=("$(downloaded_packages bookworm "${REAL[@]}")"/*.deb)
  mapfile -t debs < <(into_view "${debs[@]}")
  dpkg_in_root --force-depends -i "${debs[@]}"
  to_trixie
  in_root "$root" apt-get -qq -o Acquire::Check-Valid-Until=false update
  in_root "$root" apt-get -qq --yes -o APT::Sandbox::User=root -o APT::Install-Recommends=false \
    dist-upgrade --download-only
  mkdir "$1"
  rm -rf "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial"
  cp -r "$root/var/cache/apt/archives" "$root/var/lib/apt/lists" "$1"
)

# for_trixie: what repack does to make a package newer than the one for bookworm.
for_trixie() {
  sed -i 's/^Version: .*/&+trixie/; s/python-support (= \([^)]*\))/python-support (= \1+trixie)/' \
    DEBIAN/control
}

# local_archive DEB...: they come from an archive of their own; other lists are not downloaded
# again.
local_archive() {
  local deb archive=$root/srv/archive
  mkdir -p "$archive" "$root/var/lib/apt/lists/partial"
  cp "$@" "$archive"
  for deb in "$archive"/*.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(stat -c %s "$deb")" \
      "$(sha256sum "$deb" | cut -d ' ' -f 1)"
  done >"$archive/Packages"
  put /etc/apt/sources.list.d/local.list <<<'deb [trusted=yes] copy:/srv/archive ./'
  transact apt-get -o Dir::Etc::SourceList=/etc/apt/sources.list.d/local.list \
    -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=false update
  check_status "the local archive" 0
}

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
  local cache
  cache=$(cached_directory drop-in-dist-upgrade download_upgrade)
  to_trixie
  cp -r "$cache/lists" "$root/var/lib/apt"
  cp -r "$cache/archives" "$root/var/cache/apt"
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
