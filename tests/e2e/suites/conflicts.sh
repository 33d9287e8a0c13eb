# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lesson 6: two packages with the same module. The alphabetically first reference wins, both are
# named, and nothing stays unconfigured.

# legacy_package NAME PATH CONTENT: two references can want different sources at one place when
# each brings its own tree.
legacy_package() {
  printf '%s' "$3" | put "/usr/share/python-support/$1/$2"
}

check_conflict_of() {
  check_status "lesson 6: $1" 1
  check_contains "lesson 6: $1: the place" "shared.py" "$err"
  check_contains "lesson 6: $1: one" aa "$err"
  check_contains "lesson 6: $1: the other" bb "$err"
  check_import "lesson 6: $1: the first wins" 3.11 aa 'import shared; print(shared.name)'
}

test_both_orders() {
  local first second
  for first in aa bb; do
    new_view bookworm
    second=$([ "$first" = aa ] && echo bb || echo aa)
    legacy_package "$first" shared.py "name = '$first'"
    full_pass
    check_import "alone" 3.11 "$first" 'import shared; print(shared.name)'
    legacy_package "$second" shared.py "name = '$second'"
    run_program -p
    check_conflict_of "$first came first"
    check_loadable "$first came first" /usr/lib/pymodules
    run_program -p --json
    check_fact "reported as long as it lasts" 1 'len(r["conflicts"])'
    check_fact "the winner" aa 'r["conflicts"][0]["winner"]'
    check_fact "the loser" bb 'r["conflicts"][0]["loser"]'
    check_fact "the place" true 'r["conflicts"][0]["path"].endswith("shared.py")'
    drop_view
  done
}

test_its_end() {
  local gone stays
  for gone in aa bb; do
    new_view bookworm
    stays=$([ "$gone" = aa ] && echo bb || echo aa)
    legacy_package aa shared.py "name = 'aa'"
    legacy_package bb shared.py "name = 'bb'"
    run_program -p
    check_conflict_of "both"
    rm -r "${root:?}/usr/share/python-support/$gone"
    run_program -p
    check_status "$gone went" 0
    check_empty "$gone went: warnings" "$err"
    check_import "$gone went" 3.11 "$stays" 'import shared; print(shared.name)'
    check_compiled_as_py_compile "$gone went" 3.11 1 /usr/lib/pymodules/python3.11
    drop_view
  done
}

test_in_a_maintainer_script() {
  new_view bookworm
  legacy_package aa shared.py "name = 'aa'"
  legacy_package bb shared.py "name = 'bb'"
  run_inside DPKG_MAINTSCRIPT_PACKAGE=bb bb
  check_status "lesson 6: in a maintainer script" 0
  check_contains "lesson 6: a warning" aa "$err"
}

test_same_content_is_no_conflict() {
  new_view bookworm
  legacy_package aa shared.py "name = 'same'"
  legacy_package bb shared.py "name = 'same'"
  run_program -p
  check_status "the same content" 0
  check_empty "warnings" "$err"
  rm -r "${root:?}/usr/share/python-support/aa"
  run_program -p
  check_status "one of them went" 0
  check_import "the other's" 3.11 same 'import shared; print(shared.name)'
}

test_empty_init_yields() {
  local full empty
  for full in aa bb; do
    new_view bookworm
    empty=$([ "$full" = aa ] && echo bb || echo aa)
    legacy_package "$full" pkg/__init__.py "name = 'full'"
    legacy_package "$empty" pkg/__init__.py ""
    run_program -p
    check_status "an empty __init__.py in $empty" 0
    check_import "the one with content" 3.11 full 'import pkg; print(pkg.name)'
    drop_view
  done
}

# A file of one package where another wants a directory.
test_file_against_directory() {
  new_view bookworm
  legacy_package aa thing/inside.py "name = 'directory'"
  legacy_package bb thing "a file"
  run_program -p
  check_status "the pass" 1
  check_contains "named" bb "$err"
  check_import "the first wins" 3.11 directory 'import thing.inside as m; print(m.name)'
  rm -r "${root:?}/usr/share/python-support/aa"
  run_program -p
  check_status "the first went" 0
  check_link "the other" /usr/share/python-support/bb/thing "$(linked 3.11 thing)"
}

# Only the versions that both want it for.
test_for_some_versions() {
  new_view sid
  legacy_package aa shared.py "name = 'aa'"
  legacy_package aa .version "3.13"
  legacy_package bb shared.py "name = 'bb'"
  run_program -p --json
  check_fact "conflicts" "1" 'len(r["conflicts"])'
  check_import "both want it" 3.13 aa 'import shared; print(shared.name)'
  check_import "one wants it" 3.14 bb 'import shared; print(shared.name)'
}
