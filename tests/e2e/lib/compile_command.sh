# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pysupport-compile in views, also in those with an older libc than it was built with, and Python
# scripts that hold it against py_compile.

PLACE=/opt/pysupport-compile # in the view
LOADED=("$PLACE/ld.so" --library-path "$PLACE" "$PLACE/program")

# compiler_inside: puts the program, its libraries and their loader, and the command
# /usr/bin/pysupport-compile, into $root.
compiler_inside() {
  local library
  PYSUP_COMPILE=${PYSUP_COMPILE:-$(dirname "$PYSUP_PROGRAM")/pysupport-compile}
  [ -x "$PYSUP_COMPILE" ] || {
    echo "tests/e2e: there is no program $PYSUP_COMPILE" >&2
    return 1
  }
  mkdir -p "$root$PLACE"
  cp "$PYSUP_COMPILE" "$root$PLACE/program"
  while read -r library; do
    cp -L "$library" "$root$PLACE"
  done < <(ldd "$PYSUP_COMPILE" | grep -o '/[^ ]*')
  mv "$root$PLACE"/ld-linux* "$root$PLACE/ld.so"
  put /usr/bin/pysupport-compile 0755 <<<"#!/bin/sh
exec ${LOADED[*]} \"\$@\""
}

# compile_view RELEASE: a view with the program, and the scripts in /tmp/differential.
compile_view() {
  new_view "$1"
  compiler_inside
  mkdir -p "$root/tmp/differential"
  cp -r "$E2E/lib/compile_cases" "$E2E/lib/compare_bytecode.py" \
    "$E2E/lib/py_compile_differential.py" "$root/tmp/differential"
}

# check_differential VERSION GROUP MINIMUM: py_compile_differential.py finds no difference, in at
# least that many cases.
check_differential() {
  record in_root "$root" env PYSUP_CASE="${PYSUP_CASE-}" "/usr/bin/python$1" -B \
    /tmp/differential/py_compile_differential.py "$2" "${LOADED[@]}"
  if [ "$status" != 0 ]; then
    grep -v '^ok ' "$out" || true
  fi
  check_status "python$1: $2" 0
  check_at_least "python$1: $2" "$3" "$(sed -n 's/^\([0-9]*\) cases, .*/\1/p' "$out")"
}

# compile_in DIR [NAME=VALUE...] [ARGUMENT...]: pysupport-compile in that directory of the view.
compile_in() {
  local directory=$1 environment=()
  shift
  while [[ ${1-} =~ ^[A-Z_]+= ]]; do
    environment+=("$1")
    shift
  done
  record in_root "$root" env -C "$directory" "${environment[@]}" pysupport-compile "$@"
}

# modules_in DIR NAME...: small sources there, all of one time.
modules_in() {
  local name
  for name in "${@:2}"; do
    put "$1/$name" <<<"where = '$name'"
    touch -d @1600000000 "$root$1/$name"
  done
}

# check_leftovers WHAT DIR: there is nothing but sources, bytecode and directories.
check_leftovers() {
  check_equal "$1: nothing else" "" "$(find "$root$2" ! -type d ! -name '*.py' ! -name '*.py[co]')"
}
