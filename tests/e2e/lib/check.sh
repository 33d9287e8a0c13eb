# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks. Each prints what it compared; one that fails prints what was expected and what came, is
# counted, and lets the test go on, so that one run shows everything that is wrong.

# check_record good|bad: counts a check, for the test and for the suite.
check_record() {
  echo "$1" >>"$work/checks"
}

# The numbers of good and of failed checks so far.
check_totals() {
  awk '{ n[$1]++ } END { print n["good"] + 0, n["bad"] + 0 }' "$work/checks"
}

check_good() {
  check_record good
  printf 'ok    %s\n' "$1"
}

# check_bad WHAT EXPECTED GOT
check_bad() {
  check_record bad
  printf 'FAIL  %s\n' "$1"
  printf '%s\n' "$2" | sed 's/^/      expected: /'
  printf '%s\n' "$3" | head -n 40 | sed 's/^/      got:      /'
}

# check_equal WHAT EXPECTED GOT
check_equal() {
  if [ "$2" = "$3" ]; then
    check_good "$1: '${2:0:120}'"
  else
    check_bad "$1" "$2" "$3"
  fi
}

# check_at_least WHAT MINIMUM GOT, whole numbers
check_at_least() {
  if [ "$3" -ge "$2" ] 2>/dev/null; then
    check_good "$1: $3 is at least $2"
  else
    check_bad "$1" "at least $2" "$3"
  fi
}

# check_at_most WHAT MAXIMUM GOT, whole numbers
check_at_most() {
  if [ "$3" -le "$2" ] 2>/dev/null; then
    check_good "$1: $3 is at most $2"
  else
    check_bad "$1" "at most $2" "$3"
  fi
}

# check_contains WHAT TEXT FILE: the file holds the fixed text.
check_contains() {
  if grep -qaF -e "$2" "$3"; then
    check_good "$1: says '$2'"
  else
    check_bad "$1" "a line with '$2'" "$(cat "$3")"
  fi
}

# check_matches WHAT REGEX FILE: some line of the file matches the extended regular expression.
check_matches() {
  if grep -qaE -e "$2" "$3"; then
    check_good "$1: a line matches '$2'"
  else
    check_bad "$1" "a line that matches '$2'" "$(cat "$3")"
  fi
}

# check_without WHAT TEXT FILE: the file does not hold the fixed text.
check_without() {
  if grep -qaF -e "$2" "$3"; then
    check_bad "$1" "no line with '$2'" "$(grep -aF -e "$2" "$3")"
  else
    check_good "$1: does not say '$2'"
  fi
}

# check_empty WHAT FILE
check_empty() {
  check_equal "$1 is empty" "" "$(cat "$2")"
}

# check_exists WHAT PATH: there is such a name; a link of the view may well dangle out here.
check_exists() {
  if [ -e "$2" ] || [ -L "$2" ]; then
    check_good "$1: there is ${2#"${root-}"}"
  else
    check_bad "$1" "the file ${2#"${root-}"}" "$(ls -la "$(dirname "$2")" 2>&1)"
  fi
}

# check_missing WHAT PATH: no such name, not even a dangling link.
check_missing() {
  if [ -e "$2" ] || [ -L "$2" ]; then
    check_bad "$1" "no file ${2#"${root-}"}" "$(ls -lad "$2")"
  else
    check_good "$1: no ${2#"${root-}"}"
  fi
}

# check_link WHAT TARGET PATH: PATH is a symbolic link with that text.
check_link() {
  check_equal "$1: ${3#"${root-}"} links to" "$2" "$(readlink "$3" || echo 'no link')"
}

# check_same_file WHAT EXPECTED GOT: equal content; prints the first differences.
check_same_file() {
  local difference
  if difference=$(diff --text "$2" "$3" | head -n 20) && [ -z "$difference" ]; then
    check_good "$1: $(wc -l <"$2") equal lines"
  else
    check_bad "$1" "what $2 has (<)" "$difference"
  fi
}

# run_test NAME: the test in a subshell of its own; what it mounted and started ends with it. Sets
# $test_failed. Must not be called where its status is asked for (if, ||): there bash ignores
# "set -e" in all that it runs.
run_test() {
  local name=$1 status before after begin=$SECONDS
  echo "== $suite: ${name#test_}"
  before=$(check_totals)
  set +e
  (
    trap view_cleanup EXIT
    set -e
    "$name"
  )
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    check_bad "$name runs to its end" "status 0" "status $status"
  elif [ "$before" = "$(check_totals)" ]; then
    check_bad "$name checks something" "at least one check" "none"
  fi
  after=$(check_totals)
  test_failed=no
  [ "${before#* }" = "${after#* }" ] || test_failed=yes
  echo "-- ${name#test_}: $((SECONDS - begin)) s"
}
