# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two passes at once, full disks, read-only roots, lost and damaged state.

# A pass that holds the lock is stopped, so that it keeps it; its process is $holder.
pass_that_holds_the_lock() {
  local i
  hanging_source | put /usr/share/pyshared/slow.py
  echo /usr/share/pyshared/slow.py | reference slow.public
  env -i PATH=/usr/bin:/bin PYTHON_SUPPORT_LIMIT=2 "$PYSUP_PROGRAM" --root "$root" -p \
    </dev/null >"$work/holder.out" 2>"$work/holder.err" &
  holder=$!
  for ((i = 0; i < 100; i++)); do
    if pgrep --parent "$holder" >/dev/null; then break; fi
    sleep 0.05
  done
  kill -STOP "$holder"
}

test_two_passes_at_once() {
  local waiting i
  new_view bookworm
  public_package foo foo.py
  pass_that_holds_the_lock
  public_package late late.py
  env -i PATH=/usr/bin:/bin PYTHON_SUPPORT_LIMIT=2 "$PYSUP_PROGRAM" --root "$root" -p \
    </dev/null >"$work/second.out" 2>"$work/second.err" &
  waiting=$!
  for ((i = 0; i < 100; i++)); do
    [ ! -s "$work/second.err" ] || break
    sleep 0.05
  done
  check_contains "the second says that it waits" wait "$work/second.err"
  check_contains "and for whom" "$holder" "$work/second.err"
  check_equal "the second waits" yes "$(kill -0 "$waiting" && echo yes)"
  kill -CONT "$holder"
  status=0
  wait "$holder" || status=$?
  check_equal "the first ends" 1 "$status"
  status=0
  wait "$waiting" || status=$?
  check_equal "the second ends" 1 "$status"
  check_import "what came meanwhile" 3.11 "late.py of late" 'import late; print(late.where)'
  check_import "what was there" 3.11 "foo.py of foo" 'import foo; print(foo.where)'
}

test_many_passes_at_once() {
  local i pids=() bad=0
  new_view bookworm
  install_real_packages bookworm python3-docutils
  for ((i = 0; i < 8; i++)); do
    env -i PATH=/usr/bin:/bin "$PYSUP_PROGRAM" --root "$root" -p </dev/null >/dev/null 2>&1 &
    pids+=($!)
  done
  for i in "${pids[@]}"; do
    wait "$i" || bad=$((bad + 1))
  done
  check_equal "passes that failed" 0 "$bad"
  check_compiled_as_py_compile "eight passes" 3.11 100 /usr/lib/pymodules/python3.11
}

# The lock of a pass that was killed holds nobody up.
test_lock_of_a_dead_process() {
  new_view bookworm
  public_package foo foo.py
  pass_that_holds_the_lock
  kill -KILL "$holder"
  wait "$holder" 2>/dev/null || true
  rm "$root/usr/share/python-support/slow.public"
  record timeout 20 env -i "$PYSUP_PROGRAM" --root "$root" -p
  check_status "a pass after a killed one" 0
  check_empty "it waits for nobody" "$err"
}

# bulky_package: bytecode of some megabytes.
bulky_package() {
  local i
  for ((i = 0; i < 40; i++)); do
    { printf 'text = """'; head -c 100000 /dev/zero | tr '\0' "x"; printf '%s"""\n' "$i"; } |
      put "/usr/share/pyshared/bulk/m$i.py"
  done
  (cd "$root" && find ./usr/share/pyshared/bulk -type f) | sed 's/^\.//' | reference bulk.public
}

# check_could_not WHAT MESSAGE: exit 3, the message, and the tree as it was.
check_could_not() {
  check_status "$1" 3
  check_contains "$1" "$2" "$err"
  check_import "$1: what was there works" 3.11 "old.py of old" 'import old; print(old.where)'
  check_exists "$1: its bytecode" "$(bytecode 3.11 old.py)"
  check_loadable "$1" /usr/lib/pymodules
}

test_full_disk_under_the_tree() {
  new_view bookworm
  mkdir -p "$root/usr/lib/pymodules"
  mount_in_view -t tmpfs -o size=1m small "$root/usr/lib/pymodules"
  public_package old old.py
  full_pass
  bulky_package
  run_program -p
  check_could_not "a full disk" "No space left on device"
  check_equal "half-written files" "" \
    "$(find "$root/usr/lib/pymodules" -type f ! -name '*.cpython-311.pyc' ! -name '*.py')"
  run_program DPKG_MAINTSCRIPT_PACKAGE=bulk --now bulk.public
  check_at_most "a full disk in a maintainer script: exit" 3 "$status"
  mount -o remount,size=64m "$root/usr/lib/pymodules"
  run_program -p
  check_status "with room again" 0
  check_compiled_as_py_compile "with room again" 3.11 41 /usr/lib/pymodules/python3.11
}

test_full_disk_under_the_state() {
  new_view bookworm
  public_package old old.py
  full_pass
  mkdir "$work/state"
  cp -a "$root/var/lib/python-support/." "$work/state"
  mount_in_view -t tmpfs -o size=200k small "$root/var/lib/python-support"
  cp -a "$work/state/." "$root/var/lib/python-support"
  head -c 10000000 /dev/zero >"$root/var/lib/python-support/filler" 2>/dev/null || true
  bulky_package
  run_program -p
  check_could_not "a full disk under the state" "/var/lib/python-support"
  rm "$root/var/lib/python-support/filler"
  run_program -p
  check_status "with room again" 0
  check_compiled_as_py_compile "with room again" 3.11 41 /usr/lib/pymodules/python3.11
}

test_read_only_root() {
  new_view bookworm
  public_package old old.py
  full_pass
  public_package new new.py
  into_root "$E2E/lib/loadable.py"
  mount_in_view --bind "$root" "$root"
  mount -o remount,ro,bind "$root"
  tree content usr/lib/pymodules var/lib/python-support >"$work/before"
  run_program -p
  check_could_not "a read-only root" "ead-only file system"
  tree content usr/lib/pymodules var/lib/python-support >"$work/after"
  check_same_file "a read-only root" "$work/before" "$work/after"
  run_program --status
  check_status "--status of a read-only root" 0
  run_program --dry-run -p
  check_status "--dry-run of a read-only root" 0
  run_program --check
  check_at_most "--check of a read-only root: exit" 1 "$status"
  unmount_in_view "$root"
  run_program -p
  check_status "writable again" 0
  check_import "writable again" 3.11 "new.py of new" 'import new; print(new.where)'
}

# Deleting the state loses nothing but time, and removes nothing that is not known to be ours.
test_state_is_lost() {
  new_view bookworm
  install_real_packages bookworm python3-docutils
  full_pass
  put /usr/lib/pymodules/python3.11/foreign.py <<<'name = "foreign"'
  put /usr/lib/pymodules/python3.11/__pycache__/foreign.cpython-311.pyc <<<'bytecode'
  ln -s /usr/share/elsewhere.py "$root/usr/lib/pymodules/python3.11/foreign_link.py"
  tree stamps usr/lib/pymodules >"$work/before"
  rm -r "$root/var/lib/python-support"
  run_program -p --json
  check_status "without the state" 0
  check_fact "nothing is compiled again" 0 'i("3.11")["compiled"]'
  check_at_least "up to date" 100 "$(fact 'i("3.11")["up_to_date"]')"
  tree stamps usr/lib/pymodules >"$work/after"
  check_same_file "no file is written or removed" "$work/before" "$work/after"
  rm "$root/usr/share/python-support/python3-docutils.public"
  run_program -p
  check_status "the package goes" 0
  check_missing "its modules go" "$(linked 3.11 docutils)"
  check_exists "files of others stay" "$(linked 3.11 foreign.py)"
  check_link "links of others stay" /usr/share/elsewhere.py "$(linked 3.11 foreign_link.py)"
}

# The package went while the state was lost: its links point nowhere, and only we make such links.
test_state_is_lost_with_the_package() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  rm -r "$root/var/lib/python-support" "$root/usr/share/pyshared/foo.py" \
    "$root/usr/share/python-support/foo.public"
  run_program -p
  check_at_most "exit" 1 "$status"
  record python 3.11 -B -c 'import foo'
  check_status "importing it" 1
}

test_state_is_damaged() {
  local how
  for how in text truncated zeros; do
    new_view bookworm
    public_package foo foo.py bar.py
    full_pass
    tree stamps usr/lib/pymodules >"$work/before"
    case $how in
      text) echo 'no database' >"$root/var/lib/python-support/state.sqlite" ;;
      truncated) truncate -s 5000 "$root/var/lib/python-support/state.sqlite" ;;
      zeros)
        dd if=/dev/zero of="$root/var/lib/python-support/state.sqlite" bs=1024 seek=2 count=6 \
          conv=notrunc status=none
        ;;
    esac
    run_program -p
    check_at_most "state: $how: exit" 1 "$status"
    check_contains "state: $how: it is named" state.sqlite "$err"
    tree stamps usr/lib/pymodules >"$work/after"
    check_same_file "state: $how: the tree" "$work/before" "$work/after"
    run_program -p
    check_status "state: $how: and then" 0
    check_empty "state: $how: and then" "$err"
    drop_view
  done
}

# Lesson 3: the tree of a version is a symbolic link.
test_lesson_3_tree_is_a_link() {
  new_view bookworm
  public_package foo foo.py
  mkdir -p "$root/usr/lib/pymodules" "$root/srv/modules"
  ln -s /srv/modules "$root/usr/lib/pymodules/python3.11"
  run_program -p
  check_at_most "lesson 3: exit" 1 "$status"
  check_link "lesson 3: taken as it is" /srv/modules "$root/usr/lib/pymodules/python3.11"
  run_inside DPKG_MAINTSCRIPT_PACKAGE=foo foo.public
  check_status "lesson 3: in a maintainer script" 0
}

test_lesson_3_tree_is_a_dangling_link_or_a_file() {
  local what
  for what in dangling file out-of-root; do
    new_view bookworm
    public_package foo foo.py
    put /usr/share/app/main.py <<<'x = 1'
    reference app.private <<<'/usr/share/app'
    mkdir -p "$root/usr/lib/pymodules"
    case $what in
      dangling) ln -s /nowhere "$root/usr/lib/pymodules/python3.11" ;;
      file) touch "$root/usr/lib/pymodules/python3.11" ;;
      out-of-root)
        ln -s ../../../../../../../../../../../../tmp "$root/usr/lib/pymodules/python3.11"
        ;;
    esac
    run_inside DPKG_MAINTSCRIPT_PACKAGE=foo --now foo.public
    check_status "lesson 3: $what: in a maintainer script" 0
    run_program -p
    check_at_most "lesson 3: $what: exit" 1 "$status"
    [ "$what" = out-of-root ] ||
      check_contains "lesson 3: $what: reported" /usr/lib/pymodules/python3.11 "$err"
    check_exists "lesson 3: $what: the rest is done" "$root$(cache_of 3.11 /usr/share/app/main.py)"
    check_missing "lesson 3: $what: outside" /tmp/foo.py
    drop_view
  done
}

# An upgrade from very old versions left /var/lib/python-support as a link to the trees.
test_state_directory_is_a_link() {
  new_view bookworm
  public_package foo foo.py
  mkdir -p "$root/usr/lib/pymodules"
  ln -s /usr/lib/pymodules "$root/var/lib/python-support"
  run_program -p
  check_status "the pass" 0
  check_import "the module" 3.11 "foo.py of foo" 'import foo; print(foo.where)'
  run_program -p --json
  check_status "again" 0
  check_fact "again" 0 'i("3.11")["compiled"]'
}

# Whatever umask the caller has, everybody can read what is made.
test_umask() {
  new_view bookworm
  public_package foo foo.py pkg/bar.py
  (umask 077 && full_pass)
  check_equal "modes of directories and files" "755 644" "$(find "$root/usr/lib/pymodules" \
    ! -type l -printf '%m\n' | sort -ru | tr '\n' ' ' | sed 's/ $//')"
}
