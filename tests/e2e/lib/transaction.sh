# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Transactions: real dpkg and apt in a view, with python-support's own package and tiny clients.

# The packages of each release are built before (tools/build-package); a missing one is an error.
PYSUP_PACKAGES=${PYSUP_PACKAGES:-$REPO/build/packages}

# own_package RELEASE: prints the path of python-support's package for that release.
own_package() {
  local debs=("$PYSUP_PACKAGES/$1"/python-support_*.deb)
  if [ ! -e "${debs[0]}" ]; then
    echo "no package in $PYSUP_PACKAGES/$1; run tools/build-package $1" >&2
    return 1
  fi
  echo "${debs[0]}"
}

# new_system RELEASE: a view of that release with python-support installed and its first pass done.
new_system() {
  local base deb
  deb=$(own_package "$1") || return 1
  base=$(cached_directory "system-$1-$(sha256sum "$deb" | cut -c1-12)" make_system "$1" "$deb")
  view_of "$base"
  : >"$root/var/log/dpkg.log"
}

# make_system RELEASE DEB... DIR
make_system() (
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  dir=${*: -1}
  new_view "$1" && install_packages "${@:2:$#-2}" && rm -rf "$root/tmp/packages" &&
    cp -a --one-file-system "$root" "$dir"
)

# client NAME VERSION MODULE...: makes a package whose public modules, paths below pyshared, each
# hold "where = 'MODULE of NAME VERSION'"; prints its path. A description as for build_package on
# standard input, if that is not a terminal or /dev/null, is added to it.
client() {
  local name=$1 version=$2 module
  shift 2
  {
    echo "== /usr/share/python-support/$name.public"
    printf '/usr/share/pyshared/%s\n' "$@"
    for module in "$@"; do
      printf "== /usr/share/pyshared/%s\nwhere = '%s of %s %s'\n" "$module" "$module" "$name" \
        "$version"
    done
    [ -t 0 ] || cat
  } | build_package "$name" "$version"
}

# snippets NAME REFERENCE...: the maintainer scripts of a client as the documentation gives them, in
# the form that build_package reads.
snippets() {
  local name=$1 script
  shift
  for script in postinst prerm; do
    echo "== /DEBIAN/$script 0755"
    printf '#!/bin/sh\nset -e\n'
    sed "s/REFERENCES/$*/" "$REPO/debian/examples/client.$script"
  done
}

# into_view DEB...: copies packages to where the view's tools find them; prints their paths there.
into_view() {
  local deb
  mkdir -p "$root/tmp/packages"
  cp "$@" "$root/tmp/packages"
  for deb in "$@"; do
    echo "/tmp/packages/$(basename "$deb")"
  done
}

# transact COMMAND...: dpkg, apt-get or the like in the view; leaves $status, $out and $err, the
# whole of what it said in $said, and what the transaction added to dpkg's log in $dpkg_log.
said=
dpkg_log=
transact() {
  local before
  before=$(wc -c <"$root/var/log/dpkg.log" 2>/dev/null || echo 0)
  case $1 in
    dpkg) set -- dpkg --force-unsafe-io "${@:2}" ;;
    apt-get) set -- apt-get -qq --yes -o Dpkg::Options::=--force-unsafe-io "${@:2}" ;;
  esac
  record in_root "$root" "$@"
  said=$work/said.$BASHPID.$runs
  cat "$out" "$err" >"$said"
  dpkg_log=$work/dpkg-log.$BASHPID.$runs
  tail -c "+$((before + 1))" "$root/var/log/dpkg.log" >"$dpkg_log"
}

# apt_install DEB...: in one run of apt-get.
apt_install() {
  local paths
  mapfile -t paths < <(into_view "$@")
  transact apt-get install "${paths[@]}"
}

# check_transaction WHAT: the last one succeeded, and left no package half done.
check_transaction() {
  check_status "$1" 0
  check_equal "$1: dpkg --audit finds nothing" "" "$(in_root "$root" dpkg --audit)"
}

# check_passes WHAT NUMBER: how often dpkg ran python-support's trigger in the last transaction.
# (grep fails where it counts none.)
check_passes() {
  check_equal "$1: runs of the trigger" "$2" \
    "$(grep -c ' trigproc python-support:' "$dpkg_log" || true)"
}

# check_importable WHAT MODULE TEXT: by every interpreter of the view, from bytecode that is there.
check_importable() {
  local version
  for version in $(versions_in_root); do
    check_import "$1" "$version" "$3" "import $2; print($2.where)"
  done
}

# check_nothing_left WHAT: no link and no bytecode of ours anywhere, no directory of a tree.
check_nothing_left() {
  check_equal "$1: nothing in /usr/lib/pymodules" "" \
    "$(find "$root/usr/lib/pymodules" -mindepth 1 2>/dev/null)"
  check_equal "$1: no bytecode of clients" "" \
    "$(find "$root/usr/share/pyshared" "$root/usr/share/app" "$root/usr/lib/app" \
      -name '*.py[co]' 2>/dev/null)"
}

# modules NAME VERSION PATH=TEXT...: makes a package whose public modules, paths below pyshared,
# each hold "where = 'TEXT'", from those and from what standard input adds; prints its path. As with
# real packages, the files of each version have a time of their own.
modules() {
  local name=$1 version=$2 module epoch
  epoch=${SOURCE_DATE_EPOCH:-$((1600000000 + $(cksum <<<"$2" | cut -d ' ' -f 1) % 99999999))}
  shift 2
  {
    echo "== /usr/share/python-support/$name.public"
    printf '/usr/share/pyshared/%s\n' "${@%%=*}"
    for module in "$@"; do
      printf "== /usr/share/pyshared/%s\nwhere = '%s'\n" "${module%%=*}" "${module#*=}"
    done
    cat
  } | SOURCE_DATE_EPOCH=$epoch build_package "$name" "$version"
}

# private_part NAME FILE...: private modules and their reference, in the form that build_package
# reads.
private_part() {
  echo "== /usr/share/python-support/$1.private"
  printf '%s\n' "${@:2}"
  printf "== %s\nwhere = 'private'\n" "${@:2}"
}

# control FIELD...: fields of the control file, in the form that build_package reads.
control() {
  echo '== /DEBIAN/control'
  printf '%s\n' "$@"
}

# dpkg_install DEB...: in one run of dpkg.
dpkg_install() {
  local paths
  mapfile -t paths < <(into_view "$@")
  transact dpkg -i "${paths[@]}"
}

# by_hand: activates the trigger as the manual page says.
by_hand() {
  transact sh -c 'dpkg-trigger --no-await python-support && dpkg --triggers-only --pending'
}

# check_done WHAT: the last transaction succeeded, with one run of the trigger.
check_done() {
  check_transaction "$1"
  check_passes "$1" 1
}

# state_of PACKAGE: as dpkg-query(1) abbreviates it; nothing for one that is not there (which is
# "un" where another one mentions it).
state_of() {
  # shellcheck disable=SC2016 # for dpkg-query
  in_root "$root" dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | sed 's/ *$//; s/^un$//'
}

# expected_tree VERSION REL...: all that a tree holds, directories included.
expected_tree() {
  local version=$1 rel path
  for rel in "${@:2}"; do
    for path in "$rel" "$(cache_of "$version" "$rel")"; do
      [[ $rel == *.py || $path == "$rel" ]] || continue
      while [ "$path" != . ]; do
        echo "$path"
        path=$(dirname "$path")
      done
    done
  done | sed 's,^\./,,' | sort -u | tr '\n' ' '
}

# check_tree WHAT REL...: every tree holds links to these and their bytecode, and nothing else.
check_tree() {
  local what=$1 version tree
  shift
  for version in $(versions_in_root); do
    tree=/usr/lib/pymodules/python$version
    check_equal "$what: all in $tree" "$(expected_tree "$version" "$@")" \
      "$(cd "$root$tree" 2>/dev/null && find . -mindepth 1 -printf '%P\n' | sort | tr '\n' ' ')"
    check_compiled_as_py_compile "$what: python$version" "$version" 1 "$tree"
  done
}

# private_version: the version for which private modules are compiled by default.
private_version() {
  readlink "$root/usr/bin/python3" | sed 's/^python//'
}

# check_private WHAT FILE...: each private module has its bytecode.
check_private() {
  local what=$1 version file
  version=$(private_version)
  shift
  for file in "$@"; do
    check_compiled_as_py_compile "$what: $file" "$version" 1 "$file"
  done
}
