# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lessons of earlier tools that no other suite tells. Lessons 1, 12, 18, 19, 20: maintainer_script;
# 3: disturbances; 4, 21: kinds; 5, 7, 8: references; 6: conflicts; 9, 10: interpreters; 14, 16:
# hostile_sources; 15: confinement; 17: same_bytes; 22: second_run and options.

# Lesson 13: cleaning one package's __pycache__ touches no other package's bytecode.
test_lesson_13_shared_cache_directory() {
  new_view bookworm
  public_package aa shared/__init__.py shared/foo.py
  public_package bb shared/foo.bar.py shared/foobar.py
  put /usr/share/app/one.py <<<'x = 1'
  put /usr/share/app/two.py <<<'x = 2'
  reference one.private <<<'/usr/share/app/one.py'
  reference two.private <<<'/usr/share/app/two.py'
  full_pass
  put /usr/lib/pymodules/python3.11/shared/__pycache__/local.cpython-311.pyc <<<'of somebody else'
  run_program -c aa.public one.private
  check_status "lesson 13: one package cleaned" 0
  check_missing "lesson 13: its own" "$(bytecode 3.11 shared/foo.py)"
  check_missing "lesson 13: its own, private" "$root$(cache_of 3.11 /usr/share/app/one.py)"
  check_exists "lesson 13: the other's foo.bar.py" "$(bytecode 3.11 shared/foo.bar.py)"
  check_exists "lesson 13: the other's foobar.py" "$(bytecode 3.11 shared/foobar.py)"
  check_exists "lesson 13: the other's private" "$root$(cache_of 3.11 /usr/share/app/two.py)"
  check_exists "lesson 13: somebody's" "$(bytecode 3.11 shared/local.py)"
}

# Lesson 5: one entry that cannot be linked costs itself.
test_lesson_5_one_entry_cannot_be_linked() {
  new_view bookworm
  public_package foo before.py after.py "$(printf 'x%.0s' {1..252}).py"
  mkdir -p "$(linked 3.11 before.py)/in/the/way"
  put /usr/lib/pymodules/python3.11/before.py/in/the/way/file <<<'somebody else put it here'
  run_program -p
  check_status "lesson 5: the pass" 1
  check_contains "lesson 5: it is named" before.py "$err"
  check_import "lesson 5: the rest" 3.11 "after.py of foo" 'import after; print(after.where)'
  check_exists "lesson 5: what is in the way stays" \
    "$root/usr/lib/pymodules/python3.11/before.py/in/the/way/file"
}

# A module whose bytecode file is somebody else's directory.
test_directory_where_bytecode_belongs() {
  new_view bookworm
  public_package foo foo.py bar.py
  mkdir -p "$(bytecode 3.11 foo.py)"
  touch "$(bytecode 3.11 foo.py)/kept"
  run_program -p
  check_status "the pass" 1
  check_contains "it is named" foo "$err"
  check_exists "what is in the way stays" "$(bytecode 3.11 foo.py)/kept"
  check_exists "the rest is done" "$(bytecode 3.11 bar.py)"
}

# Bytecode directories that a hostile or careless package made a link.
test_cache_directory_is_a_link() {
  new_view bookworm
  put /usr/share/app/main.py <<<'x = 1'
  reference app.private <<<'/usr/share/app'
  mkdir -p "$work/outside" "$root/srv/elsewhere"
  ln -s "../../../../../../../../../../../..$work/outside" "$root/usr/share/app/__pycache__"
  run_program -p
  check_at_most "exit" 1 "$status"
  check_equal "files outside the root" "" "$(ls -A "$work/outside")"
}


test_modules_removed_by_hand_come_back() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  rm -r "$root/usr/lib/pymodules"
  run_program -p
  check_status "the pass" 0
  check_compiled_as_py_compile "all is back" 3.11 1 /usr/lib/pymodules/python3.11
}

test_empty_directories_do_not_stay() {
  new_view bookworm
  public_package foo deep/er/still/foo.py
  public_package bar deep/bar.py
  full_pass
  rm "$root/usr/share/python-support/foo.public"
  full_pass
  check_missing "empty directories" "$(linked 3.11 deep/er)"
  check_exists "directories of others" "$(linked 3.11 deep/bar.py)"
}
