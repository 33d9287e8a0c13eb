# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# py3compile and py3clean as people call them, held against Debian's, and what
# update-python-modules knows of the modules that they are for.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
RELEASES=(bookworm trixie sid)

# hand CALL...: the package that calls are for; prints its path.
hand() {
  sources "hand" hand/__init__.py hand/one.py hand/deep/two.py /usr/share/hand/main.py \
    /usr/share/hand/deep/er.py /usr/lib/hand-more/three.py | today hand 1.0 "$@"
}

# new_hand_system RELEASE [CALL...]: with that package.
new_hand_system() {
  new_drop_in_system "$1"
  shift
  dpkg_install "$(hand "$@")"
}

# check_differential WHAT KIND MINIMUM
check_differential() {
  into_root "$E2E/lib/drop_in_differential.py"
  record in_root "$root" /usr/bin/python3 -B /tmp/drop_in_differential.py "$2"
  if [ "$status" != 0 ]; then
    grep -v '^ok ' "$out" || true
  fi
  check_status "$1: $2" 0
  check_at_least "$1: $2: cases" "$3" "$(sed -n 's/^\([0-9]*\) cases, .*/\1/p' "$out")"
}

# Version ranges where there are several versions; what else can be said where there is one, because
# Debian's starts them all each time.
test_py3compile_by_hand_is_as_debians() {
  new_hand_system trixie
  check_differential trixie compile 90
  drop_view
  new_hand_system sid
  check_differential sid ranges 30
}

test_py3clean_by_hand_is_as_debians() {
  local release
  for release in bookworm sid; do
    new_hand_system "$release"
    check_differential "$release" clean 40
    drop_view
  done
}

# A file that does not compile is named, costs the exit status, and nothing else. (Debian's gives up
# on what comes after it.)
test_file_that_does_not_compile() {
  new_hand_system trixie
  put /srv/bad/wrong.py <<<'def f(:'
  put /srv/bad/right.py <<<'x = 1'
  for places in /srv/bad '/srv/bad/wrong.py /srv/bad/right.py'; do
    rm -rf "$root/srv/bad/__pycache__"
    # shellcheck disable=SC2086 # several
    record in_root "$root" py3compile $places
    check_status "py3compile $places" 1
    check_contains "py3compile $places" /srv/bad/wrong.py "$err"
    check_equal "py3compile $places" right.cpython-313.pyc "$(ls "$root/srv/bad/__pycache__")"
  done
}

# Lesson 1: whatever they are told, dpkg goes on.
test_lesson_1_exit_is_0_in_maintainer_scripts() {
  local release
  for release in "${RELEASES[@]}"; do
    new_hand_system "$release"
    check_differential "$release" script 140
    drop_view
  done
}

# Lesson 9: what maintainer scripts run needs nothing but libc.
test_lesson_9_shared_objects() {
  local release program
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    for program in py3compile py3clean; do
      check_equal "$release: what $program links" "" \
        "$(objdump -p "$root/usr/lib/python-support/$program" | sed -n 's/^ *NEEDED *//p' |
          grep -vE '^(libc\.so|ld-linux.*\.so|libm\.so|libpthread\.so)' || true)"
    done
    drop_view
  done
}

# Lesson 9: the interpreter is half installed, or gone, when packages are removed.
test_lesson_9_removal_without_an_interpreter() {
  local release python
  for release in "${RELEASES[@]}"; do
    new_hand_system "$release" '-p hand'
    check_calls_done "$release: installed"
    for python in "$root"/usr/bin/python3*; do
      rm "$python"
      ln -s /bin/false "$python"
    done
    transact dpkg -r hand
    check_transaction "$release: removed"
    check_missing "$release: removed" "$root/usr/lib/python3/dist-packages/hand"
    check_missing "$release: removed" "$root/usr/share/hand"
    drop_view
  done
}

# Lesson 12: a locale that is not UTF-8, a diverted module, "-p pkg:amd64", and a purge of what was
# never configured.
test_lesson_12_locale_and_diversion() {
  local release path=/usr/lib/python3/dist-packages/far/ünder.py
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    in_root "$root" dpkg-divert --local --rename --divert \
      "/usr/lib/python3/dist-packages/far/moved.py" --add \
      "/usr/lib/python3/dist-packages/far/part.py" >/dev/null
    bytecode_files >"$work/none"
    dpkg_path=$(into_view "$(sources far far/__init__.py far/part.py far/ünder.py |
      today far:amd64 1.0 '-p far:amd64')")
    transact env LC_ALL=C LANG=C dpkg --force-unsafe-io -i "$dpkg_path"
    check_calls_done "$release: in the locale C"
    check_exists "$release: ü" "$root$(cache_of "$(private_version)" "$path")"
    check_exists "$release: the diverted module" "$root$(cache_of "$(private_version)" \
      /usr/lib/python3/dist-packages/far/moved.py)"
    check_missing "$release: where it would have been" "$root$(cache_of "$(private_version)" \
      /usr/lib/python3/dist-packages/far/part.py)"
    transact env LC_ALL=C LANG=C dpkg -r far
    check_transaction "$release: removed"
    bytecode_files >"$work/after"
    check_same_file "$release: removed" "$work/none" "$work/after"
    dpkg_in_root --unpack "$dpkg_path" >/dev/null
    transact dpkg --purge far
    check_transaction "$release: purged, never configured"
    bytecode_files >"$work/after"
    check_same_file "$release: purged, never configured" "$work/none" "$work/after"
    drop_view
  done
}

# An interpreter that goes leaves nothing of any level. (Debian's py3clean -V leaves the optimized
# ones.)
test_py3clean_of_a_version_removes_every_level() {
  local level
  new_hand_system trixie
  for level in 0 1 2; do
    record in_root "$root" python3.13 -c "import py_compile
py_compile.compile('/usr/share/hand/main.py', optimize=$level)"
  done
  check_equal "there are" 3 "$(find "$root/usr/share/hand" -name 'main.*.pyc' | wc -l)"
  record in_root "$root" py3clean -V 3.13 -p hand
  check_status "py3clean -V" 0
  check_equal "none is left" "" "$(find "$root/usr/share/hand" -name '*.pyc')"
}

# Lesson 13: foo.bar.py against foo.py, and two packages in one directory. (Debian's fails here.)
test_lesson_13_only_the_names_of_the_sources() {
  local release version mine theirs
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_install "$(sources foo foo.py | today foo 1.0 '-p foo')" \
      "$(sources foobar foo.bar.py | today foobar 1.0 '-p foobar')"
    check_calls_done "$release: two packages"
    version=$(private_version)
    mine=$root$(cache_of "$version" /usr/lib/python3/dist-packages/foo.py)
    theirs=$root$(cache_of "$version" /usr/lib/python3/dist-packages/foo.bar.py)
    check_exists "$release: there is" "$mine"
    check_exists "$release: there is" "$theirs"
    transact dpkg -r foo
    check_transaction "$release: foo is removed"
    check_missing "$release: foo is removed" "$mine"
    check_exists "$release: foo is removed" "$theirs"
    dpkg_install "$(sources foo foo.py | today foo 1.0 '-p foo')"
    record in_root "$root" py3clean -V "$version" /usr/lib/python3/dist-packages/foo.py
    check_status "$release: by hand" 0
    check_missing "$release: by hand" "$mine"
    check_exists "$release: by hand" "$theirs"
    drop_view
  done
}

# -- what update-python-modules knows of them

# ask OPTION...: the installed update-python-modules; what it said is in $work/answer.
ask() {
  record in_root "$root" update-python-modules "$@"
  cat "$out" "$err" >"$work/answer"
}

test_status_explain_check_and_repair() {
  local release version file source=/usr/lib/python3/dist-packages/hand/one.py
  for release in "${RELEASES[@]}"; do
    new_hand_system "$release" '-p hand'
    version=$(private_version)
    file=$(cache_of "$version" "$source")
    ask --explain "$source"
    check_status "$release: --explain of a source" 0
    check_contains "$release: --explain of a source: the package" "hand" "$work/answer"
    check_contains "$release: --explain of a source: the call" py3compile "$work/answer"
    check_contains "$release: --explain of a source: the version" "$version" "$work/answer"
    ask --explain "$file"
    check_contains "$release: --explain of bytecode: the call" py3compile/hand "$work/answer"
    ask --check
    check_status "$release: --check" 0
    check_found_and_mended "$release: truncated" "$file" truncate -s -5
    check_found_and_mended "$release: gone" "$file" rm
    check_found_and_mended "$release: empty" "$file" truncate -s 0
    drop_view
  done
}

# check_found_and_mended WHAT FILE COMMAND...: the command damages the file.
check_found_and_mended() {
  "${@:3}" "$root$2"
  ask --check
  check_status "$1: --check" 1
  check_contains "$1: --check" "$(basename "$2")" "$work/answer"
  ask --check --json
  check_contains "$1: --check --json" "$(basename "$2")" "$out"
  ask --check --repair
  ask --check
  check_status "$1: mended" 0
  check_exists "$1: mended" "$root$2"
  check_compiled_as_py_compile "$1: mended" "$(private_version)" 3 \
    /usr/lib/python3/dist-packages/hand
}

# modules_of VERSION: how many --status says there are.
modules_of() {
  ask --status --json
  check_status "--status --json" 0
  fact "i(\"$1\")[\"modules\"]" 2>&1
}

test_status_counts_them() {
  local before
  new_drop_in_system trixie
  before=$(modules_of 3.13 | tail -n 1)
  dpkg_install "$(hand '-p hand')"
  check_equal "--status: modules" $((before + 3)) "$(modules_of 3.13 | tail -n 1)"
}

# What they are for stays when everything of python-support is cleaned: Debian's tools remove it.
test_clean_all_leaves_them() {
  local release
  for release in "${RELEASES[@]}"; do
    new_hand_system "$release" '-p hand'
    dpkg_install "$(client mine 1.0 mine.py </dev/null)"
    bytecode_files | grep -v /pymodules/ >"$work/before"
    check_contains "$release: there is" /hand/__pycache__ "$work/before"
    ask --clean-all
    check_status "$release: --clean-all" 0
    bytecode_files >"$work/after"
    check_same_file "$release: --clean-all" "$work/before" "$work/after"
    check_nothing_left "$release: --clean-all"
    drop_view
  done
}
