# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What each option means, as an administrator types it; configuration; what is printed.

# one_of_each: a root with a public and a private reference.
one_of_each() {
  new_view bookworm
  references_of_each_kind
}

references_of_each_kind() {
  public_package foo foo.py
  put /usr/share/app/main.py <<<'x = 1'
  reference app.private <<<'/usr/share/app'
}

# all_stamps: whatever a command writes anywhere.
all_stamps() {
  tree stamps usr/lib usr/share etc var >"$1"
}

test_help_and_version() {
  record "$PYSUP_PROGRAM" --help
  check_status "--help" 0
  check_contains "--help" --bytecompile "$out"
  check_contains "--help" --invalidation-mode "$out"
  check_empty "--help, errors" "$err"
  record "$PYSUP_PROGRAM" --version
  check_status "--version" 0
  check_matches "--version" '2\.0' "$out"
  record "$PYSUP_PROGRAM" --no-such-option
  check_status "an unknown option" 2
  check_contains "an unknown option" no-such-option "$err"
}

test_usage_errors_do_nothing() {
  one_of_each
  all_stamps "$work/before"
  local arguments
  for arguments in "-b foo.public" "-b app.private foo.public" "-i app.private" \
    "-i foo.public app.private" "-j 0" "-j x" "-j -1" "--optimize 3" "--optimize 0,x" \
    "--invalidation-mode sometimes" "--root" "--repair"; do
    # shellcheck disable=SC2086 # words are meant
    run_program $arguments
    check_status "usage: $arguments" 2
    check_at_least "usage: $arguments: lines on stderr" 1 "$(wc -l <"$err")"
  done
  all_stamps "$work/after"
  check_same_file "nothing is done" "$work/before" "$work/after"
}

test_bytecompile_and_install() {
  new_view bookworm
  full_pass # so that the interpreter is none that has just come
  references_of_each_kind
  run_program -i foo.public
  check_status "-i" 0
  check_exists "-i compiles" "$(bytecode 3.11 foo.py)"
  check_missing "-i: nothing private" "$root/usr/share/app/__pycache__"
  run_program -b app.private
  check_status "-b" 0
  check_compiled_as_py_compile "-b" 3.11 1 /usr/share/app
}

test_root_that_is_none() {
  one_of_each
  record "$PYSUP_PROGRAM" --root "$work/missing" -p
  check_equal "a root that is not there is neither done nor failed modules" yes \
    "$([ "$status" -ge 2 ] && echo yes)"
  check_contains "a root that is not there" missing "$err"
  record env -i DPKG_ROOT="$root" "$PYSUP_PROGRAM" -p
  check_status "DPKG_ROOT" 0
  check_exists "DPKG_ROOT" "$(bytecode 3.11 foo.py)"
}

test_dry_run_changes_nothing() {
  one_of_each
  local arguments
  for arguments in "-n -p" "-n foo.public" "-n -f" "-n -a" "-n -c foo.public" "-n --json -p"; do
    all_stamps "$work/before"
    # shellcheck disable=SC2086 # words are meant
    run_program $arguments
    check_at_most "$arguments: exit" 1 "$status"
    all_stamps "$work/after"
    check_same_file "$arguments" "$work/before" "$work/after"
  done
  run_program -n -p
  check_contains "the plan has the link" /usr/lib/pymodules/python3.11/foo.py "$out"
  check_contains "the plan has the private module" /usr/share/app/ "$out"
  run_program -n -p --json
  check_equal "the plan in JSON" valid \
    "$(/usr/bin/python3 -m json.tool "$out" >/dev/null && echo valid)"
  check_contains "the plan in JSON" /usr/lib/pymodules/python3.11/foo.py "$out"
}

test_rebuild() {
  local public private
  one_of_each
  full_pass
  public=$(bytecode 3.11 foo.py)
  private=$root$(cache_of 3.11 /usr/share/app/main.py)
  local public_inode private_inode
  public_inode=$(stat -c %i "$public")
  private_inode=$(stat -c %i "$private")
  run_program -a
  check_status "-a" 0
  check_equal "-a leaves public modules" "$public_inode" "$(stat -c %i "$public")"
  check_equal "-a rebuilds private ones" changed \
    "$([ "$(stat -c %i "$private")" = "$private_inode" ] || echo changed)"
  private_inode=$(stat -c %i "$private")
  run_program -f
  check_status "-f" 0
  check_equal "-f rebuilds public modules" changed \
    "$([ "$(stat -c %i "$public")" = "$public_inode" ] || echo changed)"
  check_equal "-f rebuilds private ones" changed \
    "$([ "$(stat -c %i "$private")" = "$private_inode" ] || echo changed)"
}

# Only one file is compiled when one file changed; one that only got another time is restamped.
test_only_what_changed() {
  new_view bookworm
  public_package foo foo.py bar.py baz.py
  full_pass
  put /usr/share/pyshared/bar.py <<<'where = "changed"'
  touch -d '2001-01-01' "$root/usr/share/pyshared/baz.py"
  run_program -p --json
  check_status "the pass" 0
  check_fact "compiled" 1 'i("3.11")["compiled"]'
  check_fact "restamped" 1 'i("3.11")["restamped"]'
  check_fact "up to date" 1 'i("3.11")["up_to_date"]'
  check_compiled_as_py_compile "all" 3.11 3 /usr/lib/pymodules/python3.11
}

# Lesson 22: older than before is different from before.
test_lesson_22_older_source() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  put /usr/share/pyshared/foo.py <<<'where = "older"'
  touch -d '1999-01-01' "$root/usr/share/pyshared/foo.py"
  run_program -p --json
  check_fact "lesson 22: compiled" 1 'i("3.11")["compiled"]'
  check_import "lesson 22" 3.11 older 'import foo; print(foo.where)'
}

test_levels() {
  local level suite version
  for suite in bullseye bookworm; do
    new_view "$suite"
    public_package foo foo.py
    run_program -p --optimize 0,1,2
    check_status "$suite: levels" 0
    for version in $(versions_in_root); do
      for level in 0 1 2; do
        # One name for both levels of 2.7.
        check_exists "python$version, level $level" "$(bytecode "$version" foo.py "$level")"
      done
    done
    drop_view
  done
  new_view bookworm
  put /usr/share/pyshared/foo.py <<<$'"""doc"""\nassert False'
  reference foo.public <<<'/usr/share/pyshared/foo.py'
  run_program -p --optimize 2
  check_status "level 2 alone" 0
  check_missing "level 0" "$(bytecode 3.11 foo.py)"
  into_root "$E2E/lib/compare_bytecode.py"
  printf '%s\0%s\0' /usr/lib/pymodules/python3.11/foo.py \
    "$(bytecode 3.11 foo.py 2 | sed "s|^$root||")" >"$root/tmp/pairs"
  record python 3.11 /tmp/compare_bytecode.py /tmp/pairs
  check_status "level 2 as py_compile has it" 0
  check_equal "used by -OO" None "$(python 3.11 -B -OO -c 'import foo; print(foo.__doc__)')"
}

# mode_of: the flags that PEP 552 has in the header of the module's bytecode.
mode_of() {
  od -An -tu4 -j4 -N4 "$(bytecode 3.11 foo.py)" | tr -d ' '
}

test_invalidation_modes() {
  local mode flags
  while read -r mode flags; do
    new_view bookworm
    public_package foo foo.py
    run_program -p --invalidation-mode "$mode"
    check_status "$mode" 0
    check_equal "$mode: flags" "$flags" "$(mode_of)"
    check_compiled_as_py_compile "$mode" 3.11 1 /usr/lib/pymodules/python3.11
    run_program -p --json
    check_fact "$mode is fresh without the option" 0 'i("3.11")["compiled"]'
    check_equal "$mode stays" "$flags" "$(mode_of)"
    put /usr/share/pyshared/foo.py <<<'where = "changed"'
    full_pass
    check_import "$mode: a changed source" 3.11 changed 'import foo; print(foo.where)'
    drop_view
  done <<<$'timestamp 0\nchecked-hash 3\nunchecked-hash 1'
  new_view bookworm
  public_package foo foo.py
  full_pass
  run_program -p --invalidation-mode checked-hash
  check_equal "another mode on request" 3 "$(mode_of)"
}

test_source_date_epoch() {
  new_view bookworm
  public_package foo foo.py
  full_pass SOURCE_DATE_EPOCH=1
  check_equal "SOURCE_DATE_EPOCH" 3 "$(mode_of)"
  run_program SOURCE_DATE_EPOCH=1 -f --invalidation-mode timestamp
  check_equal "the option overrides it" 0 "$(mode_of)"
}

test_configuration() {
  new_view bookworm
  public_package foo foo.py
  put /etc/python-support.conf <<'LINES'
# ours
invalidation-mode = unchecked-hash
optimize = 0, 2
jobs=1
LINES
  run_program -p
  check_status "with a configuration" 0
  check_empty "with a configuration" "$err"
  check_equal "invalidation-mode" 1 "$(mode_of)"
  check_exists "optimize" "$(bytecode 3.11 foo.py 2)"
  run_program PYTHON_SUPPORT_INVALIDATION_MODE=checked-hash -f
  check_equal "the environment overrides it" 3 "$(mode_of)"
  run_program PYTHON_SUPPORT_INVALIDATION_MODE=checked-hash -f --invalidation-mode timestamp
  check_equal "an option overrides both" 0 "$(mode_of)"
  put /etc/python-support.conf <<<$'jobs = many\nno-such-key = 1\nlimit = 5'
  run_program -p
  check_status "a configuration with errors" 0
  check_contains "names the file" /etc/python-support.conf "$err"
  check_contains "names the setting" jobs "$err"
}

test_compile_later_and_never() {
  new_view bookworm
  public_package foo foo.py
  put /etc/python-support.conf <<<'compile = later'
  run_inside DPKG_MAINTSCRIPT_PACKAGE=python-support -p
  check_status "later, from a trigger" 0
  check_link "later: links now" /usr/share/pyshared/foo.py "$(linked 3.11 foo.py)"
  check_missing "later: not now" "$(bytecode 3.11 foo.py)"
  run_program -p
  check_exists "later: when somebody asks" "$(bytecode 3.11 foo.py)"
  put /usr/share/pyshared/foo.py <<<'where = "changed"'
  run_program PYTHON_SUPPORT_COMPILE=never -p
  check_status "never" 0
  check_import "never: nothing stale is used" 3.11 changed 'import foo; print(foo.where)'
  rm "$root/usr/share/python-support/foo.public"
  run_program PYTHON_SUPPORT_COMPILE=never -p
  check_missing "never: cleaned all the same" "$(linked 3.11 foo.py)"
  check_missing "never: bytecode too" "$(bytecode 3.11 foo.py)"
}

test_output_of_a_pass() {
  new_view bookworm
  public_package foo foo.py bar.py
  run_program -p
  check_matches "a line an interpreter" \
    '^python3\.11: 2 compiled, 0 restamped, 0 removed, 0 up to date.* in [0-9]+\.[0-9]+ s$' "$out"
  check_equal "lines" 1 "$(wc -l <"$out")"
  check_empty "stderr" "$err"
  run_program -f -q
  check_empty "-q: stdout" "$out"
  check_empty "-q: stderr" "$err"
  run_program -f -v
  check_contains "-v: each action" /usr/lib/pymodules/python3.11/foo.py "$out"
  check_at_least "-v: lines" 3 "$(wc -l <"$out")"
  put /usr/share/pyshared/foo.py <<<'def f(:'
  run_program -p -q
  check_status "-q with an error" 1
  check_contains "-q still names it" foo.py "$err"
}

test_output_in_json() {
  new_view sid
  public_package foo foo.py bar.py
  run_program -p --json
  check_status "the pass" 0
  check_equal "it is JSON" valid "$(/usr/bin/python3 -m json.tool "$out" >/dev/null && echo valid)"
  check_fact "schema" 1 'r["schema"]'
  check_fact "versions" "$(versions_in_root | tr '\n' ' ' | sed 's/ $//')" \
    '" ".join(row["version"] for row in r["interpreters"])'
  check_fact "compiled" 2 'i("3.13")["compiled"]'
  check_fact "linked" true 'i("3.13")["linked"] >= 2'
  check_fact "workers" true 'i("3.13")["workers_started"] >= 1'
  check_fact "seconds" true 'i("3.13")["seconds"] >= 0'
  check_fact "layers" true '"limits" in i("3.13")["confinement"]'
  check_fact "changed" "['foo.public']" '[c["reference"] for c in r["changed"]]'
  check_fact "the rest" "[] [] [] False 0" \
    '" ".join(str(r[k]) for k in ("conflicts", "failures", "warnings", "deferred", "exit"))'
}

# A terminal gets a progress bar for a long pass; a log never does.
test_progress_bar() {
  new_view bookworm
  install_real_packages bookworm
  script -qec "env -i TERM=xterm '$PYSUP_PROGRAM' --root '$root' -p -j 1" "$work/typescript" \
    </dev/null >/dev/null
  check_at_least "redrawn lines on a terminal" 2 "$(tr -cd '\r' <"$work/typescript" | wc -c)"
  check_matches "the bar counts" '[0-9]+ ?(%|/)' "$work/typescript"
  check_matches "the line after it" 'python3\.11: [0-9]+ compiled' "$work/typescript"
  run_program -f
  check_equal "carriage returns in a log" 0 "$(cat "$out" "$err" | tr -cd '\r' | wc -c)"
  script -qec "env -i TERM=xterm '$PYSUP_PROGRAM' --root '$root' -p -q -f" "$work/typescript" \
    </dev/null >/dev/null
  check_equal "-q on a terminal" "" "$(grep -av '^Script ' "$work/typescript" | tr -d '\r\n')"
}

test_jobs() {
  local jobs
  for jobs in 1 3; do
    new_view bookworm
    install_real_packages bookworm python3-docutils
    run_program -p -j "$jobs" --json
    check_status "-j $jobs" 0
    check_fact "-j $jobs: workers" true "1 <= i('3.11')['workers_started'] <= $jobs"
    drop_view
  done
}

test_clean_all() {
  one_of_each
  full_pass
  check_exists "to begin with" "$(bytecode 3.11 foo.py)"
  run_program --clean-all
  check_status "--clean-all" 0
  check_equal "--clean-all: no link, no bytecode, no path file" "" \
    "$(find "$root/usr/lib/pymodules" "$root/usr/share/app" \
      "$root/usr/lib/python3.11/dist-packages" \( -name '*.p[ty][ch]' -o -type l \) 2>/dev/null)"
  check_missing "--clean-all: the tree" "$root/usr/lib/pymodules/python3.11"
  check_missing "--clean-all: its empty directories" "$root/usr/share/app/__pycache__"
  check_exists "--clean-all: the sources stay" "$root/usr/share/app/main.py"
  full_pass
  check_compiled_as_py_compile "the next pass makes it again" 3.11 1 /usr/lib/pymodules/python3.11
  run_program --clean-all foo.public
  check_status "--clean-all with a reference" 2
  run_program --clean-all -c foo.public
  check_status "--clean-all with -c" 2
  check_exists "a usage error does nothing" "$(bytecode 3.11 foo.py)"
}

# A state that was lost does not keep links from going.
test_clean_all_without_state() {
  one_of_each
  full_pass
  rm -r "$root/var/lib/python-support"
  run_program --clean-all
  check_status "--clean-all without a state" 0
  check_equal "links and their bytecode go all the same" "" \
    "$(find "$root/usr/lib/pymodules" -type l -o -name '*.pyc')"
}
