# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a hundred thousand modules cost in memory and on disk; bench/ has what they cost in time.

MANY=100000
MOST_MEMORY=$((64 << 10)) # KiB of our own process
MOST_STATE=200            # bytes a module

# peak_of ARGUMENT...: the program's own peak memory in KiB.
peak_of() {
  refuse_host_root "$root"
  /usr/bin/python3 -B "$E2E/lib/own_peak.py" "$REPO" "$work/log" \
    "$PYSUP_PROGRAM" --root "$root" "$@"
}

state_size() {
  stat -c %s "$root/var/lib/python-support/state.sqlite"
}

compiled() {
  find "$root/usr" -path '*/module_*' -name '*.pyc' | wc -l
}

test_private_modules() {
  new_view trixie
  /usr/bin/python3 "$E2E/lib/many_modules.py" "$root" private "$MANY"
  check_at_most "peak memory when all is compiled, KiB" "$MOST_MEMORY" "$(peak_of -p)"
  check_equal "bytecode files" "$MANY" "$(compiled)"
  check_at_most "state, bytes" $((MOST_STATE * MANY)) "$(state_size)"
  check_at_most "peak memory with nothing to do, KiB" "$MOST_MEMORY" "$(peak_of -p)"
  check_at_most "peak memory when all is removed, KiB" "$MOST_MEMORY" "$(peak_of --clean-all)"
  check_equal "bytecode files when all is removed" 0 "$(compiled)"
}

# Public modules have a link each, which is a file and a row more.
test_public_modules() {
  local tenth=$((MANY / 10)) few many
  new_view trixie
  /usr/bin/python3 "$E2E/lib/many_modules.py" "$root" public "$tenth"
  few=$(peak_of -p)
  check_equal "bytecode files" "$tenth" "$(compiled)"
  check_at_most "state, bytes" $((2 * MOST_STATE * tenth)) "$(state_size)"
  drop_view
  new_view trixie
  /usr/bin/python3 "$E2E/lib/many_modules.py" "$root" public $((5 * tenth))
  many=$(peak_of -p)
  check_at_most "peak memory of five times as many, KiB" $((5 * few)) "$many"
}
