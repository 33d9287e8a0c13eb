#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Holds normalize() and source_hash() against real interpreters: each compiles its own library
# twice, in opposite orders and with other hash seeds, one long-lived process each. The normal forms
# must be the same bytes, load to the same code bit for bit, and execute.
#
# PYSUP_ROOTS   directory with the root directories of Debian releases
# PYSUP_BUILD   build directory with the program normalize_tool
# PYSUP_FILES   files per interpreter, 1000 if not given
set -eu

: "${PYSUP_ROOTS:?}" "${PYSUP_BUILD:?}"
files=${PYSUP_FILES:-1000}
program=$(cat "$(dirname "$0")/lib/normal_form_differential.py")
tool=$(find "$PYSUP_BUILD" -name normalize_tool -type f -perm -100 | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run ROOT VERSION SEED ARGUMENT...
run() {
    root=$1 version=$2 seed=$3
    shift 3
    chroot "$PYSUP_ROOTS/$root" /usr/bin/env -i PYTHONHASHSEED="$seed" "/usr/bin/python$version" \
        -s -S -B -W ignore -c "$program" "$@"
}

# compiled ROOT VERSION SEED ORDER
compiled() {
    run "$1" "$2" "$3" compile "$4" "$files" > "$work/$4.raw" &&
        "$tool" normalize "$2" < "$work/$4.raw" > "$work/$4.normal"
}

# Callers look at the status of these two, which turns "set -e" off inside them: hence the "&&".
compare_order() {
    compiled "$1" "$2" 0 forward &
    forward=$!
    compiled "$1" "$2" 4242 reversed && wait "$forward" &&
        "$tool" normalize-twice "$2" < "$work/forward.raw" | cmp - "$work/forward.normal" &&
        run "$1" "$2" 0 compare "$files" \
            3< "$work/forward.raw" 4< "$work/forward.normal" \
            5< "$work/reversed.raw" 6< "$work/reversed.normal"
}

compare_hash() {
    magic=$(run "$1" "$2" 0 magic) &&
        run "$1" "$2" 0 hash-input > "$work/hash-input" &&
        "$tool" hash "$2" "$magic" < "$work/hash-input" > "$work/hashes" &&
        run "$1" "$2" 0 hash-compare 3< "$work/hashes"
}

status=0
found=0
for release in bullseye bookworm trixie forky sid; do
    for python in "$PYSUP_ROOTS/$release"/usr/bin/python[23].*; do
        version=${python##*/python}
        case $version in
        *[!0-9.]*) continue ;;
        esac
        found=$((found + 1))
        echo "$release:"
        compare_order "$release" "$version" || status=1
        [ "$version" = 2.7 ] || compare_hash "$release" "$version" || status=1
    done
done
[ "$found" -gt 0 ] || { echo "no interpreter below $PYSUP_ROOTS" >&2; exit 1; }
exit "$status"
