# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Transactions in which something goes wrong: dpkg or the trigger is killed, the disk is full, what
# packages ship is broken. dpkg goes on, and the next transaction heals what this one could not do.

RELEASES=(bookworm trixie sid)

# heavy VERSION: a package with a module that takes long to compile and one that does not.
heavy() {
  modules heavy "$1" quick.py="quick $1" < <(
    printf '== /usr/share/python-support/slow.public\n/usr/share/pyshared/slow.py\n'
    printf '== /usr/share/pyshared/slow.py\n'
    hanging_source
  )
}

# begin DEB...: dpkg -i in the background, in a process group of its own with the signals that a
# shell gives; $group is that group and dpkg's process, $said what it says.
group=
begin() {
  local debs
  mapfile -t debs < <(into_view "$@")
  refuse_host_root "$root"
  runs=$((runs + 1))
  said=$work/said.$BASHPID.$runs
  out=$said
  err=$said
  env -i --default-signal=INT,QUIT PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    setsid chroot "$root" dpkg --force-unsafe-io -i "${debs[@]}" </dev/null >"$said" 2>&1 &
  group=$!
}

# processes PATTERN: those in the view whose command line matches.
processes() {
  local pid
  for pid in $(pgrep --full -- "$1"); do
    [ "$(readlink "/proc/$pid/root")" != "$root" ] || echo "$pid"
  done
}

HANDLER='^/usr/lib/python-support/trigger triggered'
WORKER='^/usr/bin/python3\.[0-9]+ -s'

# wait_until yes|no PATTERN: until there is such a process, or none any more.
wait_until() {
  local i there
  for ((i = 0; i < 500; i++)); do
    there=no
    [ -z "$(processes "$2")" ] || there=yes
    [ "$there" != "$1" ] || return 0
    sleep 0.02
  done
  check_bad "processes as '$2' are there" "$1" "$there"$'\n'"$(cat "$said")"
}

# wait_for_end: of what began; sets $status.
wait_for_end() {
  status=0
  wait "$group" 2>/dev/null || status=$?
}

# calm: the slow module is quick now.
calm() {
  put /usr/share/pyshared/slow.py <<<"where = 'slow'"
}

# check_healed WHAT VERSION MODULE...: nothing is half done, and all of the package is there, with
# more modules.
check_healed() {
  check_status "$1" 0
  check_equal "$1: dpkg --audit finds nothing" "" "$(in_root "$root" dpkg --audit)"
  check_equal "$1: state of python-support" ii "$(state_of python-support)"
  check_tree "$1" quick.py slow.py "${@:3}"
  check_importable "$1" quick "quick $2"
  check_importable "$1" slow slow
}

test_killed_during_the_trigger() {
  local release
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    begin "$(heavy 1)"
    wait_until yes "$WORKER"
    kill -KILL -- "-$group"
    wait_for_end
    check_equal "$release: all killed: exit" 137 "$status"
    check_equal "$release: all killed: state" iF "$(state_of python-support)"
    calm
    transact dpkg --configure -a
    check_healed "$release: all killed, then --configure -a" 1

    echo 'limit = 3' >>"$root/etc/python-support.conf"
    begin "$(heavy 2)"
    wait_until yes "$WORKER"
    kill -KILL "$group"
    wait_for_end
    check_equal "$release: dpkg killed: exit" 137 "$status"
    check_equal "$release: dpkg killed: state" iF "$(state_of python-support)"
    check_at_least "$release: dpkg killed: the handler goes on" 1 "$(processes "$HANDLER" | wc -l)"
    calm
    transact dpkg --configure -a
    check_contains "$release: dpkg killed: the next one waits" "waiting for dpkg trigger" "$said"
    check_healed "$release: dpkg killed, then --configure -a" 2

    begin "$(heavy 3)"
    wait_until yes "$WORKER"
    # shellcheck disable=SC2046 # one word a process
    kill -KILL $(processes "$HANDLER")
    wait_for_end
    check_transaction "$release: the handler killed"
    check_contains "$release: the handler killed" "python-support: " "$said"
    calm
    dpkg_install "$(modules later 1.0 later.py=later </dev/null)"
    check_healed "$release: the handler killed, then another transaction" 3 later.py
    drop_view
  done
}

# suicide SCRIPT: a maintainer script that kills dpkg once: its parent, or (0) its process group.
suicide() {
  printf '== /DEBIAN/%s 0755\n' "$1"
  cat <<'LINES'
#!/bin/sh
victim=$(cat /tmp/victim 2>/dev/null) || exit 0
rm /tmp/victim
[ "$victim" = 0 ] || victim=$PPID
kill -KILL "$victim"
LINES
}

# check_killed_in WHAT VERSION SCRIPT VICTIM: two packages, the script of the second kills dpkg.
check_killed_in() {
  local what="$1: $3 kills $4" debs
  debs=("$(modules first "$2" first.py="first $2" </dev/null)"
    "$(modules second "$2" second.py="second $2" < <(suicide "$3"))")
  put /tmp/victim <<<"$4"
  begin "${debs[@]}"
  wait_for_end
  check_equal "$what: exit" 137 "$status"
  check_missing "$what: it did" "$root/tmp/victim"
  transact dpkg --configure -a
  check_status "$what: --configure -a" 0
  check_equal "$what: state" "ii ii" "$(state_of first) $(state_of python-support)"
  check_importable "$what: --configure -a" first "first $2"
  if [ "$3" = preinst ]; then
    dpkg_install "${debs[1]}"
  fi
  check_transaction "$what: then"
  check_tree "$what: then" first.py second.py
  check_importable "$what: then" second "second $2"
}

test_killed_during_unpack_and_configuration() {
  local release
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    check_killed_in "$release" 1 preinst parent
    check_killed_in "$release" 2 preinst 0
    check_killed_in "$release" 3 postinst 0
    drop_view
  done
}

# check_interrupted WHAT: the transaction that ended now, and another one.
check_interrupted() {
  check_transaction "$1"
  check_equal "$1: state of python-support" ii "$(state_of python-support)"
  check_contains "$1: it says so" "interrupted; the next pass does the rest" "$said"
  check_loadable "$1" /usr/lib/pymodules
  calm
  dpkg_install "$(modules later 1.0 later.py=later </dev/null)"
  check_healed "$1: then another transaction" 1 later.py
}

# As a terminal does it: the signal is for the whole group. dpkg ignores it while a script runs.
test_sigint_during_the_trigger() {
  local release
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    begin "$(heavy 1)"
    wait_until yes "$WORKER"
    kill -INT -- "-$group"
    wait_for_end
    check_interrupted "$release: SIGINT"
    drop_view
  done
}

# All but dpkg, and each for itself: the handler, and the scripts that called it.
test_sigterm_to_all_that_dpkg_started() {
  local release
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    begin "$(heavy 1)"
    wait_until yes "$WORKER"
    # shellcheck disable=SC2046 # one word a process
    kill -TERM $(pgrep --pgroup "$group" | grep -vx "$group")
    wait_for_end
    check_interrupted "$release: SIGTERM"
    drop_view
  done
}

# dpkg does not survive this one itself, so the package can only be mended by the next dpkg.
test_sigterm_to_the_whole_group() {
  local release
  for release in bookworm sid; do
    new_system "$release"
    begin "$(heavy 1)"
    wait_until yes "$WORKER"
    kill -TERM -- "-$group"
    wait_for_end
    wait_until no "$HANDLER"
    check_equal "$release: SIGTERM to all: exit of dpkg" 143 "$status"
    check_contains "$release: SIGTERM to all" "interrupted; the next pass does the rest" "$said"
    calm
    transact dpkg --configure -a
    check_healed "$release: SIGTERM to all, then --configure -a" 1
    drop_view
  done
}

# Broken in a way each, and a good one. What they had installed before is in version 1.
bad_clients() {
  modules good "$1" good.py="good $1" </dev/null
  build_package broken "$1" <<LINES
== /usr/share/python-support/broken.public
pyversions=3.0-, no version
relative/path.py
/usr/share/pyshared/broken.py
/usr/share/pyshared/missing.py
/etc/passwd
== /usr/share/pyshared/broken.py
where = 'broken $1'
LINES
  build_package bad "$1" <<'LINES'
== /usr/share/python-support/bad.public
/usr/share/pyshared/bad.py
== /usr/share/pyshared/bad.py
def f(:
LINES
  heavy "$1"
}

test_bad_clients() {
  local release debs version
  mapfile -t debs < <(bad_clients 1)
  for release in bookworm sid; do
    new_system "$release"
    echo 'limit = 1' >>"$root/etc/python-support.conf"
    dpkg_install "${debs[@]}"
    check_transaction "$release: bad clients"
    check_passes "$release: bad clients" 1
    check_equal "$release: states" "ii ii ii ii ii" "$(state_of good) $(state_of broken) $(
      state_of bad) $(state_of heavy) $(state_of python-support)"
    for file in /usr/share/python-support/broken.public /bad.py /slow.py; do
      check_contains "$release: the message names the file" "$file" "$said"
    done
    check_importable "$release: the good one" good "good 1"
    for version in $(versions_in_root); do
      check_exists "$release: its bytecode" "$(bytecode "$version" good.py)"
      check_missing "$release: no bytecode of the bad one" "$(bytecode "$version" bad.py)"
      check_missing "$release: no bytecode of the slow one" "$(bytecode "$version" slow.py)"
    done
    dpkg_install "$(modules broken 2 broken.py="broken 2" </dev/null)" \
      "$(modules bad 2 bad.py="bad 2" </dev/null)" "$(modules heavy 2 quick.py="quick 2" \
        < <(printf '== /usr/share/python-support/slow.public\n/usr/share/pyshared/slow.py\n'
          printf "== /usr/share/pyshared/slow.py\nwhere = 'slow'\n"))"
    check_empty "$release: healed: problems" "$err"
    check_healed "$release: healed" 2 good.py broken.py bad.py
    drop_view
  done
}

# A reference that cannot be read keeps what it had installed.
test_unreadable_reference() {
  new_system trixie
  dpkg_install "$(modules foo 1 foo.py="foo 1" </dev/null)"
  dpkg_install "$(build_package foo 2 <<'LINES'
== /usr/share/python-support/foo.public/a-directory
== /usr/share/pyshared/foo.py
where = 'foo 2'
LINES
  )"
  check_transaction "a directory in place of a reference"
  check_contains "a directory in place of a reference" /usr/share/python-support/foo.public "$said"
  check_equal "state" "ii ii" "$(state_of foo) $(state_of python-support)"
  dpkg_install "$(modules foo 3 foo.py="foo 3" </dev/null)"
  check_done "a good one again"
  check_tree "a good one again" foo.py
  check_importable "a good one again" foo "foo 3"
}

# begin_with_hanging RELEASE VERSION HOW: in a view whose interpreter is a program that never does
# anything. new: it looks like another interpreter; same: like the one that the last pass knew, so
# that nobody asks it anything before it is to compile.
begin_with_hanging() {
  local python
  new_system "$1"
  python=$root/usr/bin/python$2
  echo 'limit = 1' >>"$root/etc/python-support.conf"
  mv "$python" "$python.real"
  # A worker may not be allowed to stop itself.
  printf '%s\n' '#!/bin/sh' 'kill -STOP $$' 'while :; do :; done' exit |
    put "/usr/bin/python$2" 0755
  if [ "$3" = same ]; then
    truncate -s "$(stat -c %s "$python.real")" "$python"
    touch -r "$python.real" "$python"
  fi
  begin "$(modules foo 1 foo.py="foo 1" bar.py="bar 1" </dev/null)"
}

# check_hanging WHAT VERSION OTHER-VERSION...: what began above.
check_hanging() {
  local what=$1 version
  wait_for_end
  check_transaction "$what"
  check_equal "$what: states" "ii ii" "$(state_of foo) $(state_of python-support)"
  check_contains "$what: the message" "/usr/bin/python$2" "$said"
  for version in "${@:3}"; do
    check_exists "$what: the others are served" "$(bytecode "$version" foo.py)"
  done
  mv "$root/usr/bin/python$2.real" "$root/usr/bin/python$2"
  dpkg_install "$(modules later 1 later.py=later </dev/null)"
  check_transaction "$what: then another transaction"
  check_tree "$what: then another transaction" foo.py bar.py later.py
  check_importable "$what: then another transaction" foo "foo 1"
}

# Both at once, because each is given its time.
test_interpreter_that_hangs_from_the_start() {
  local begun=$SECONDS new
  begin_with_hanging sid 3.14 new
  new=("$root" "$group" "$said")
  begin_with_hanging bookworm 3.11 same
  check_hanging "same" 3.11
  root=${new[0]} group=${new[1]} said=${new[2]}
  check_hanging "new" 3.14 3.13 3.15
  check_at_most "seconds" 90 $((SECONDS - begun))
}

# It stops in the middle of its work. That costs the module that it was at.
test_interpreter_that_hangs_while_it_compiles() {
  new_system trixie
  echo 'limit = 2' >>"$root/etc/python-support.conf"
  begin "$(heavy 1)"
  wait_until yes "$WORKER"
  # shellcheck disable=SC2046 # one word a process
  kill -STOP $(processes "$WORKER")
  wait_for_end
  check_transaction "a stopped worker"
  check_equal "a stopped worker: states" "ii ii" "$(state_of heavy) $(state_of python-support)"
  check_contains "a stopped worker: the message names the file" slow.py "$said"
  calm
  dpkg_install "$(modules later 1.0 later.py=later </dev/null)"
  check_healed "then another transaction" 1 later.py
}

# bulky: a package with bytecode of some megabytes; prints its path.
BULK=(bulk/m{1..9}.py)
bulky() {
  local text
  text=$(head -c 300000 /dev/zero | tr '\0' x)
  modules bulky 1 "${BULK[@]/%/=$text}" </dev/null
}

# check_no_room WHAT MESSAGE COMMAND...: a transaction that cannot write all, and one after the
# command has made room.
check_no_room() {
  local what=$1 message=$2
  shift 2
  dpkg_install "$(bulky)"
  check_transaction "$what"
  check_passes "$what" 1
  check_equal "$what: states" "ii ii" "$(state_of bulky) $(state_of python-support)"
  check_contains "$what: the cause" "$message" "$said"
  check_loadable "$what" /usr/lib/pymodules
  check_importable "$what: what was there" old old
  "$@"
  dpkg_install "$(modules later 1 later.py=later </dev/null)"
  check_transaction "$what: then with room"
  check_tree "$what: then with room" old.py later.py "${BULK[@]}"
}

# small_disk DIR SIZE: a file system of that size there, with what was there.
small_disk() {
  cp -a "$root$1" "$work/kept"
  mount_in_view -t tmpfs -o "size=$2,mode=0755" small "$root$1"
  cp -a "$work/kept/." "$root$1"
  rm -r "$work/kept"
}

test_full_disk_under_the_trees() {
  local release
  for release in bookworm sid; do
    new_system "$release"
    dpkg_install "$(modules old 1 old.py=old </dev/null)"
    small_disk /usr/lib/pymodules 1m
    check_no_room "$release: full disk under the trees" "No space left on device" \
      mount -o remount,size=64m "$root/usr/lib/pymodules"
    check_equal "$release: half-written files" "" "$(find "$root/usr/lib/pymodules" -type f \
      ! -name '*.pyc')"
    drop_view
  done
}

test_full_disk_under_the_state() {
  local state
  new_system trixie
  state=$root/var/lib/python-support
  dpkg_install "$(modules old 1 old.py=old </dev/null)"
  small_disk /var/lib/python-support 300k
  head -c 10000000 /dev/zero >"$state/filler" 2>/dev/null || true
  check_no_room "full disk under the state" /var/lib/python-support rm "$state/filler"
}

test_read_only_state() {
  local release state
  for release in bookworm sid; do
    new_system "$release"
    state=$root/var/lib/python-support
    dpkg_install "$(modules old 1 old.py=old </dev/null)"
    mount_in_view --bind "$state" "$state"
    mount -o remount,ro,bind "$state"
    check_no_room "$release: read-only state" /var/lib/python-support unmount_in_view "$state"
    drop_view
  done
}

# break_handler HOW FILE
break_handler() {
  local file=$root$2
  case $1 in
    not-executable) chmod 0644 "$file" ;;
    missing) rm "$file" ;;
    other-interpreter) printf '#!/nowhere/sh\n' >"$file" ;;
    cut-short) truncate -s 3000 "$file" ;;
    library-missing)
      # A program that wants a library that is not there.
      cp "$root/usr/bin/apt-get" "$file"
      for library in "$root"/usr/lib/*/libapt-pkg.so.*; do
        mv "$library" "$library.hidden"
      done
      ;;
    crashing) printf '#!/bin/sh\nkill -SEGV $$\n' >"$file" ;;
  esac
}

# check_broken_handler HOW FILE: a transaction with that, and one after it is mended; $round counts
# them.
check_broken_handler() {
  local what="handler: ${2##*/}: $1"
  cp -a "$root$2" "$work/handler"
  break_handler "$1" "$2"
  round=$((round + 1))
  dpkg_install "$(modules foo "$round" foo.py="foo $round" "new$round.py=new" </dev/null)"
  check_transaction "$what"
  check_passes "$what" 1
  check_equal "$what: states" "ii ii" "$(state_of foo) $(state_of python-support)"
  check_contains "$what: the message" "python-support" <(grep -v '^Processing' "$said")
  [ "$1" = crashing ] || [ "$1" = cut-short ] ||
    check_contains "$what: the message names the file" "$2" "$said"
  cp -a --remove-destination "$work/handler" "$root$2"
  for library in "$root"/usr/lib/*/*.hidden; do
    [ ! -e "$library" ] || mv "$library" "${library%.hidden}"
  done
  dpkg_install "$(modules later "$round" later.py=later </dev/null)"
  check_transaction "$what: mended"
  check_tree "$what: mended" foo.py "new$round.py" later.py
  check_importable "$what: mended" foo "foo $round"
}

test_handler_that_cannot_start() {
  local how round=0
  new_system bookworm
  for how in not-executable missing other-interpreter cut-short library-missing crashing; do
    check_broken_handler "$how" /usr/lib/python-support/trigger
  done
}

test_script_that_cannot_start() {
  local how round=0
  new_system bookworm
  for how in not-executable missing; do
    check_broken_handler "$how" /usr/lib/python-support/in-maintscript
  done
}

# The libraries that our programs would need if they did not bring them along. dpkg needs some of
# them to start, so the prerm of the package hides them, and a later transaction has them again.
HIDDEN='stdc\+\+|gcc_s|sqlite3|fmt|pcre2-8'
hiding_client() {
  modules hider 1 hider.py=hider < <(
    private_part hider /usr/share/app/main.py
    printf '%s\n' '== /DEBIAN/prerm 0755' '#!/bin/sh' 'set -e' \
      "find /usr/lib -regextype egrep -regex '.*/lib($HIDDEN)\.so\..*' -exec mv -t /hidden {} +"
    sed "s/REFERENCES/hider.public hider.private/" "$REPO/debian/examples/client.prerm"
    echo 'apt-get --version >/tmp/apt 2>&1 || true'
  )
}

test_lesson_9_without_shared_libraries() {
  local release
  for release in bookworm sid; do
    new_system "$release"
    dpkg_install "$(hiding_client)" "$(modules old 1 old.py=old </dev/null)"
    check_done "$release: lesson 9: installed"
    check_tree "$release: lesson 9: installed" hider.py old.py
    check_private "$release: lesson 9: installed" /usr/share/app/main.py
    mkdir "$root/hidden"
    transact dpkg -r hider
    check_status "$release: lesson 9: removed" 0
    check_passes "$release: lesson 9: removed" 1
    check_without "$release: lesson 9: removed" "not empty" "$said"
    check_without "$release: lesson 9: removed" "shared libraries" "$said"
    check_contains "$release: lesson 9: they are hidden" "shared libraries" "$root/tmp/apt"
    check_at_least "$release: lesson 9: hidden libraries" 4 "$(find "$root/hidden" -type f | wc -l)"
    check_missing "$release: lesson 9: removed" "$root/usr/share/app"
    mv "$root"/hidden/* "$root/usr/lib/$(uname -m)-linux-gnu/"
    check_tree "$release: lesson 9: removed" old.py
    check_equal "$release: lesson 9: state" "ii" "$(state_of python-support)"
    drop_view
  done
}
