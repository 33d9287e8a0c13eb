# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lesson 17: bytecode does not depend on how a package was installed, on the order, or on what a
# worker compiled before. Same sources, same bytes, always.

# Renames the references so that their alphabetical order is the other way round, and reverses the
# lines of each.
reverse_references() {
  local number=900 path folder=$root/usr/share/python-support
  for path in "$folder"/*.public; do
    number=$((number - 1))
    tac "$path" >"$folder/$number-$(basename "$path")"
    rm "$path"
  done
}

# modules_installed SUITE: a fresh view with the packages that the test is about.
modules_installed() {
  new_view "$1"
  if [ "$1" = bullseye ]; then
    install_real_packages_of_python2 "$1"
    install_real_packages "$1" python3-docutils python3-pygments
    # These exist only to be refused by a compiler.
    sed -i '/lib2to3\/tests\/data/d' "$root/usr/share/python-support/python-stdlib-copy.public"
  else
    install_real_packages "$1"
  fi
}

check_same_bytes() {
  local suite=$1
  modules_installed "$suite"
  full_pass -j 1 --optimize 0,2
  tree content usr/lib/pymodules >"$work/one"
  check_at_least "$suite: bytecode files" 600 "$(grep -cE '\.py[co]' "$work/one")"
  drop_view

  modules_installed "$suite"
  full_pass -j 4 --optimize 0,2
  tree content usr/lib/pymodules >"$work/four"
  check_same_file "lesson 17: $suite: 4 jobs as 1 job" "$work/one" "$work/four"
  drop_view

  modules_installed "$suite"
  reverse_references
  full_pass -j 3 --optimize 0,2
  tree content usr/lib/pymodules >"$work/reversed"
  check_same_file "lesson 17: $suite: files in reverse order" "$work/one" "$work/reversed"
  drop_view
}

test_python_2_7_and_3_9() { check_same_bytes bullseye; }

test_python_3_11() { check_same_bytes bookworm; }

test_every_python_of_sid() { check_same_bytes sid; }

# One package after the other, each with a pass of its own, as in separate transactions.
test_one_package_at_a_time() {
  local deb folder
  modules_installed bookworm
  full_pass
  tree content usr/lib/pymodules >"$work/one"
  drop_view

  new_view bookworm
  folder=$(downloaded_packages bookworm "${REAL_PACKAGES[@]}")
  for deb in "$folder"/*.deb; do
    install_packages "$(repacked "$deb" --pyversions 3.0-)"
    full_pass
  done
  tree content usr/lib/pymodules >"$work/each"
  check_same_file "lesson 17: a pass for each package as one for all" "$work/one" "$work/each"
}

# A fresh compilation of everything beside files that were made one by one.
test_forced_rebuild() {
  modules_installed bookworm
  full_pass
  tree content usr/lib/pymodules >"$work/one"
  run_program -f
  check_status "the forced rebuild" 0
  tree content usr/lib/pymodules >"$work/again"
  check_same_file "lesson 17: everything rebuilt" "$work/one" "$work/again"
}
