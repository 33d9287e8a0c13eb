# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The normal form of bytecode against the standard libraries of every interpreter: see
# ../normal_form.sh, which is given views of the roots and the program that only tests run.

test_standard_libraries() {
  local release
  mkdir "$work/roots"
  for release in bullseye bookworm trixie sid; do
    new_view "$release"
    ln -s "$root" "$work/roots/$release"
  done
  record env PYSUP_ROOTS="$work/roots" PYSUP_FILES="${PYSUP_FILES:-1000}" \
    PYSUP_BUILD="${PYSUP_BUILD:-$(dirname "$PYSUP_PROGRAM")/../..}" sh "$E2E/normal_form.sh"
  check_status "normal forms of the modules for each interpreter" 0
  cat "$out"
}
