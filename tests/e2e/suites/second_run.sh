# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A pass that finds nothing to do writes nothing and starts no process.

# everything_stamped FILE: what any write below /usr or to the state would change.
everything_stamped() {
  tree stamps usr etc var/lib/python-support/state.sqlite >"$1"
  tree names var/lib/python-support >>"$1"
}

# check_idle WHAT STATUS [ARGUMENT...]: strace sees every program that the run or a child of it
# starts.
check_idle() {
  local what=$1 expected=$2
  shift 2
  everything_stamped "$work/before"
  record env -i PATH=/usr/bin:/bin strace -f -qq -e trace=execve,execveat -o "$work/trace" \
    "$PYSUP_PROGRAM" --root "$root" "$@"
  check_status "$what" "$expected"
  everything_stamped "$work/after"
  check_same_file "$what: nothing written" "$work/before" "$work/after"
  check_equal "$what: programs started besides itself" "" \
    "$(grep -a execve "$work/trace" | tail -n +2)"
}

test_nothing_to_do() {
  new_view bookworm
  install_real_packages bookworm python3-docutils python3-yaml python3-markupsafe
  put /usr/share/app/main.py <<<'x = 1'
  reference app.private <<<'/usr/share/app'
  full_pass
  check_idle "the full pass again" 0 -p
  check_idle "without arguments" 0
  check_idle "with a reference" 0 python3-docutils.public
  check_idle "with a private reference" 0 -b app.private
}

test_every_interpreter() {
  local suite
  for suite in bullseye sid; do
    new_view "$suite"
    public_package alpha alpha/__init__.py alpha/one.py beta.py
    put /usr/share/app/main.py <<<'x = 1'
    reference app.private <<<'/usr/share/app'
    full_pass
    check_idle "$suite: the full pass again" 0 -p
    drop_view
  done
}

# A source that was refused is refused as long as it stays the same: nobody asks again.
test_module_that_does_not_compile() {
  new_view bookworm
  public_package alpha alpha.py broken.py
  put /usr/share/pyshared/broken.py <<<'def f(:'
  run_program -p
  check_status "the first pass" 1
  check_idle "a module that does not compile" 1 -p
  check_contains "it is named again" broken.py "$err"
  put /usr/share/pyshared/broken.py <<<'mended = True'
  run_program -p
  check_status "the mended module" 0
  check_import "the mended module" 3.11 True 'import broken; print(broken.mended)'
}

test_levels_and_modes_stay() {
  new_view bookworm
  public_package alpha alpha.py
  full_pass --optimize 0,1,2 --invalidation-mode checked-hash
  check_idle "no level and mode given after others were" 0 -p
  check_exists "bytecode of level 2" "$(bytecode 3.11 alpha.py 2)"
}

# Lesson 22: image tools zero all times, and clocks go backwards.
test_bytecode_made_reproducibly() {
  new_view bookworm
  public_package alpha alpha.py beta.py
  full_pass SOURCE_DATE_EPOCH=1000000000
  full_pass
  find "$root/usr/lib/pymodules" "$root/usr/share/pyshared" -exec touch -h -d @0 '{}' +
  tree content usr/lib/pymodules >"$work/before"
  run_program -p --json
  check_fact "lesson 22: all times zeroed, hash-based" 0 'i("3.11")["compiled"]'
  tree content usr/lib/pymodules >"$work/after"
  check_same_file "lesson 22: bytecode" "$work/before" "$work/after"
  check_idle "lesson 22: and then" 0 -p
}
