# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Running the program under test. Every call leaves $status, $out and $err (files) behind.

out=
err=
status=
runs=0

# The program comes from $PYSUP_PROGRAM; a missing one is an error, never a skipped test.
program_setup() {
  PYSUP_PROGRAM=${PYSUP_PROGRAM:-$REPO/build/release/src/cli/update-python-modules}
  if [ ! -x "$PYSUP_PROGRAM" ]; then
    echo "tests/e2e: there is no program $PYSUP_PROGRAM" >&2
    exit 1
  fi
  PYSUP_PROGRAM=$(realpath "$PYSUP_PROGRAM")
}

# run_program [NAME=VALUE...] [ARGUMENT...]: from outside, with --root.
run_program() {
  local environment=()
  while [[ ${1-} =~ ^[A-Za-z_]+= ]]; do
    environment+=("$1")
    shift
  done
  refuse_host_root "$root"
  record env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "${environment[@]}" \
    "$PYSUP_PROGRAM" --root "$root" "$@"
}

# run_inside [NAME=VALUE...] [ARGUMENT...]: the program copied into the view and run in it, as a
# maintainer script there would. The view's libc must be as new as the one it was built with.
run_inside() {
  local environment=()
  while [[ ${1-} =~ ^[A-Za-z_]+= ]]; do
    environment+=("$1")
    shift
  done
  program_inside
  record in_root "$root" env "${environment[@]}" /usr/sbin/update-python-modules "$@"
}

program_inside() {
  [ -e "$root/usr/sbin/update-python-modules" ] ||
    install -m 0755 "$PYSUP_PROGRAM" "$root/usr/sbin/update-python-modules"
}

# record COMMAND...: runs it with nothing on standard input.
record() {
  runs=$((runs + 1))
  out=$work/out.$BASHPID.$runs
  err=$work/err.$BASHPID.$runs
  status=0
  "$@" </dev/null >"$out" 2>"$err" || status=$?
}

# check_status WHAT EXPECTED: of the last call; what it printed helps when it is wrong.
check_status() {
  if [ "$status" = "$2" ]; then
    check_good "$1: exit $status"
  else
    check_bad "$1" "exit $2" "exit $status"$'\n'"$(tail -n 15 "$err" "$out")"
  fi
}

# full_pass [NAME=VALUE...] [ARGUMENT...]: the pass that a trigger runs, which must succeed; a way
# to get to where a test begins.
full_pass() {
  run_program "$@" -p
  [ "$status" = 0 ] || check_status "the pass that prepares the test" 0
}

# fact EXPRESSION: a fact of the JSON report in $out; a Python expression in which "r" is the
# report and i("3.11") an interpreter's row.
fact() {
  /usr/bin/python3 "$E2E/lib/fact.py" "$out" "$1"
}

# check_fact WHAT EXPECTED EXPRESSION
check_fact() {
  check_equal "$1 ($3)" "$2" "$(fact "$3" 2>&1)"
}
