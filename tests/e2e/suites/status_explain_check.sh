# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The questions an administrator can ask, and what --check finds and mends.

prepare() {
  new_view bookworm
  install_packages "$(build_package foo 1.5 <<'LINES'
== /usr/share/pyshared/foo.py
name = 'foo'
== /usr/share/pyshared/bar.py
name = 'bar'
== /usr/share/pyshared/bad.py
def f(:
== /usr/share/python-support/foo.public
/usr/share/pyshared/foo.py
/usr/share/pyshared/bar.py
/usr/share/pyshared/bad.py
LINES
  )"
  run_program -p
}

prepare_good() {
  new_view bookworm
  public_package foo foo.py bar.py
  full_pass
}

test_status() {
  prepare
  run_program --status
  check_status "--status" 0
  check_matches "a row for the interpreter" 'python3\.11|3\.11' "$out"
  check_contains "the layers" no-new-privs "$out"
  run_program --status --json
  check_status "--status --json" 0
  check_equal "it is JSON" valid "$(/usr/bin/python3 -m json.tool "$out" >/dev/null && echo valid)"
  check_contains "it has the version" '"3.11"' "$out"
}

test_status_before_any_pass() {
  new_view bookworm
  tree stamps var usr/lib >"$work/before"
  run_program --status
  check_status "--status before any pass" 0
  tree stamps var usr/lib >"$work/after"
  check_same_file "it writes nothing" "$work/before" "$work/after"
}

# check_explained WHAT PATH TEXT...: --explain says all of the texts.
check_explained() {
  local what=$1 path=$2 text
  run_program --explain "$path"
  shift 2
  for text in "$@"; do
    cat "$out" "$err" >"$work/explained"
    check_contains "$what" "$text" "$work/explained"
  done
}

test_explain() {
  prepare
  check_explained "a link" /usr/lib/pymodules/python3.11/foo.py \
    foo.public 1.5 3.11
  check_status "a link" 0
  check_explained "bytecode" /usr/lib/pymodules/python3.11/__pycache__/foo.cpython-311.pyc \
    foo.public 3.11
  check_explained "a source" /usr/share/pyshared/foo.py \
    foo.public 3.11 /usr/lib/pymodules/python3.11/foo.py
  check_explained "one that does not compile" /usr/lib/pymodules/python3.11/bad.py SyntaxError
  check_explained "its source" /usr/share/pyshared/bad.py SyntaxError
  check_explained "a reference" /usr/share/python-support/foo.public foo 1.5
  check_explained "a path that nobody asked for" /usr/share/pyshared/unknown.py unknown.py
}

# check_finds WHAT NAME: --check names it and ends with 1, --repair mends it, and then all is well.
check_finds() {
  run_program --check
  check_status "$1: --check" 1
  cat "$out" "$err" >"$work/found"
  check_contains "$1: is named" "$2" "$work/found"
  run_program --check --json
  check_status "$1: --check --json" 1
  check_equal "$1: it is JSON" valid \
    "$(/usr/bin/python3 -m json.tool "$out" >/dev/null && echo valid)"
  check_contains "$1: is named in JSON" "$2" "$out"
  run_program --check --repair
  check_at_most "$1: --check --repair: exit" 1 "$status"
  run_program --check
  check_status "$1: mended" 0
  check_import "$1: mended" 3.11 "foo.py of foo" 'import foo; print(foo.where)'
  check_compiled_as_py_compile "$1: mended" 3.11 2 /usr/lib/pymodules/python3.11
  drop_view
}

test_all_is_well() {
  local suite
  for suite in bullseye bookworm trixie sid; do
    new_view "$suite"
    install_real_packages "$suite" python3-docutils
    full_pass
    run_program --check
    check_status "$suite: --check" 0
    drop_view
  done
}

test_check_finds_links() {
  prepare_good
  rm "$(linked 3.11 foo.py)"
  check_finds "a missing link" python3.11/foo.py
  prepare_good
  ln -sfn /usr/share/pyshared/bar.py "$(linked 3.11 foo.py)"
  check_finds "a link to something else" python3.11/foo.py
}

test_check_finds_bytecode() {
  prepare_good
  rm "$(bytecode 3.11 foo.py)"
  check_finds "missing bytecode" foo.cpython-311.pyc
  prepare_good
  truncate -s -10 "$(bytecode 3.11 foo.py)"
  check_finds "truncated bytecode" foo.cpython-311.pyc
  prepare_good
  : >"$(bytecode 3.11 foo.py)"
  check_finds "empty bytecode" foo.cpython-311.pyc
}

# The header, the size and the times are right; only the body is not.
test_check_finds_damaged_bodies() {
  local file size times
  prepare_good
  file=$(bytecode 3.11 foo.py)
  size=$(stat -c %s "$file")
  times=$(stat -c @%.Y "$file")
  { head -c 16 "$file"; head -c $((size - 16)) /dev/zero | tr '\0' '\377'; } >"$work/damaged"
  cat "$work/damaged" >"$file"
  touch -d "$times" "$file"
  check_finds "garbage under a right header" foo.cpython-311.pyc
  prepare_good
  file=$(bytecode 3.11 foo.py)
  times=$(stat -c @%.Y "$file")
  sed -i 's/foo.py of foo/fuu.py of foo/' "$file"
  touch -d "$times" "$file"
  check_finds "one letter changed in a constant" foo.cpython-311.pyc
}

test_check_finds_stale_and_stray() {
  prepare_good
  put /usr/share/pyshared/bar.py <<<'where = "bar changed"'
  check_finds "stale bytecode" bar.cpython-311.pyc
  prepare_good
  cp "$(bytecode 3.11 foo.py)" "$(bytecode 3.11 nobody.py)"
  run_program --check
  check_status "a stray file" 1
  cat "$out" "$err" >"$work/found"
  check_contains "a stray file" nobody.cpython-311.pyc "$work/found"
}

test_check_finds_damage_in_the_standard_library() {
  local file
  prepare_good
  file=$root/usr/lib/python3.11/__pycache__/argparse.cpython-311.pyc
  [ -e "$file" ] || python 3.11 -m py_compile /usr/lib/python3.11/argparse.py
  truncate -s -100 "$file"
  run_program --check
  check_status "a damaged standard library" 1
  cat "$out" "$err" >"$work/found"
  check_contains "it is named" argparse.cpython-311.pyc "$work/found"
  run_program --check --repair
  run_program --check
  check_status "mended" 0
  check_equal "it works" ok "$(python 3.11 -B -c 'import argparse; print("ok")' 2>&1)"
}

# An interpreter of Python 2 does not even start with such a library.
test_repair_of_the_standard_library_of_python_2() {
  new_view bullseye
  public_package foo foo.py
  full_pass
  truncate -s 20 "$root/usr/lib/python2.7/encodings/__init__.pyc"
  record python 2.7 -c 1
  check_status "2.7 does not start" 1
  run_program --check
  check_status "--check" 1
  cat "$out" "$err" >"$work/found"
  check_contains "it is named" /usr/lib/python2.7/encodings/__init__.pyc "$work/found"
  run_program --check --repair
  run_program --check
  check_status "mended" 0
  check_import "it starts" 2.7 "foo.py of foo" 'import foo; print(foo.where)'
}

# --check alone only looks.
test_check_changes_nothing() {
  prepare
  rm "$(bytecode 3.11 foo.py)"
  tree stamps usr/lib usr/share var >"$work/before"
  run_program --check
  check_status "--check" 1
  tree stamps usr/lib usr/share var >"$work/after"
  check_same_file "--check writes nothing" "$work/before" "$work/after"
}
