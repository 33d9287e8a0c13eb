# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The harness itself: its comparisons can fail, and it stays off the machine's own root.

test_refuses_the_host_root() {
  local dir
  ln -s / "$work/alias"
  for dir in / "" "$work/missing" "$work/alias"; do
    record bash -c "source '$E2E/lib/root.sh'; refuse_host_root '$dir'; echo went on"
    check_status "a root of '${dir#"$work"}'" 1
    check_empty "what comes after" "$out"
  done
}

# run_scratch_suite: runs the suite on standard input with this driver; sets $status, $out, $err.
run_scratch_suite() {
  local scratch=$work/scratch
  mkdir -p "$scratch/suites"
  ln -sfn "$E2E/lib" "$scratch/lib"
  cp "$E2E/run" "$scratch/run"
  cat >"$scratch/suites/scratch.sh"
  record env PYSUP_PROGRAM="$PYSUP_PROGRAM" "$scratch/run" scratch
}

test_failing_checks_fail_the_suite() {
  run_scratch_suite <<<'test_a() { check_equal one 1 1; }'
  check_status "a good check" 0
  run_scratch_suite <<<'test_a() { check_equal one 1 2; check_equal two 2 2; }'
  check_status "a bad check before a good one" 1
  check_contains "a bad check" 'expected: 1' "$out"
  check_contains "a bad check" 'got:      2' "$out"
  run_scratch_suite <<<'test_a() { true; }'
  check_status "a test without any check" 1
  run_scratch_suite <<<'helper() { check_equal one 1 1; }'
  check_status "a suite without any test" 1
  run_scratch_suite <<<'test_a() { check_equal one 1 1; false; check_equal two 2 2; }'
  check_status "a command that fails in a test" 1
  check_without "what comes after it" 'two' "$out"
  run_scratch_suite <<<'test_a() { new_view no-such-release; check_equal one 1 1; }'
  check_status "a root that cannot be made" 1
}

test_views_do_not_touch_the_cached_root() {
  local base before after
  base=$(cached_root bookworm)
  before=$(/usr/bin/python3 "$E2E/lib/tree.py" stamps "$base" etc | sha256sum)
  new_view bookworm
  echo changed >"$root/etc/hostname"
  rm "$root/etc/passwd"
  after=$(/usr/bin/python3 "$E2E/lib/tree.py" stamps "$base" etc | sha256sum)
  check_equal "the cached root" "$before" "$after"
}

# compare_one VERSION CHANGE: py_compile's bytecode of a module with delicate constants, after the
# Python statement CHANGE on its bytes "data", against compare_bytecode.py.
compare_one() {
  into_root "$E2E/lib/compare_bytecode.py"
  printf '/tmp/m.py\0/tmp/m.bytecode\0' >"$root/tmp/pairs"
  put /tmp/m.py <<'PYTHON'
zero = 0.0
one = 1
nan = 1e400 - 1e400
member = zero in {"a", "b", "c"}


def function(argument):
    return argument, -0.0, True, u"text", 1j
PYTHON
  python "$1" -c "
import py_compile, struct, sys
py_compile.compile('/tmp/m.py', '/tmp/m.bytecode', doraise=True)
data = open('/tmp/m.bytecode', 'rb').read()
$2
open('/tmp/m.bytecode', 'wb').write(data)"
  record python "$1" /tmp/compare_bytecode.py /tmp/pairs
}

test_compare_bytecode_finds_differences() {
  local version suite
  for suite in bullseye sid; do
    new_view "$suite"
    for version in $(versions_in_root); do
      compare_one "$version" "pass"
      check_status "python$version: the same" 0
      compare_one "$version" "data = data[:4] + b'\\1\\0\\0\\0' + data[8:]"
      check_status "python$version: another flag or time in the header" 1
      compare_one "$version" "data = data.replace(struct.pack('<d', 0.0), struct.pack('<d', -0.0))"
      check_status "python$version: -0.0 for 0.0" 1
      compare_one "$version" "data = data.replace(b'text', b'teyt')"
      check_status "python$version: another string in a function" 1
      compare_one "$version" "data = data[:-1]"
      check_status "python$version: one byte short" 1
    done
    drop_view
  done
}

test_loadable_finds_damage() {
  new_view bookworm
  put /tmp/bad/__pycache__/x.cpython-311.pyc <<<'no bytecode'
  into_root "$E2E/lib/loadable.py"
  record python 3.11 /tmp/loadable.py /tmp/bad
  check_status "a file of text" 1
  check_contains "its name" x.cpython-311.pyc "$out"
}
