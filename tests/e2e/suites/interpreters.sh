# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interpreters come, go, change, and sometimes cannot be started.

default_is() {
  ln -sfn "python$1" "$root/usr/bin/python3"
}

test_default_version_changes() {
  new_view sid
  default_is 3.13
  public_package now now.py
  printf 'pyversions=current\n/usr/share/pyshared/now.py\n' | reference now.public
  public_package all all.py
  put /usr/share/app/main.py <<<'x = 1'
  reference app.private <<<'/usr/share/app'
  full_pass
  check_exists "current is 3.13" "$(bytecode 3.13 now.py)"
  check_missing "current is not 3.15" "$(linked 3.15 now.py)"
  check_compiled_as_py_compile "private, 3.13" 3.13 1 /usr/share/app
  default_is 3.15
  run_program --json
  check_status "a run without arguments after the default changed" 0
  check_exists "current is 3.15" "$(bytecode 3.15 now.py)"
  check_missing "current is no longer 3.13" "$(linked 3.13 now.py)"
  check_missing "nor its bytecode" "$(bytecode 3.13 now.py)"
  check_compiled_as_py_compile "private, 3.15" 3.15 1 /usr/share/app
  check_missing "private, no longer 3.13" "$root$(cache_of 3.13 /usr/share/app/main.py)"
  check_exists "all stays" "$(bytecode 3.13 all.py)"
  check_fact "nothing else is compiled" 2 'sum(row["compiled"] for row in r["interpreters"])'
}

test_default_of_python_2() {
  new_view bullseye
  public_package now now.py
  printf 'pyversions=2.7\n/usr/share/pyshared/now.py\n' | reference now.public
  full_pass
  check_import "2.7" 2.7 "now.py of now" 'import now; print(now.where)'
  check_missing "3.9" "$(linked 3.9 now.py)"
}

# By the real dpkg: removed, unpacked only, configured again.
test_interpreter_vanishes_and_appears() {
  local folder packages
  packages=(python3.15 python3.15-minimal libpython3.15-minimal libpython3.15-stdlib)
  new_view sid
  folder=$(downloaded_packages sid "${packages[@]}")
  public_package foo foo.py
  full_pass
  check_exists "3.15 has it" "$(bytecode 3.15 foo.py)"
  dpkg_in_root --purge --force-depends python3.15 python3.15-minimal >"$work/dpkg.log" 2>&1
  run_program --json
  check_status "a run without arguments after 3.15 went" 0
  check_equal "nothing is left for 3.15" "" \
    "$(find "$root/usr/lib/pymodules/python3.15" ! -type d 2>/dev/null)"
  check_missing "nor its path file" "$root/usr/lib/python3.15/dist-packages/python-support.pth"
  check_exists "3.14 has it" "$(bytecode 3.14 foo.py)"

  mkdir -p "$root/tmp/packages"
  cp "$folder"/*.deb "$root/tmp/packages"
  in_root "$root" sh -c 'dpkg --unpack /tmp/packages/*.deb' >"$work/dpkg.log" 2>&1
  run_program
  check_at_most "unpacked only: exit" 1 "$status"
  check_missing "unpacked only" "$(bytecode 3.15 foo.py)"
  dpkg_in_root --configure --pending >"$work/dpkg.log" 2>&1
  run_program
  check_status "configured" 0
  check_compiled_as_py_compile "configured" 3.15 1 /usr/lib/pymodules/python3.15
  check_import "configured" 3.15 "foo.py of foo" 'import foo; print(foo.where)'
}

# Unpacked during an upgrade: what is there stays, it will be configured soon.
test_interpreter_half_installed_keeps_its_modules() {
  local folder
  new_view sid
  folder=$(downloaded_packages sid python3.15 python3.15-minimal libpython3.15-minimal \
    libpython3.15-stdlib)
  public_package foo foo.py
  full_pass
  mkdir -p "$root/tmp/packages"
  cp "$folder"/python3.15-minimal*.deb "$root/tmp/packages"
  in_root "$root" sh -c 'dpkg --unpack /tmp/packages/*.deb' >"$work/dpkg.log" 2>&1
  run_program -p
  check_at_most "exit" 1 "$status"
  check_exists "its bytecode stays" "$(bytecode 3.15 foo.py)"
  check_link "its links stay" /usr/share/pyshared/foo.py "$(linked 3.15 foo.py)"
}

# A program in /usr/bin that no package installed is nobody's interpreter.
test_local_program_is_no_interpreter() {
  new_view bookworm
  cp "$root/usr/bin/python3.11" "$root/usr/bin/python3.99"
  public_package foo foo.py
  run_program -p
  check_at_most "exit" 1 "$status"
  check_missing "3.99" "$root/usr/lib/pymodules/python3.99"
  check_exists "3.11" "$(bytecode 3.11 foo.py)"
}

# magic_of VERSION: what an interpreter of the view says.
magic_of() {
  python "$1" -S -c 'from importlib.util import MAGIC_NUMBER
print(int.from_bytes(MAGIC_NUMBER[:2], "little"))'
}

# In 3.9 the number is a constant of the frozen importlib: (3425).to_bytes(2, "little").
change_magic_of_3_9() {
  /usr/bin/python3 - "$root/usr/bin/python3.9" <<'PYTHON'
import os, sys

path = sys.argv[1]
with open(path, "rb") as file:
    program = file.read()
old = b"i" + (3425).to_bytes(4, "little")
assert program.count(old) == 1, f"{program.count(old)} places"
with open(path + ".new", "wb") as file:
    file.write(program.replace(old, b"i" + (3426).to_bytes(4, "little")))
os.chmod(path + ".new", 0o755)
os.rename(path + ".new", path)
PYTHON
}

test_magic_number_changes() {
  new_view bullseye
  public_package foo foo.py foo/bar.py
  full_pass
  check_equal "magic number before" 3425 "$(magic_of 3.9)"
  change_magic_of_3_9
  check_equal "magic number after" 3426 "$(magic_of 3.9)"
  run_program --json
  check_status "a run without arguments" 0
  check_fact "everything is compiled" 2 'i("3.9")["compiled"]'
  check_compiled_as_py_compile "with the new number" 3.9 2 /usr/lib/pymodules/python3.9
  check_fact "2.7 is left alone" 0 \
    'sum(row["compiled"] for row in r["interpreters"] if row["version"] == "2.7")'
}

# An upgrade that replaces the program but not its number compiles nothing.
test_interpreter_is_replaced_by_its_equal() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  tree stamps usr/lib/pymodules >"$work/before"
  cp "$root/usr/bin/python3.11" "$root/usr/bin/new"
  mv "$root/usr/bin/new" "$root/usr/bin/python3.11"
  run_program
  check_status "a run without arguments" 0
  tree stamps usr/lib/pymodules >"$work/after"
  check_same_file "nothing written" "$work/before" "$work/after"
}

# of_another_architecture VERSION: the program claims to be for arm64, so this kernel refuses it.
of_another_architecture() {
  cp "$root/usr/bin/python$1" "$root/usr/bin/new"
  printf '\xb7\x00' | dd of="$root/usr/bin/new" bs=1 seek=18 conv=notrunc status=none
  mv "$root/usr/bin/new" "$root/usr/bin/python$1"
}

# The host's interpreter with the same magic number stands in.
test_foreign_architecture_compiled_by_the_host() {
  local host
  host=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [ "$host" = 3.11 ]; then
    check_foreign_root_with_stand_in bookworm 3.11
  else
    check_foreign_root_with_stand_in trixie 3.13
  fi
}

check_foreign_root_with_stand_in() {
  new_view "$1"
  public_package foo foo.py pkg/__init__.py
  put /usr/share/pyshared/bad.py <<<'def f(:'
  echo /usr/share/pyshared/bad.py >>"$root/usr/share/python-support/foo.public"
  cp "$root/usr/bin/python$2" "$work/native"
  of_another_architecture "$2"
  check_equal "it does not start" no "$(python "$2" -c 1 2>/dev/null && echo yes || echo no)"
  run_program -p --json
  check_status "the pass" 1
  check_fact "compiled" 2 "i('$2')['compiled']"
  check_fact "refused" 1 "i('$2')['failed']"
  cp "$work/native" "$root/usr/bin/python$2"
  sed -i '/bad/d' "$root/usr/share/python-support/foo.public"
  rm "$(linked "$2" bad.py)"
  check_compiled_as_py_compile "by the host's" "$2" 2 "/usr/lib/pymodules/python$2"
}

# Where nothing can stand in, the version is reported and left as it was.
test_foreign_architecture_nobody_can_compile_for() {
  new_view bullseye
  public_package foo foo.py
  full_pass
  tree stamps usr/lib/pymodules/python3.9 >"$work/before"
  of_another_architecture 3.9
  put /usr/share/pyshared/foo.py <<<'where = "changed"'
  run_program -p
  check_at_most "exit" 1 "$status"
  check_contains "reported" python3.9 "$err"
  tree stamps usr/lib/pymodules/python3.9 >"$work/after"
  check_same_file "left as it was" "$work/before" "$work/after"
  check_import "2.7 goes on" 2.7 changed 'import foo; print(foo.where)'
}

# Lesson 10: damaged bytecode of the standard library does not stop the workers.
test_lesson_10_damaged_standard_library() {
  local suite version
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    for version in $(versions_in_root); do
      find "$root/usr/lib/python$version" "$root/usr/lib/python3" -name '*.py[co]' \
        -exec truncate -s 20 '{}' +
    done
    public_package foo foo.py
    run_program -p
    check_status "lesson 10: $suite: the pass" 0
    for version in $(versions_in_root); do
      if [ "$version" = 2.7 ]; then # has no way to start so; see status_explain_check
        check_contains "lesson 10: python2.7 is reported" python2.7 "$err"
      else
        check_exists "lesson 10: python$version" "$(bytecode "$version" foo.py)"
      fi
    done
    drop_view
  done
}

test_no_interpreter_at_all() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  rm "$root"/usr/bin/python3*
  run_program -p
  check_at_most "exit" 1 "$status"
  run_program DPKG_MAINTSCRIPT_PACKAGE=foo -c foo.public
  check_status "lesson 9: cleaning without an interpreter" 0
}

# Lesson 9: only libc is needed to start.
test_lesson_9_static_but_for_libc() {
  ldd "$PYSUP_PROGRAM" | awk '{ print $1 }' | sed 's|.*/||' | sort >"$work/needed"
  check_equal "lesson 9: shared objects needed besides libc" "" \
    "$(grep -vE '^(linux-vdso|libc|libm|ld-linux.*)\.so' "$work/needed")"
  check_contains "lesson 9: the list is one" libc.so "$work/needed"
}
