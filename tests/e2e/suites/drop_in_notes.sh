# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From the note that py3compile leaves in a maintainer script to the pass that does it: one pass for
# a transaction, and what happens when it does not come, or python-support is not there.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
RELEASES=(bookworm sid)
DROP_IN=python-support-py3compile

# a_few: three simple packages, with private modules in the last; prints their paths.
a_few() {
  simple one 1.0
  simple two 1.0
  sources "three 1.0" three/__init__.py three/part.py /usr/share/three/main.py |
    today three 1.0 '-p three' '-p three /usr/share/three'
}

# check_few WHAT: they have all their bytecode.
check_few() {
  check_simple "$1" one two three
  check_private "$1" /usr/share/three/main.py
}

# notes: how many there are.
notes() {
  find "$root$NOTES" -type f 2>/dev/null | wc -l
}

# traced DEB...: dpkg -i with a record of every program that was started, in $work/started.
traced() {
  local debs
  mapfile -t debs < <(into_view "$@")
  record env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    strace --follow-forks --quiet=all --trace=execve --output="$work/strace" \
    chroot "$root" dpkg --force-unsafe-io -i "${debs[@]}"
  sed -n 's/^[0-9]* *execve("\([^"]*\)", \(\[.*\]\), .* = 0$/\1 \2/p' "$work/strace" \
    >"$work/started"
}

# interpreters_before_the_pass: how often an interpreter was started by then.
interpreters_before_the_pass() {
  sed '/python-support.postinst.*"triggered"/,$d' "$work/started" |
    grep -cE '^/usr/bin/python3' || true
}

test_no_interpreter_starts_in_maintainer_scripts() {
  local release debs
  mapfile -t debs < <(a_few)
  for release in bookworm sid; do
    new_system "$release"
    traced "${debs[@]}"
    check_status "$release: Debian's" 0
    check_at_least "$release: Debian's starts interpreters" 8 "$(interpreters_before_the_pass)"
    drop_view
    new_drop_in_system "$release"
    traced "${debs[@]}"
    check_status "$release: the drop-in" 0
    check_equal "$release: the drop-in starts none" 0 "$(interpreters_before_the_pass)"
    check_at_least "$release: the pass does" 1 "$(grep -cE '^/usr/bin/python3' "$work/started")"
    check_few "$release"
    check_no_notes "$release"
    drop_view
  done
}

# daemon: a package whose postinst runs Python code that imports others; prints its path. Python
# writes what it compiles for that.
daemon() {
  {
    sources "daemon 1.0" daemon/__init__.py daemon/part.py
    control 'Depends: one, two'
    cat <<'LINES'
== /DEBIAN/postinst 0755
#!/bin/sh
set -e
py3compile -p daemon
for python in /usr/bin/python3.[0-9]*; do
  $python -c "import one.part, two.part, daemon.part; print(one.part.where, two.part.where)"
done >/var/lib/daemon
== /DEBIAN/prerm 0755
#!/bin/sh
set -e
py3clean -p daemon
LINES
  } | build_package daemon 1.0
}

test_postinst_that_imports_packages_of_the_transaction() {
  local release debs line
  debs=("$(daemon)" "$(simple one 1.0)" "$(simple two 1.0)")
  for release in bookworm sid; do
    new_drop_in_system "$release"
    bytecode_files >"$work/none"
    apt_install "${debs[@]}"
    check_calls_done "$release: a daemon"
    line=$(sort -u "$root/var/lib/daemon")
    check_equal "$release: it ran" "one 1.0 two 1.0" "$line"
    check_equal "$release: with every interpreter" "$(versions_in_root | wc -l)" \
      "$(wc -l <"$root/var/lib/daemon")"
    check_simple "$release: a daemon" one two daemon
    transact apt-get remove daemon one two
    check_transaction "$release: removed"
    bytecode_files >"$work/after"
    check_same_file "$release: removed" "$work/none" "$work/after"
    drop_view
  done
}

# With Debian's py3compile such a package cannot be configured.
test_module_that_does_not_compile() {
  local release bad
  bad=$(
    sources "bad 1.0" bad/__init__.py bad/part.py >"$work/bad"
    printf '== /usr/lib/python3/dist-packages/bad/wrong.py\ndef f(:\n' >>"$work/bad"
    today bad 1.0 '-p bad' <"$work/bad"
  )
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_install "$bad" "$(simple one 1.0)"
    check_calls_done "$release: a bad module"
    check_equal "$release: it is named once for each interpreter, or once" yes \
      "$(named_often_enough /bad/wrong.py)"
    check_simple "$release: another package" one
    check_exists "$release: the rest of the package" \
      "$root$(cache_of "$(private_version)" /usr/lib/python3/dist-packages/bad/part.py)"
    check_equal "$release: no bytecode of it" "" "$(find "$root/usr/lib" -name 'wrong.*.pyc')"
    dpkg_install "$(simple two 1.0)"
    check_calls_done "$release: another transaction"
    drop_view
  done
}

# named_often_enough NAME: whether the last transaction has a line about it at least once, and at
# most once for each interpreter. (What the compiler says, below that line, is indented.)
named_often_enough() {
  local times
  times=$(grep -c "^[^ ].*$1" "$said" || true)
  if [ "$times" -ge 1 ] && [ "$times" -le "$(versions_in_root | wc -l)" ]; then
    echo yes
  else
    echo "$times times"
    cat "$said"
  fi
}

test_compile_later_and_never() {
  local release mode debs
  mapfile -t debs < <(a_few)
  for release in bookworm sid; do
    for mode in later never; do
      new_drop_in_system "$release"
      sed -i '/^ *compile *=/d' "$root/etc/python-support.conf"
      echo "compile = $mode" >>"$root/etc/python-support.conf"
      dpkg_install "${debs[@]}"
      check_calls_done "$release: compile = $mode"
      check_equal "$release: compile = $mode" 0 "$(bytecode_of one two three)"
      record in_root "$root" update-python-modules -p
      check_status "$release: $mode, by hand" 0
      if [ "$mode" = later ]; then
        check_few "$release: compile = later, by hand"
      else
        check_equal "$release: compile = never, by hand" 0 "$(bytecode_of one two three)"
      fi
      transact dpkg -r one two three
      check_transaction "$release: compile = $mode, removed"
      check_missing "$release: compile = $mode, removed" "$root/usr/lib/python3/dist-packages/one"
      drop_view
    done
  done
}

# -- the pass does not come, or late

# killer: a package whose postinst calls py3compile, and then kills dpkg and all that it runs, once;
# prints its path.
killer() {
  {
    sources "killer 1.0" killer/__init__.py killer/part.py
    cat <<'LINES'
== /DEBIAN/postinst 0755
#!/bin/sh
set -e
py3compile -p killer
if [ ! -e /var/killed ]; then
  : >/var/killed
  kill -KILL 0
fi
LINES
  } | build_package killer 1.0
}

# killed_install DEB...: in a process group of its own.
killed_install() {
  local debs
  mapfile -t debs < <(into_view "$@")
  record env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    setsid --wait chroot "$root" dpkg --force-unsafe-io -i "${debs[@]}"
}

test_crash_between_note_and_pass() {
  local release
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    killed_install "$(simple one 1.0)" "$(killer)" "$(simple two 1.0)"
    check_equal "$release: killed" 137 "$status"
    check_equal "$release: killed: notes" 2 "$(notes)"
    check_equal "$release: killed: bytecode" 0 "$(bytecode_of one killer)"
    transact dpkg --configure -a
    check_calls_done "$release: --configure -a"
    check_simple "$release: --configure -a" one killer two
    drop_view

    new_drop_in_system "$release"
    killed_install "$(simple one 1.0)" "$(killer)"
    dpkg_install "$(simple two 1.0)"
    check_status "$release: another transaction" 0
    check_no_notes "$release: another transaction"
    check_simple "$release: another transaction" one killer two
    drop_view
  done
}

# slow: a package with a module on which the compiler is busy for long; prints its path.
slow() {
  {
    sources slow slow/__init__.py
    printf '== /usr/lib/python3/dist-packages/slow/part.py\n'
    hanging_source
  } | today slow 1.0 '-p slow'
}

# killed_pass: what is pending is configured, and all of it is killed while the pass is at work.
killed_pass() {
  local group i
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin setsid chroot "$root" dpkg --configure -a \
    </dev/null >"$work/killed" 2>&1 &
  group=$!
  for ((i = 0; i < 500; i++)); do
    ! pgrep --session "$group" --full '^/usr/lib/python-support/trigger' >/dev/null || break
    sleep 0.02
  done
  sleep 0.3
  pkill -KILL --session "$group"
  status=0
  wait "$group" 2>/dev/null || status=$?
}

# What was noted is not lost, whatever the pass was doing.
test_pass_is_killed() {
  local release
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_in_root --no-triggers -i "$(into_view "$(slow)")" "$(into_view "$(simple one 1.0)")" \
      >/dev/null
    check_equal "$release: notes" 2 "$(notes)"
    killed_pass
    check_equal "$release: killed: exit" 137 "$status"
    check_equal "$release: killed: notes" 2 "$(notes)"
    put /usr/lib/python3/dist-packages/slow/part.py <<<'x = 1'
    transact dpkg --configure -a
    check_calls_done "$release: once more"
    check_simple "$release: once more" slow one
    drop_view
  done
}

test_note_of_a_package_that_is_gone() {
  local release option
  for release in "${RELEASES[@]}"; do
    for option in -r --purge; do
      new_drop_in_system "$release"
      dpkg_in_root --no-triggers -i "$(into_view "$(simple one 1.0)")" >/dev/null
      check_equal "$release: notes" 1 "$(notes)"
      dpkg_in_root --no-triggers "$option" one >/dev/null
      transact dpkg --configure -a
      check_calls_done "$release: gone by $option"
      check_empty "$release: gone by $option: complaints" "$err"
      check_missing "$release: gone by $option" "$root/usr/lib/python3/dist-packages/one"
      drop_view
    done
  done
}

# What is noted twice is done once; one note is enough for a call that is made again.
test_noted_twice() {
  local path
  new_drop_in_system trixie
  path=$(into_view "$(simple one 1.0)")
  dpkg_in_root --no-triggers -i "$path" >/dev/null
  dpkg_in_root --no-triggers -i "$path" >/dev/null
  check_equal "notes" 1 "$(notes)"
  transact dpkg --configure -a
  check_calls_done "noted twice"
  check_matches "done once" "^2 compiled" "$out"
  check_simple "noted twice" one
}

# Activations of python-support are lost while it is only unpacked; its configuration finds notes.
test_python_support_only_unpacked() {
  local release
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_in_root --unpack "$(into_view "$(own_package "$release")")" >/dev/null
    check_equal "$release: state" iU "$(state_of python-support)"
    dpkg_in_root -i "$(into_view "$(simple one 1.0)")" >/dev/null
    check_equal "$release: a package: state" ii "$(state_of one)"
    transact dpkg --configure -a
    check_calls_done "$release: configured"
    check_simple "$release: configured" one
    drop_view
  done
}

# -- nobody will run a pass: py3compile does it at once

# check_at_once WHAT DEB: installing it makes its bytecode, without a run of the trigger.
check_at_once() {
  dpkg_install "$2"
  check_status "$1" 0
  check_passes "$1" 0
  check_no_notes "$1"
  check_equal "$1: state" ii "$(state_of one)"
  check_simple "$1" one
}

test_without_a_trigger_it_is_done_at_once() {
  local release one
  one=$(simple one 1.0)
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_in_root --remove --force-depends python-support >"$work/log" 2>&1
    check_at_once "$release: python-support is removed" "$one"
    drop_view

    new_drop_in_system "$release"
    put /usr/bin/dpkg-trigger 0755 <<<'#!/bin/sh
echo "dpkg-trigger: broken" >&2
exit 2'
    check_at_once "$release: dpkg-trigger fails" "$one"
    drop_view

    new_drop_in_system "$release"
    rm -rf "${root:?}$NOTES"
    put "$NOTES" <<<'in the way'
    dpkg_install "$one"
    check_status "$release: notes cannot be written" 0
    check_equal "$release: notes cannot be written: state" ii "$(state_of one)"
    check_simple "$release: notes cannot be written" one
    drop_view
  done
}

test_done_at_once_with_compile_later() {
  new_drop_in_system trixie
  dpkg_in_root --remove --force-depends python-support >"$work/log" 2>&1
  put /etc/python-support.conf <<<'compile = later'
  dpkg_install "$(simple one 1.0)"
  check_status "compile = later without python-support" 0
  check_equal "compile = later without python-support" 0 "$(bytecode_of one)"
}

# -- the drop-in comes and goes in the same transaction

# check_order WHAT DEB...: installed in one run, in that order.
check_order() {
  dpkg_install "${@:2}"
  check_calls_done "$1"
  check_few "$1"
  drop_view
}

test_drop_in_among_the_packages_of_a_transaction() {
  local release both few what
  mapfile -t few < <(a_few)
  for release in bookworm sid; do
    what="$release: a new system: the drop-in"
    mapfile -t both < <(both_packages "$release")
    new_view "$release"
    check_order "$what first" "${both[@]}" "${few[@]}"
    new_view "$release"
    check_order "$what in the middle" "${few[0]}" "${both[@]}" "${few[@]:1}"
    new_view "$release"
    check_order "$what last" "${few[@]}" "${both[@]}"
    new_system "$release"
    check_order "$release: python-support is there: the drop-in in the middle" \
      "${few[0]}" "${both[1]}" "${few[@]:1}"
    new_view "$release"
    apt_install "${few[0]}" "${both[@]}" "${few[@]:1}"
    check_calls_done "$release: by apt"
    check_few "$release: by apt"
    drop_view
  done
}

# What was noted by then is done, and packages that are removed leave nothing.
# (On unstable without 3.13, for which Debian's py3compile does nothing any more.)
test_drop_in_is_removed_in_a_transaction() {
  local release few
  mapfile -t few < <(a_few)
  for release in bookworm sid; do
    new_drop_in_system "$release"
    without 3.13
    bytecode_files >"$work/none"
    mapfile -t paths < <(into_view "${few[@]:0:2}")
    dpkg_in_root --no-triggers -i "${paths[@]}" >/dev/null
    check_equal "$release: notes" 2 "$(notes)"
    dpkg_in_root --no-triggers -r $DROP_IN >/dev/null
    mapfile -t paths < <(into_view "${few[2]}")
    dpkg_in_root --no-triggers -i "${paths[@]}" >/dev/null
    transact dpkg --configure -a
    check_calls_done "$release: the drop-in is removed with notes pending"
    check_few "$release: the drop-in is removed with notes pending"
    transact apt-get remove one two three
    check_transaction "$release: the packages are removed"
    bytecode_files >"$work/after"
    check_same_file "$release: the packages are removed" "$work/none" "$work/after"
    drop_view

    new_drop_in_system "$release"
    without 3.13
    mapfile -t paths < <(into_view "${few[@]}")
    transact apt-get install "${paths[@]}" $DROP_IN-
    check_transaction "$release: apt installs and removes the drop-in"
    check_no_notes "$release: apt installs and removes the drop-in"
    check_few "$release: apt installs and removes the drop-in"
    drop_view
  done
}
