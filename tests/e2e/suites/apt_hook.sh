# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The APT hook: interpreters that come, go and change in apt's transactions, also in those that
# fail; packages with private modules that go. On unstable, unless the release matters.

HOOK=/usr/lib/python-support/apt-hook
NOTE=/var/lib/python-support/apt-transaction
LOG=/var/log/python-support.log

# two_pythons: a view with 3.13 and 3.14, and no 3.15, whose packages are $quick; apt has no lists
# of any archive, which makes it quick.
quick=()
two_pythons() {
  local base deb
  mapfile -t quick < <(quick_3_15)
  deb=$(own_package sid) || return 1
  base=$(cached_directory "two-sid-$(sha256sum "$deb" | cut -c1-12)" make_two_pythons)
  view_of "$base"
  : >"$root/var/log/dpkg.log"
}

# make_two_pythons DIR
make_two_pythons() (
  set -e
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  new_system sid
  offline
  mapfile -t names < <(packages_of 3.15)
  dpkg_in_root --purge "${names[@]}"
  cp -a --one-file-system "$root" "$1"
)

# offline: what apt knows is what is installed. It does not ask for a terminal, and has no hook of
# debconf, because both would complain of what a small root does not have.
offline() {
  apt_conf 00terminal <<<'Dpkg::Use-Pty "false";'
  rm -f "$root/etc/apt/apt.conf.d/70debconf"
  : >"$root/etc/apt/sources.list"
  rm -rf "$root/var/lib/apt/lists" "$root/var/cache/apt"/*.bin
  mkdir -p "$root/var/lib/apt/lists/partial"
}

# with_apt ARGUMENT...: apt-get in the view; DEB files are copied into it.
with_apt() {
  local argument arguments=()
  for argument in "$@"; do
    [[ $argument != *.deb ]] || argument=$(into_view "$argument")
    arguments+=("$argument")
  done
  transact apt-get "${arguments[@]}"
}

# quick_3_15: the packages of 3.15 without what takes long, which is compression, and scripts that
# compile the standard library. Prints the paths; they are made once for all tests.
quick_3_15() {
  local deb
  if [ ! -e "$work/quick" ]; then
    mkdir "$work/quick"
    for deb in "$(folder_of 3.15)"/*.deb; do
      mv "$(repack "$deb" rm -f DEBIAN/postinst)" "$work/quick"
    done
  fi
  printf '%s\n' "$work/quick"/*.deb
}

# trivial [NAME]: a package that is nothing to python-support; prints its path.
trivial() {
  build_package "${1:-trivial}" 1.0 <<<"== /usr/share/doc/${1:-trivial}/README"
}

# bare: a package with two private modules and no maintainer scripts; prints its path.
bare() {
  build_package bare 1.0 <<'LINES'
== /usr/share/python-support/bare.private
/usr/lib/app/bare
== /usr/lib/app/bare/main.py
x = 1
== /usr/lib/app/bare/deep/er.py
x = 2
LINES
}

BARE_MODULES=(/usr/lib/app/bare/main.py /usr/lib/app/bare/deep/er.py)

# apt_conf NAME: standard input becomes a file among apt's settings.
apt_conf() {
  put "/etc/apt/apt.conf.d/$1"
}

# begin_count: from here on compilations are counted.
begin_count() {
  : >"$root$LOG"
}

# check_compilations WHAT VERSION=NUMBER...: how many modules all passes together compiled.
check_compilations() {
  local what=$1 one version
  shift
  for one in "$@"; do
    version=${one%%=*}
    check_equal "$what: modules compiled for $version" "${one#*=}" \
      "$(sed -n "s/^  python${version/./\\.}: \([0-9]*\) compiled.*/\1/p" "$root$LOG" |
        awk '{ n += $1 } END { print n + 0 }')"
  done
}

# check_calm WHAT: the transaction is over for the hook too, and python-support had no complaint.
check_calm() {
  check_missing "$1: no note" "$root$NOTE"
  check_without "$1" "python-support:" "$err"
}

# check_by_hook WHAT: the last transaction ended before dpkg came to triggers.
check_by_hook() {
  check_status "$1" 100
  check_passes "$1" 0
  check_equal "$1: state of python-support" it "$(state_of python-support)"
  check_contains "$1: the log" " APT hook post-invoke" "$root$LOG"
  check_calm "$1"
}

# stumbling PACKAGE...: a package that needs these configured before it is unpacked, and whose
# postinst fails until there is /tmp/mended; and one that needs that one. apt has dpkg do them one
# after the other, and the triggers at the very end. Prints the paths.
stumbling() {
  build_package stumbling 1.0 <<LINES
== /DEBIAN/control
Pre-Depends: $*
== /DEBIAN/postinst 0755
#!/bin/sh
test -e /tmp/mended
LINES
  build_package last 1.0 <<'LINES'
== /DEBIAN/control
Pre-Depends: stumbling
LINES
}

# mend: nothing stands in the way any more.
mend() {
  : >"$root/tmp/mended"
  transact dpkg --configure -a
}

# check_import_writes_nothing WHAT VERSION: an import that may write bytecode finds it there.
check_import_writes_nothing() {
  made_for "$2" >"$work/before-import"
  check_equal "$1: imported by root" "many/part.py of many 1.0" \
    "$(python "$2" -c 'import many.part, alone, chosen; print(many.part.where)')"
  made_for "$2" >"$work/after-import"
  check_same_file "$1: the import wrote nothing" "$work/before-import" "$work/after-import"
}

test_interpreter_comes_and_goes() {
  local names
  two_pythons
  install_example
  begin_count
  made_for 3.13 3.14 >"$work/before"
  with_apt install -o Debug::python-support=1 "$(folder_of 3.15)"/*.deb
  check_done "3.15 comes"
  check_contains "3.15 comes: the hook is there before" "python-support: pre-install: " "$err"
  check_contains "3.15 comes: the hook is there after" "python-support: post-invoke: " "$err"
  check_without "3.15 comes: it is the same transaction" "never ended" "$err"
  check_missing "3.15 comes: no note" "$root$NOTE"
  check_served "3.15 comes" 3.15 4
  check_import_writes_nothing "3.15 comes" 3.15
  check_compilations "3.15 comes" 3.13=0 3.14=0 3.15=4
  check_equal "3.15 comes: one says what was done" 1 "$(grep -c ' compiled' "$out")"
  mapfile -t names < <(packages_of 3.15)
  with_apt remove "${names[@]}"
  check_done "3.15 goes"
  check_not_served "3.15 goes" 3.15
  check_calm "3.15 goes"
  check_without "3.15 goes: nothing stands in dpkg's way" "not empty" "$said"
  mapfile -t names < <(packages_of 3.13)
  made_for 3.14 >"$work/before"
  with_apt purge "${names[@]}"
  check_done "3.13 is purged"
  check_not_served "3.13 is purged" 3.13
  check_calm "3.13 is purged"
  check_missing "3.13 is purged: the directory that was dpkg's" "$root/usr/lib/python3.13"
  check_compilations "all that" 3.13=0 3.14=0 3.15=4
  made_for 3.14 >"$work/after"
  check_same_file "what 3.14 has is not touched" "$work/before" "$work/after"
}

test_failing_postinst_with_an_interpreter() {
  local debs
  two_pythons
  install_example
  begin_count
  mapfile -t debs < <(stumbling python3.15, fresh)
  with_apt install "${quick[@]}" "$(client fresh 1.0 fresh.py </dev/null)" "${debs[@]}"
  check_by_hook "it fails"
  check_equal "it fails: states" "iF ii" "$(state_of stumbling) $(state_of python3.15)"
  check_import "it fails" 3.15 "many/part.py of many 1.0" 'import many.part; print(many.part.where)'
  check_compiled_as_py_compile "it fails" 3.15 4 /usr/lib/pymodules/python3.15
  mend
  check_done "mended"
  check_served "mended" 3.15 5
  check_served "mended" 3.14 5
  check_importable "mended: the client that came along" fresh "fresh.py of fresh 1.0"
  check_compilations "mended" 3.13=1 3.14=1 3.15=5
}

# Killed: what dpkg did last is in its journal alone.
test_killed_dpkg_with_an_interpreter() {
  local killer
  two_pythons
  install_example
  begin_count
  killer=$(build_package killer 1.0 <<'LINES'
== /DEBIAN/control
Depends: python3.15
== /DEBIAN/postinst 0755
#!/bin/sh
test -e /tmp/mended || kill -KILL "$PPID"
LINES
  )
  with_apt install "${quick[@]}" "$killer"
  check_by_hook "killed"
  check_equal "killed: states" "iF ii" "$(state_of killer) $(state_of python3.15)"
  check_at_least "killed: the journal of dpkg has entries" 1 \
    "$(find "$root/var/lib/dpkg/updates" -name '[0-9]*' | wc -l)"
  check_served "killed" 3.15 4
  mend
  check_done "mended"
  check_served "mended" 3.15 4
  check_compilations "mended" 3.13=0 3.14=0 3.15=4
}

# A removed interpreter's packages are gone when the transaction fails: so is what was made for it.
test_failing_postinst_with_an_interpreter_that_goes() {
  local debs
  two_pythons
  install_example
  begin_count
  mapfile -t debs < <(stumbling trivial)
  with_apt install "$(trivial)" "${debs[@]}" python3.13- python3.13-minimal- \
    libpython3.13-stdlib- libpython3.13-minimal-
  check_by_hook "it fails"
  check_equal "3.13" "" "$(state_of python3.13-minimal | grep i)"
  check_not_served "3.13 is gone" 3.13
  check_served "3.14 is as it was" 3.14 4
  mend
  check_done "mended"
  check_not_served "mended" 3.13
  check_compilations "mended" 3.13=0 3.14=0
}

# check_nothing_done WHAT ARGUMENT...: apt-get with these touches nothing of ours.
check_nothing_done() {
  local what=$1 kept=(/usr/lib/pymodules /usr/share/app /usr/lib/app /var/lib/python-support "$LOG")
  shift
  tree stamps "${kept[@]}" >"$work/before"
  with_apt -o Debug::python-support=1 "$@"
  check_status "$what" 0
  check_without "$what: no hook runs" "python-support:" "$said"
  tree stamps "${kept[@]}" >"$work/after"
  check_same_file "$what" "$work/before" "$work/after"
  check_missing "$what" "$root$NOTE"
}

test_download_only_simulation_and_nothing_to_do() {
  two_pythons
  install_example "$(bare)" "$(trivial)"
  check_nothing_done "--download-only" install --download-only "$(folder_of 3.15)"/*.deb
  check_nothing_done "-s" install -s "$(folder_of 3.15)"/*.deb
  check_nothing_done "-s remove" remove -s bare
  check_nothing_done "nothing to do" install many bare python3.14
  check_nothing_done "autoremove of nothing" autoremove
  check_equal "3.15" "" "$(state_of python3.15-minimal)"
  # A transaction with nothing of ours in it: not even the time of the state's directory changes.
  tree stamps /usr/lib/pymodules /usr/lib/app /var/lib/python-support "$LOG" >"$work/before"
  apt_install "$(trivial another)"
  check_status "a trivial package" 0
  check_empty "a trivial package: complaints" "$err"
  tree stamps /usr/lib/pymodules /usr/lib/app /var/lib/python-support "$LOG" >"$work/after"
  check_same_file "a trivial package" "$work/before" "$work/after"
}

test_autoremove() {
  local names
  new_system sid
  offline
  install_example
  apt_install "$(bare)" "$(build_package wants-bare 1.0 < <(control 'Depends: bare'))"
  check_done "installed"
  transact apt-mark auto bare
  transact apt-get remove wants-bare python3.15
  check_status "removed" 0
  check_served "3.15 itself is still there" 3.15 4
  check_private "bare is still there" "${BARE_MODULES[@]}"
  begin_count
  transact apt-get autoremove
  check_done "autoremove"
  check_equal "autoremove: states" "" "$(state_of bare)$(state_of python3.15-minimal | grep i)"
  check_not_served "autoremove" 3.15
  check_missing "autoremove" "$root/usr/lib/app"
  check_without "autoremove" "not empty" "$said"
  check_calm "autoremove"
  check_compilations "autoremove" 3.13=0 3.14=0 3.15=0
}

# check_purged WHAT: no trace of python-support itself, nor of what it made.
check_purged() {
  local path
  check_transaction "$1"
  check_empty "$1: complaints" "$err"
  check_without "$1" "not empty" "$said"
  check_nothing_left "$1"
  check_equal "$1: state of python-support" "" "$(state_of python-support)"
  for path in /var/lib/python-support "$LOG" /etc/apt/apt.conf.d/99python-support "$HOOK" \
    /usr/lib/python3/dist-packages/python-support.pth; do
    check_missing "$1" "$root$path"
  done
}

test_purge_of_python_support_with_an_interpreter() {
  local names
  two_pythons
  install_example "$(bare)"
  with_apt install --purge "${quick[@]}" python-support-
  check_purged "an interpreter comes"
  check_equal "an interpreter comes: 3.15" ii "$(state_of python3.15)"
  apt_install "$(trivial)"
  check_transaction "later"
  check_empty "later: complaints" "$err"
  drop_view
  new_system sid
  offline
  install_example "$(bare)"
  mapfile -t names < <(packages_of 3.15)
  with_apt purge python-support bare "${names[@]}"
  check_purged "an interpreter goes"
  check_missing "an interpreter goes: with private modules" "$root/usr/lib/app"
}

test_removed_but_not_purged() {
  local release
  for release in bookworm trixie sid; do
    new_system "$release"
    offline
    dpkg_install "$(bare)"
    with_apt remove python-support
    check_transaction "$release: removed"
    check_empty "$release: removed: complaints" "$err"
    check_nothing_left "$release: removed"
    check_exists "$release: the conffile" "$root/etc/apt/apt.conf.d/99python-support"
    with_apt install "$(trivial)" bare-
    check_transaction "$release: a transaction without it"
    check_empty "$release: a transaction without it: complaints" "$err"
    with_apt purge python-support
    check_purged "$release: purged"
    drop_view
  done
}

test_private_modules_leave_no_directory_behind() {
  new_system sid
  offline
  apt_install "$(bare)"
  check_done "installed"
  check_private "installed" "${BARE_MODULES[@]}"
  with_apt -o python-support::Hook=false remove bare
  check_contains "without the hook dpkg warns" "not empty" "$said"
  apt_install "$(bare)"
  begin_count
  tree stamps /usr/lib/app >"$work/before"
  with_apt install --reinstall "$(bare)"
  check_private "installed again" "${BARE_MODULES[@]}"
  with_apt remove bare
  check_done "removed"
  check_without "removed" "not empty" "$said"
  check_missing "removed" "$root/usr/lib/app"
  check_calm "removed"
}

# apt says of a package that is removed already that it is going.
test_purge_of_a_removed_package() {
  new_system sid
  offline
  apt_install "$(build_package kept 1.0 < <(
    private_part kept /usr/share/app/kept.py
    printf '== /DEBIAN/conffiles\n/etc/kept.conf\n== /etc/kept.conf\n'
  ))" "$(bare)"
  with_apt remove kept
  check_done "removed"
  check_missing "removed" "$root$(cache_of 3.14 /usr/share/app/kept.py)"
  begin_count
  with_apt purge kept
  check_transaction "purged"
  check_empty "purged: complaints" "$err"
  check_calm "purged"
  check_private "bare is as it was" "${BARE_MODULES[@]}"
  check_compilations "purged" 3.14=0
}

# stuck: a package whose prerm says what bytecode its dependency has, and fails unless there is
# /tmp/mended.
stuck() {
  build_package stuck 1.0 <<'LINES'
== /DEBIAN/control
Depends: bare
== /DEBIAN/prerm 0755
#!/bin/sh
find /usr/lib/app -name '*.pyc' >/tmp/seen
test -e /tmp/mended
LINES
}

test_private_modules_are_restored_after_a_failed_removal() {
  new_system sid
  offline
  apt_install "$(bare)" "$(stuck)"
  begin_count
  with_apt remove bare stuck
  check_status "the prerm of another fails" 100
  check_equal "the prerm of another fails: states" "ii ii" "$(state_of bare) $(state_of stuck)"
  check_equal "the prerm of another saw no bytecode" "" "$(cat "$root/tmp/seen")"
  check_private "restored" "${BARE_MODULES[@]}"
  check_calm "restored"
  check_compilations "restored" 3.13=0 3.14=2 3.15=0
  : >"$root/tmp/mended"
  with_apt remove bare stuck
  check_transaction "removed"
  check_without "removed" "not empty" "$said"
  check_missing "removed" "$root/usr/lib/app"
  check_calm "removed"
}

# check_cleaned WHAT: the bytecode of bare is gone, but it is noted, and dpkg did nothing.
check_cleaned() {
  check_empty "$1: dpkg did nothing" "$dpkg_log"
  check_equal "$1: bytecode" "" "$(find "$root/usr/lib/app" -name '*.pyc')"
  check_exists "$1: it is noted" "$root$NOTE"
}

test_private_modules_are_restored_after_apt_ended_early() {
  new_system sid
  offline
  apt_install "$(bare)"
  apt_conf 99z-of-another <<<'DPkg::Pre-Install-Pkgs { "false"; };'
  with_apt remove bare
  check_status "a hook of another fails" 100
  check_cleaned "a hook of another fails"
  rm "$root/etc/apt/apt.conf.d/99z-of-another"
  with_apt install "$(trivial)"
  check_status "the next transaction" 0
  check_private "the next transaction" "${BARE_MODULES[@]}"
  check_calm "the next transaction"

  # shellcheck disable=SC2016 # for the shell that apt starts
  apt_conf 99z-of-another <<<'DPkg::Pre-Install-Pkgs { "kill -KILL $PPID"; };'
  with_apt -o Debug::python-support=1 remove bare
  check_status "apt is killed" 137
  check_cleaned "apt is killed"
  rm "$root/etc/apt/apt.conf.d/99z-of-another"
  with_apt install "$(trivial another)"
  check_status "the next transaction after that" 0
  check_matches "it is another one" '^python-support: post-invoke: .*, which never ended' "$err"
  check_private "the next transaction after that" "${BARE_MODULES[@]}"
  check_missing "the next transaction after that" "$root$NOTE"
}

# Without apt: the pass of the next dpkg does it. What the note asks for is done then.
test_private_modules_are_restored_by_the_trigger() {
  new_system sid
  offline
  apt_install "$(bare)"
  begin_count
  apt_conf 99z-of-another <<<'DPkg::Pre-Install-Pkgs { "false"; };'
  with_apt remove bare
  check_cleaned "a hook of another fails"
  rm "$root/etc/apt/apt.conf.d/99z-of-another"
  dpkg_install "$(client next 1.0 next.py </dev/null)"
  check_done "dpkg"
  check_private "dpkg" "${BARE_MODULES[@]}"
  with_apt install "$(trivial)"
  check_status "apt" 0
  check_empty "apt: complaints" "$err"
  check_without "apt: there is nothing to say" "python-support:" "$out"
  check_calm "apt"
  check_compilations "all that" 3.13=1 3.14=3 3.15=1
}

# A note of a transaction that stopped is kept where another one, with nothing of ours, follows and
# is stopped too; and where one follows that has more to be cleaned.
test_notes_add_up() {
  new_system sid
  offline
  apt_install "$(bare)" "$(build_package other 1.0 < <(private_part other /usr/share/app/other.py))"
  apt_conf 99z-of-another <<<'DPkg::Pre-Install-Pkgs { "false"; };'
  with_apt remove bare
  check_cleaned "the first is stopped"
  with_apt install "$(trivial)"
  check_cleaned "the second is stopped"
  with_apt remove other
  check_cleaned "the third is stopped"
  check_missing "the third is stopped" "$root$(cache_of 3.14 /usr/share/app/other.py)"
  rm "$root/etc/apt/apt.conf.d/99z-of-another"
  with_apt install "$(trivial)"
  check_status "the fourth" 0
  check_private "the fourth" "${BARE_MODULES[@]}" /usr/share/app/other.py
  check_calm "the fourth"
}

# check_default_3_15 WHAT: what is for the default version is for 3.15, and no longer for 3.14.
check_default_3_15() {
  check_link "$1" python3.15 "$root/usr/bin/python3"
  check_compiled_as_py_compile "$1: private" 3.15 1 /usr/share/app
  check_missing "$1: private, no longer 3.14" "$root$(cache_of 3.14 /usr/share/app/main.py)"
  check_import "$1: current" 3.15 now 'import now; print(now.where)'
  check_exists "$1: current" "$(bytecode 3.15 now.py)"
  check_missing "$1: current is no longer 3.14" "$(linked 3.14 now.py)"
}

test_default_version_changes() {
  local folder debs
  new_system sid
  offline
  install_example
  begin_count
  folder=$(downloaded_packages sid python3-minimal)
  mapfile -t debs < <(stumbling python3-minimal)
  with_apt install --reinstall "$(repack "$folder"/python3-minimal_*.deb with_default_3_15)" \
    "${debs[@]}"
  check_by_hook "it becomes 3.15, and dpkg fails"
  check_default_3_15 "it becomes 3.15, and dpkg fails"
  check_compilations "it becomes 3.15, and dpkg fails" 3.13=0 3.14=0 3.15=2
  mend
  check_done "mended"
  check_default_3_15 "mended"
  check_compilations "mended" 3.13=0 3.14=0 3.15=2
  with_apt install --reinstall "$folder"/python3-minimal_*.deb
  check_done "and back"
  check_link "and back" python3.14 "$root/usr/bin/python3"
  check_compiled_as_py_compile "and back" 3.14 1 /usr/share/app
  check_missing "and back" "$root$(cache_of 3.15 /usr/share/app/main.py)"
  check_exists "and back" "$(bytecode 3.14 now.py)"
  check_compilations "and back" 3.13=0 3.14=2 3.15=2
}

# other_magic: makes it look as if the passes so far had served a 3.15 with another magic number: in
# the state, and in the bytecode.
other_magic() {
  /usr/bin/python3 - "$root" <<'LINES'
import pathlib, sqlite3, sys
root = pathlib.Path(sys.argv[1])
for path in root.glob("usr/lib/pymodules/python3.15/**/*.pyc"):
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
state = sqlite3.connect(root / "var/lib/python-support/state.sqlite")
with state:
    magic, = state.execute("SELECT magic FROM interpreter WHERE minor = 15").fetchone()
    for table in "interpreter", "trait":
        state.execute(f"UPDATE {table} SET magic = ? WHERE magic = ?", (magic ^ 1, magic))
    state.execute("UPDATE interpreter SET file_mtime_ns = 1 WHERE minor = 15")
LINES
}

# The package that is installed has no interpreter in it, so the trigger is not activated.
test_new_magic_number() {
  new_system sid
  offline
  install_example
  begin_count
  made_for 3.13 3.14 >"$work/before"
  other_magic
  with_apt install --reinstall "$(folder_of 3.15)"/libpython3.15-stdlib_*.deb
  check_transaction "the standard library is installed"
  check_passes "the standard library is installed" 0
  check_served "the standard library is installed" 3.15 4
  check_calm "the standard library is installed"
  check_compilations "the standard library is installed" 3.13=0 3.14=0 3.15=4
  made_for 3.13 3.14 >"$work/after"
  check_same_file "the others are not touched" "$work/before" "$work/after"
  other_magic
  with_apt install --reinstall "$(folder_of 3.15)"/*.deb
  check_done "all of 3.15 is installed: the trigger and the hook"
  check_served "all of 3.15 is installed" 3.15 4
  check_compilations "all of 3.15 is installed" 3.13=0 3.14=0 3.15=8
}

test_hook_switched_off() {
  local debs
  two_pythons
  install_example
  begin_count
  mapfile -t debs < <(stumbling python3.15)
  with_apt -o python-support::Hook=false -o Debug::python-support=1 install \
    "${quick[@]}" "${debs[@]}"
  check_status "switched off" 100
  check_calm "switched off"
  check_not_served "switched off" 3.15
  mend
  check_done "the trigger does it"
  check_served "the trigger does it" 3.15 4
  check_compilations "the trigger does it" 3.15=4
}

# most_workers_of FILE: until FILE is there, how many processes compiled at once.
most_workers_of() {
  local now most=0
  while [ ! -e "$1" ]; do
    now=$(pgrep --full --count -- '^/usr/bin/python3\.15 -s' || true)
    [ "$now" -le "$most" ] || most=$now
    sleep 0.01
  done
  echo "$most"
}

# check_workers WHAT NUMBER OPTION...: of the hook's pass for 3.15, with modules enough for two.
check_workers() {
  local what=$1 number=$2 i debs
  shift 2
  two_pythons
  echo 'jobs = 2' >>"$root/etc/python-support.conf"
  { echo pyversions=3.15-; printf '/usr/share/pyshared/big%s.py\n' 1 2 3 4 5 6; } |
    reference big.public
  for i in 1 2 3 4 5 6; do
    repeated "where = [where for where in ['big', ($i, 'text')]]" 1500 |
      put "/usr/share/pyshared/big$i.py"
  done
  begin_count
  mapfile -t debs < <(stumbling python3.15)
  rm -f "$work/over"
  most_workers_of "$work/over" >"$work/most" &
  with_apt "$@" install "${quick[@]}" "${debs[@]}"
  : >"$work/over"
  wait $!
  check_by_hook "$what"
  check_compilations "$what" 3.15=6
  check_equal "$what: workers at once" "$number" "$(cat "$work/most")"
  drop_view
}

test_number_of_jobs() {
  check_workers "as configured" 2
  check_workers "-o python-support::Jobs=1" 1 -o python-support::Jobs=1
}

test_failing_hook_of_another_package() {
  two_pythons
  install_example
  begin_count
  apt_conf 50another <<<'DPkg::Post-Invoke { "false"; };'
  with_apt install "${quick[@]}"
  check_status "apt fails, because of the other hook" 100
  check_passes "dpkg did not" 1
  check_served "the trigger has served 3.15" 3.15 4
  check_exists "our hook did not run" "$root$NOTE"
  rm "$root/etc/apt/apt.conf.d/50another"
  apt_install "$(trivial)"
  check_status "the next transaction" 0
  check_empty "the next transaction: complaints" "$err"
  check_without "the next transaction: nothing to say" "python-support:" "$out"
  check_calm "the next transaction"
  check_compilations "the next transaction" 3.13=0 3.14=0 3.15=4
}

# Where the state cannot be kept, there is a warning, but apt goes on.
test_hook_never_fails_apt() {
  two_pythons
  install_example "$(bare)"
  mv "$root/var/lib/python-support" "$root/var/lib/put-away"
  : >"$root/var/lib/python-support"
  with_apt install "${quick[@]}" bare-
  check_transaction "a file in place of the state's directory"
  rm "$root/var/lib/python-support"
  mv "$root/var/lib/put-away" "$root/var/lib/python-support"
  mount_in_view -t tmpfs -o ro none "$root/var/lib/python-support"
  with_apt install "$(bare)" python3.15-
  check_transaction "a state that is read-only"
  unmount_in_view "$root/var/lib/python-support"
  printf '{"format": 1, "root": 7, "packages": {' | put "$NOTE"
  apt_install "$(trivial)"
  check_transaction "a damaged note"
  check_empty "a damaged note: complaints" "$err"
  check_missing "a damaged note" "$root$NOTE"
  rm -f "$root$NOTE"
  mkdir "$root$NOTE"
  with_apt remove bare
  check_transaction "a directory in place of the note"
  rmdir "$root$NOTE"
  by_hand
  check_served "in the end" 3.14 4
}

# -- other roots

IMAGE=/srv/image

# with_image: a machine with all three interpreters; below it, at $IMAGE, a system with two of them.
# Both have the example and a package with private modules. Sets $outer and $image; $root is the
# machine.
with_image() {
  two_pythons
  install_example "$(bare)"
  begin_count
  image=$root
  new_system sid
  offline
  outer=$root
  install_example "$(bare)"
  begin_count
  mkdir -p "$outer$IMAGE"
  mount_in_view --rbind "$image" "$outer$IMAGE"
  machine_stamps >"$work/machine"
}

# machine_stamps: what a pass on the machine itself would change.
machine_stamps() {
  local root=$outer
  tree stamps /usr/lib/pymodules /usr/share/app /usr/lib/app "$LOG" \
    /var/lib/python-support/state.sqlite /var/lib/dpkg/info
}

# check_machine_untouched WHAT
check_machine_untouched() {
  machine_stamps >"$work/machine-after"
  check_same_file "$1: the machine is as it was" "$work/machine" "$work/machine-after"
}

# check_image_served WHAT OPTION...: with these options apt and dpkg act on the image. A transaction
# that fails halfway, so that the hook has to serve the new interpreter there; and one that removes.
check_image_served() {
  local what=$1 debs
  shift
  with_image
  mapfile -t debs < <(stumbling python3.15)
  root=$image into_view "${quick[@]}" "${debs[@]}" >"$work/in-image" # where dpkg may look for them
  with_apt "$@" install "${quick[@]}" "${debs[@]}"
  root=$image
  check_status "$what: it fails halfway" 100
  check_equal "$what: states in the image" "ii it" \
    "$(state_of python3.15) $(state_of python-support)"
  check_served "$what: 3.15 in the image" 3.15 4
  check_compilations "$what: in the image" 3.13=0 3.14=0 3.15=4
  mend
  check_equal "$what: the paths are those inside" "" \
    "$(grep -rla "$IMAGE" "$root/usr/lib/pymodules" "$root/var/lib/python-support")"
  root=$outer
  with_apt "$@" remove bare
  check_status "$what: a package goes" 0
  check_without "$what: a package goes" "not empty" "$said"
  check_missing "$what: a package goes" "$image/usr/lib/app"
  check_machine_untouched "$what"
  check_missing "$what: no note on the machine" "$outer$NOTE"
  check_missing "$what: no note in the image" "$image$NOTE"
}

test_root_of_dpkg_options() {
  check_image_served "-o Dir= -o Dpkg::Options::=--root=" -o Dir="$IMAGE" \
    -o Dpkg::Options::=--root="$IMAGE"
}

# Here the hooks themselves run in that root.
test_chroot_directory() {
  check_image_served "-o DPkg::Chroot-Directory=" -o Dir="$IMAGE" \
    -o DPkg::Chroot-Directory="$IMAGE"
}

# apt reads one status, and its dpkg acts on the files of the other system: what the hook knows of
# either is of no use.
test_status_of_another_system() {
  local option
  for option in Dir DPkg::Chroot-Directory; do
    with_image
    with_apt -o "$option=$IMAGE" -o Debug::python-support=1 remove bare
    check_status "$option" 0
    check_contains "$option: the hook says so" "another system; nothing is noted" "$err"
    check_missing "$option: nothing is noted" "$outer$NOTE"
    check_missing "$option: nothing is noted there" "$image$NOTE"
    root=$outer drop_view
    root=$image drop_view
  done
}

# With this apt itself fails as soon as it is to start dpkg, in the image. What is done there before
# is undone there.
test_root_of_apt() {
  with_image
  with_apt -o RootDir="$IMAGE" remove bare
  check_status "-o RootDir=" 100
  check_empty "-o RootDir=: dpkg did nothing" "$dpkg_log"
  check_machine_untouched "-o RootDir="
  check_missing "-o RootDir=: no note on the machine" "$outer$NOTE"
  check_missing "-o RootDir=: no note in the image" "$image$NOTE"
  root=$image
  check_equal "-o RootDir=: the package in the image" ii "$(state_of bare)"
  check_private "-o RootDir=: in the image" "${BARE_MODULES[@]}"
}

# -- by hand

# by_pipe FILE COMMAND...: in the view, with FILE on standard input; no longer than 20 seconds.
by_pipe() {
  local file=$1
  shift
  runs=$((runs + 1))
  out=$work/out.$BASHPID.$runs
  err=$work/err.$BASHPID.$runs
  said=$work/said.$BASHPID.$runs
  status=0
  in_root "$root" timeout 20 "$@" <"$file" >"$out" 2>"$err" || status=$?
  cat "$out" "$err" >"$said"
}

# with_stream: a system with private modules, and what apt tells hooks, in $stream.
with_stream() {
  new_system sid
  offline
  dpkg_install "$(bare)"
  stream=$work/stream
  [ -e "$stream" ] || make_stream
  check_matches "the stream" '^VERSION 3$' "$stream"
  check_matches "the stream: bare goes" '^bare .*\*\*REMOVE\*\*$' "$stream"
  check_matches "the stream: 3.15" '^python3\.15-minimal .*\.deb$' "$stream"
}

# make_stream: of a transaction in which 3.15 is upgraded and a package with private modules goes,
# which never comes to pass. Once for all tests.
make_stream() {
  local deb debs=()
  for deb in "$(folder_of 3.15)"/*-minimal_*.deb; do
    debs+=("$(repack "$deb" upgraded)")
  done
  apt_conf 90stream <<'LINES'
DPkg::Pre-Install-Pkgs { "cat >/tmp/stream; false"; };
DPkg::Tools::Options::cat::Version "3";
LINES
  with_apt install "${debs[@]}" bare- python3.15- libpython3.15-stdlib-
  rm "$root/etc/apt/apt.conf.d/90stream"
  cp "$root/tmp/stream" "$stream"
}

# upgraded: what repack does to make it a newer version of the same.
upgraded() {
  sed -i 's/^Version: .*/&+test1/; s/(\(= [^)]*\))/(\1+test1)/g' DEBIAN/control
}

# check_silent WHAT: the hook by hand.
check_silent() {
  check_status "$1" 0
  check_empty "$1: what it says" "$said"
}

# check_both WHAT STREAM COMMAND...: the hook before and after nothing, silent and harmless: in the
# end all is as it was. COMMAND goes before the hook's own name.
check_both() {
  local what=$1 file=$2
  shift 2
  by_pipe "$file" "$@" "$HOOK" pre-install
  check_silent "$what: pre-install"
  by_pipe /dev/null "$@" "$HOOK" post-invoke
  check_status "$what: post-invoke" 0
  check_empty "$what: post-invoke: complaints" "$err"
  check_missing "$what: no note" "$root$NOTE"
  check_equal "$what: private bytecode" 2 "$(find "$root/usr/lib/app" -name '*.pyc' | wc -l)"
}

test_streams() {
  local stream at middle
  with_stream
  by_pipe "$stream" "$HOOK" pre-install
  check_silent "as it is"
  check_exists "as it is: a note" "$root$NOTE"
  check_equal "as it is: cleaned" "" "$(find "$root/usr/lib/app" -name '*.pyc')"
  check_both "as it is" "$stream"
  middle=$(grep -abo '^bare ' "$stream" | cut -d: -f1)
  for at in 0 1 6 9 10 100 2000 "$middle" $((middle + 3)) $((middle + 30)) \
    $(($(wc -c <"$stream") - 1)); do
    head -c "$at" "$stream" >"$work/cut"
    check_both "cut after $at bytes" "$work/cut"
  done
  sed '1s/.*/VERSION 4/' "$stream" >"$work/other"
  by_pipe "$work/other" "$HOOK" pre-install
  check_silent "version 4"
  check_missing "version 4" "$root$NOTE"
  echo /var/cache/apt/archives/bare_1.0_all.deb >"$work/other"
  check_both "version 1" "$work/other"
  head -c 100000 /dev/urandom >"$work/other"
  check_both "noise" "$work/other"
  { cat "$stream"; head -c 100000 /dev/urandom; } >"$work/other"
  check_both "noise behind" "$work/other"
  by_pipe /dev/null "$HOOK" post-invoke
  check_silent "post-invoke without a note"
}

test_strange_names_and_locale() {
  local stream
  with_stream
  {
    sed -n '1,/^$/p' "$stream" | sed '2i B%e4r::\xe4\xff=\xfe%0a%zz'
    printf 'b\xe4r 1 all none > - - none **REMOVE**\n'
    printf '\xff\xfe\x01 \xff - - > - - - \xff\n'
    sed '1,/^$/d' "$stream"
  } >"$work/strange"
  check_both "non-UTF-8 names" "$work/strange"
  check_both "non-UTF-8 names, LC_ALL=C" "$work/strange" env LC_ALL=C
  check_both "LC_ALL=C" "$stream" env LC_ALL=C
  check_both "an unknown locale" "$stream" env LC_ALL=xx_XX.latin1 LANGUAGE=xx
  check_both "an empty environment" "$stream" env -i
}

# The bound is that of a slow machine; what is measured is in bench/.
test_many_lines() {
  local stream begin
  with_stream
  {
    cat "$stream"
    seq -f 'package%.0f 1.0-1 amd64 same < 1.0-2 amd64 same /var/cache/apt/archives/some.deb' 25000
    seq -f 'gone%.0f 1.0-1 amd64 same > - - none **REMOVE**' 25000
  } >"$work/long"
  check_at_least "lines" 50000 "$(wc -l <"$work/long")"
  begin=$(date +%s%N)
  check_both "50,000 lines" "$work/long"
  check_at_most "milliseconds for both hooks" 4000 $((($(date +%s%N) - begin) / 1000000))
}

test_poor_surroundings() {
  local stream
  with_stream
  check_both "standard input closed" "$stream" sh -c 'exec "$@" <&-' sh
  check_both "all of them closed" "$stream" sh -c 'exec "$@" <&- >&- 2>&-' sh
  check_both "output is full" "$stream" sh -c 'exec "$@" >/dev/full 2>&1' sh
  rm "$root/dev/null"
  check_both "no /dev/null" "$stream"
  check_both "no /dev/null, standard input closed" "$stream" sh -c 'exec "$@" <&-' sh
  if [ "$PYSUP_E2E_PRIVATE" = yes ]; then
    unmount_in_view "$root/proc"
  fi
  check_missing "no /proc" "$root/proc/self"
  check_both "no /proc either" "$stream"
}

# What apt runs, as it stands in the file.
hook_commands() {
  sed -n 's/.*{ "\(pysup=.*\)"; };$/\1/p' "$root/etc/apt/apt.conf.d/99python-support"
}

test_program_cannot_start() {
  local stream command commands
  with_stream
  mapfile -t commands < <(hook_commands)
  check_equal "commands" 2 "${#commands[@]}"
  mkdir "$root/tmp/away"
  mv "$root"/usr/lib/*/libapt-pkg.so.* "$root/tmp/away"
  for command in "${commands[@]}"; do
    by_pipe "$stream" sh -c "$command"
    check_status "without libapt-pkg: $command" 0
    check_contains "without libapt-pkg: it did not start" libapt-pkg "$err"
  done
  mv "$root"/tmp/away/* "$root"/usr/lib/*-linux-gnu*/
  check_missing "no note" "$root$NOTE"
  printf 'no program' | put "$HOOK" 0755
  for command in "${commands[@]}"; do
    by_pipe "$stream" sh -c "$command"
    check_status "no program: $command" 0
  done
  rm "$root$HOOK"
  for command in "${commands[@]}"; do
    by_pipe "$stream" sh -c "$command"
    check_silent "no such file: $command"
  done
}

# Nothing else is opened where there is no note: not even damage would be seen.
test_nothing_noted_nothing_read() {
  local file
  new_system sid
  for file in /var/lib/dpkg/status /var/lib/python-support/state.sqlite; do
    printf 'damage\n' | put "$file"
  done
  tree stamps /var/lib/python-support >"$work/before"
  by_pipe /dev/null "$HOOK" post-invoke
  check_silent "post-invoke"
  tree stamps /var/lib/python-support >"$work/after"
  check_same_file "post-invoke" "$work/before" "$work/after"
}

# -- apt.conf, on each release

# spy: the hook's place is taken by a script that keeps what it is told.
spy() {
  put "$HOOK" 0755 <<'LINES'
#!/bin/sh
cat >"/tmp/told-$1"
exit 1
LINES
}

test_protocol_version_of_each_release() {
  local release
  for release in bookworm trixie sid; do
    new_system "$release"
    offline
    apt_install "$(trivial)" "$(bare)"
    check_transaction "$release: with the program"
    check_empty "$release: with the program: complaints" "$err"
    with_apt -o Debug::python-support=1 remove bare
    check_matches "$release: trace" \
      'pre-install: .* root /: 1 packages, 0 lines not .*cleaned: 1$' "$err"
    check_without "$release: private modules" "not empty" "$said"
    cp -a "$root$HOOK" "$work/hook"
    spy
    with_apt remove trivial
    check_transaction "$release: the program fails"
    check_empty "$release: the program fails: complaints" "$err"
    check_equal "$release: what it is told first" "VERSION 3" \
      "$(head -n 1 "$root/tmp/told-pre-install")"
    check_exists "$release: it is called after" "$root/tmp/told-post-invoke"
    rm "$root$HOOK"
    with_apt install "$(trivial)"
    check_transaction "$release: without the program"
    check_empty "$release: without the program: complaints" "$err"
    cp -a "$work/hook" "$root$HOOK"
    drop_view
  done
}
