# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Hundreds of modules of real packages, installed by the real dpkg: each becomes importable, its
# bytecode is what py_compile gives, and the interpreter uses it without ever writing its own.

# check_imports VERSION MINIMUM: as root, who could write, and with nothing forbidding it.
check_imports() {
  local version=$1 minimum=$2 log=$work/imports.log tree=/usr/lib/pymodules/python$1
  local read_pattern="^# code object from '$tree/.*\.pyc'\$"
  local compiled_pattern="^# code object from $tree/"
  if [ "$version" = 2.7 ]; then
    read_pattern="^import .* # precompiled from $tree/.*\.pyc\$"
    compiled_pattern="^import .* # from $tree/"
  fi
  into_root "$E2E/lib/import_all.py"
  tree stamps usr/lib/pymodules usr/share/pyshared usr/lib/pyshared >"$work/before"
  in_root "$root" timeout 300 "/usr/bin/python$version" -v /tmp/import_all.py "$tree" \
    </dev/null >"$work/imported" 2>"$log" || true
  tree stamps usr/lib/pymodules usr/share/pyshared usr/lib/pyshared >"$work/after"
  check_matches "python$version: all imports were tried" ' imported, [0-9]+ not$' "$work/imported"
  check_at_least "python$version: bytecode loaded from the tree" "$minimum" \
    "$(grep -aE "$read_pattern" "$log" | sort -u | wc -l)"
  check_equal "python$version: sources compiled by the interpreter" "" \
    "$(grep -aE "$compiled_pattern" "$log" | head -n 5)"
  check_equal "python$version: bytecode written by the interpreter" "" \
    "$(grep -aE "^# (wrote|can't create) '?$tree" "$log" | head -n 5)"
  check_same_file "python$version: no file written or changed by imports" \
    "$work/before" "$work/after"
}

# check_real VERSION MINIMUM-COMPILED MINIMUM-LOADED
check_real() {
  check_compiled_as_py_compile "python$1" "$1" "$2" "/usr/lib/pymodules/python$1"
  check_imports "$1" "$3"
}

# check_pass_over_everything: the full pass, in which no module may fail.
check_pass_over_everything() {
  run_program -p --json
  check_status "the pass" 0
  check_fact "failures" "[]" 'r["failures"]'
}

test_python_2_7_and_3_9() {
  new_view bullseye
  install_real_packages_of_python2 bullseye
  install_real_packages bullseye python3-docutils python3-pygments python3-chardet python3-idna
  # These exist only to be refused by a compiler.
  sed -i '/lib2to3\/tests\/data/d' "$root/usr/share/python-support/python-stdlib-copy.public"
  check_pass_over_everything
  check_real 2.7 300 300
  check_exists "an extension of 2.7" "$(linked 2.7 markupsafe/_speedups.x86_64-linux-gnu.so)"
  check_real 3.9 300 300
}

test_python_3_11() {
  new_view bookworm
  install_real_packages bookworm
  check_pass_over_everything
  check_real 3.11 600 500
  check_import "a C extension" 3.11 "True /usr/lib/pymodules/python3.11/markupsafe/__init__.py" \
    'import markupsafe, markupsafe._speedups as s
print(markupsafe.escape is s.escape, markupsafe.__file__)'
  check_import "yaml" 3.11 "['a', 'b']" 'import yaml; print(yaml.safe_load("[a, b]"))'
}

test_python_3_13_of_trixie() {
  new_view trixie
  install_real_packages trixie
  check_pass_over_everything
  check_real 3.13 600 500
}

test_every_python_of_sid() {
  local version
  new_view sid
  install_real_packages sid
  check_pass_over_everything
  check_at_least "interpreters" 2 "$(versions_in_root | wc -l)"
  for version in $(versions_in_root); do
    check_real "$version" 600 500
  done
}
