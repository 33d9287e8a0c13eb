# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# python-support-py3compile in views, packages as Debian has them today, and the bytecode of both
# to hold against each other.

NOTES=/var/lib/python-support/notes

# drop_in_package RELEASE: prints the path of the drop-in's package for that release.
drop_in_package() {
  local debs=("$PYSUP_PACKAGES/$1"/python-support-py3compile_*.deb)
  if [ ! -e "${debs[0]}" ]; then
    echo "no drop-in in $PYSUP_PACKAGES/$1; run tools/build-package $1" >&2
    return 1
  fi
  echo "${debs[0]}"
}

# both_packages RELEASE: prints the paths of python-support's and the drop-in's package.
both_packages() {
  own_package "$1" && drop_in_package "$1"
}

# new_drop_in_system RELEASE: a view of that release with both, and their first pass done.
new_drop_in_system() {
  local base debs key
  mapfile -t debs < <(both_packages "$1")
  [ "${#debs[@]}" -eq 2 ] || return
  key=$(cat "${debs[@]}" | sha256sum | cut -c1-12)
  base=$(cached_directory "drop-in-$1-$key" make_system "$1" "${debs[@]}")
  view_of "$base"
  : >"$root/var/log/dpkg.log"
}

# without VERSION...: these interpreters are purged, if they are there.
without() {
  local version names
  for version in "$@"; do
    [ -e "$root/usr/bin/python$version" ] || continue
    mapfile -t names < <(packages_of "$version")
    dpkg_in_root --purge --force-depends "${names[@]}" >"$work/log" 2>&1
  done
}

# -- packages as Debian has them today

# debhelper_scripts NAME CALL...: maintainer scripts as dh_python3 writes them, with one line
# "py3compile CALL" for each, in the form that build_package reads.
debhelper_scripts() {
  printf '== /DEBIAN/postinst 0755\n#!/bin/sh\nset -e\n'
  if [ $# -gt 1 ]; then
    printf 'if command -v py3compile >/dev/null 2>&1; then\n'
    printf '\tpy3compile %s\n' "${@:2}"
    printf 'fi\n'
  fi
  printf '== /DEBIAN/prerm 0755\n#!/bin/sh\nset -e\n'
  printf 'if command -v py3clean >/dev/null 2>&1; then\n\tpy3clean -p %s\nfi\n' "$1"
}

# today NAME[:ARCHITECTURE] VERSION CALL...: makes a package with such scripts and what the
# description on standard input adds; prints its path. As with real packages, the files of each
# version have a time of their own.
today() {
  local name=${1%:*} version=$2 architecture=all epoch
  [ "$name" = "$1" ] || architecture=${1#*:}
  epoch=$((1600000000 + $(cksum <<<"$version" | cut -d ' ' -f 1) % 99999999))
  {
    debhelper_scripts "$name" "${@:3}"
    cat
  } | SOURCE_DATE_EPOCH=$epoch build_package "$name" "$version" "$architecture"
}

# sources TEXT PATH...: modules that each hold "where = 'TEXT'", in the form that build_package
# reads; a path that is not absolute is one below /usr/lib/python3/dist-packages.
sources() {
  local path
  for path in "${@:2}"; do
    [[ $path == /* ]] || path=/usr/lib/python3/dist-packages/$path
    printf "== %s\nwhere = '%s'\n" "$path" "$1"
  done
}

# simple NAME VERSION: a package with one public package of two modules; prints its path.
simple() {
  sources "$1 $2" "$1/__init__.py" "$1/part.py" | today "$1" "$2" "-p $1"
}

# -- what came of them

# bytecode_files: all bytecode of the view and the directories made for it, but not those of the
# standard library: path, kind, mode, owner.
bytecode_files() {
  find "$root" -xdev \( -path "$root/proc" -o -path "$root/tmp" -o -path "$root/srv" \) -prune -o \
    \( -name '*.py[co]' -o -name __pycache__ \) -printf '/%P %y %m %U:%G\n' |
    grep -vP '^/usr/lib/python\d\.\d+/(?!dist-packages/)' | LC_ALL=C sort
}

# bytecode_of PACKAGE...: how many bytecode files lie beside the modules of simple packages.
bytecode_of() {
  find "${@/#/$root/usr/lib/python3/dist-packages/}" -name '*.pyc' 2>/dev/null | wc -l
}

# check_simple WHAT PACKAGE...: each can be imported, and has bytecode for every interpreter.
check_simple() {
  local version name
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "$1: $version" "$version" $((2 * ($# - 1))) \
      "${@/#/\/usr/lib/python3/dist-packages/}"
    for name in "${@:2}"; do
      check_import "$1" "$version" yes "import $name.part; print('yes')"
    done
  done
}

# check_no_notes WHAT
check_no_notes() {
  check_equal "$1: no note is left" "" "$(ls -A "$root$NOTES" 2>/dev/null)"
}

# check_calls_done WHAT: the last transaction succeeded, with one run of the trigger, which took up
# all notes.
check_calls_done() {
  check_done "$1"
  check_no_notes "$1"
}

# source_of: turns names of bytecode files, one a line, into those of their sources.
source_of() {
  sed -E 's,__pycache__/([^/]*)\.cpython-[0-9]+(\.opt-[12])?\.pyc$,\1.py,'
}

# check_code WHAT MINIMUM: each bytecode file of the view equals what py_compile makes, and there
# are at least so many for each interpreter.
check_code() {
  local version out err status # those of the program's last run stay
  into_root "$E2E/lib/compare_bytecode.py"
  for version in $(versions_in_root); do
    bytecode_files | grep -oE "^/.*\.cpython-${version/./}(\.opt-[12])?\.pyc" >"$work/code" || true
    paste -d '\n' <(source_of <"$work/code") "$work/code" | tr '\n' '\0' >"$root/tmp/pairs"
    check_at_least "$1: bytecode files of $version" "$2" "$(wc -l <"$work/code")"
    record python "$version" /tmp/compare_bytecode.py /tmp/pairs
    check_status "$1: $version: bytecode equals py_compile's" 0
    check_matches "$1: $version" '^[1-9][0-9]* compared, 0 different$' "$out"
  done
}

# -- Debian's own programs beside ours

# supported COMMAND...: transact, with every interpreter of the view being one that Debian supports
# (on unstable it does not support all of them, so that its py3compile passes over these).
supported() {
  transact env DEBPYTHON3_SUPPORTED="$(versions_in_root | paste -sd ,)" "$@"
}

# A pair of views: what Debian's programs do in the first is what is expected in the second. They
# are at work at the same time.
debian=
ours=

# pair RELEASE
pair() {
  new_view "$1"
  debian=$root
  new_drop_in_system "$1"
  ours=$root
}

# drop_pair
drop_pair() {
  root=$debian drop_view
  root=$ours drop_view
}

# in_both WHAT MINIMUM dpkg-OPTION...: both do that, at the same time; packages are copied to them.
# The bytecode in both is the same then, at least so many files.
in_both() {
  local what=$1 minimum=$2
  shift 2
  (root=$debian dpkg_with "$@") &
  root=$ours dpkg_with "$@"
  wait $! || check_bad "$what: Debian's" "status 0" "$(cat "$work/debian.said")"
  check_transaction "$what"
  check_no_notes "$what"
  root=$debian bytecode_files >"$work/debian"
  root=$ours bytecode_files >"$work/ours"
  check_at_least "$what: files" "$minimum" "$(wc -l <"$work/debian")"
  check_same_file "$what: bytecode files" "$work/debian" "$work/ours"
}

# dpkg_with ARGUMENT...: files are copied into the view.
dpkg_with() {
  local argument arguments=()
  for argument in "$@"; do
    [[ $argument != *.deb ]] || argument=$(into_view "$argument")
    arguments+=("$argument")
  done
  supported dpkg --force-unsafe-io "${arguments[@]}"
  if [ "$root" = "$debian" ]; then
    cp "$said" "$work/debian.said"
    return "$status"
  fi
}

# check_code_of_both WHAT MINIMUM: the bytecode of both has the same headers and equal code objects,
# at least so many files for each interpreter.
check_code_of_both() {
  local version out err status # those of the program's last run stay
  into_root "$E2E/lib/compare_bytecode.py" "$E2E/lib/drop_in_compare.py"
  mkdir -p "$root/srv/debian"
  mount_in_view --bind "$debian" "$root/srv/debian"
  for version in $(versions_in_root); do
    bytecode_files | sed -nE "s,^(/.*\.cpython-${version/./}(\.opt-[12])?\.pyc) .*,\1,p" |
      tr '\n' '\0' >"$root/tmp/files"
    check_at_least "$1: bytecode files of $version" "$2" \
      "$(tr -cd '\0' <"$root/tmp/files" | wc -c)"
    record python "$version" -B /tmp/drop_in_compare.py /srv/debian / /tmp/files
    check_status "$1: $version: code objects equal those of Debian's" 0
    check_matches "$1: $version" '^[1-9][0-9]* compared, 0 different$' "$out"
  done
  unmount_in_view "$root/srv/debian"
}

# -- the programs in place of Debian's

# places: what stands where py3compile and py3clean are, and who diverts them.
places() {
  find "$root/usr/bin" -name 'py3c*' -printf '%f %y %l\n' | sed 's/ *$//' | LC_ALL=C sort
  in_root "$root" dpkg-divert --list '*/py3c*' | LC_ALL=C sort
}

PLACES_OF_DEBIAN='py3clean f
py3compile f'
LINKS='py3clean l ../lib/python-support/py3clean
py3compile l ../lib/python-support/py3compile'
BY_DROP_IN='diversion of /usr/bin/py3clean to /usr/bin/py3clean.distrib by python-support-py3compile
diversion of /usr/bin/py3compile to /usr/bin/py3compile.distrib by python-support-py3compile'
PLACES_OF_DROP_IN="py3clean l ../lib/python-support/py3clean
py3clean.distrib f
py3compile l ../lib/python-support/py3compile
py3compile.distrib f
$BY_DROP_IN"

# check_places WHAT EXPECTED: besides, python3-minimal has all its files, as they were packed.
check_places() {
  check_equal "$1: the programs and their diversions" "$2" "$(places)"
  check_equal "$1: python3-minimal is whole" "" "$(in_root "$root" dpkg --verify python3-minimal)"
}

# check_active WHAT, check_debians WHAT: whose programs are called.
check_active() {
  check_places "$1" "$PLACES_OF_DROP_IN"
}

check_debians() {
  check_places "$1" "$PLACES_OF_DEBIAN"
}
