# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The workers' confinement, and passes in surroundings that cannot give all of it.

# layers VERSION: what the last report in JSON says held.
layers() {
  fact "i('$1')['confinement']"
}

ALL_LAYERS="user, no-new-privs, landlock, seccomp, limits"

# available_layers: what this kernel can give to a process that root started.
available_layers() {
  if grep -qsw landlock /sys/kernel/security/lsm || landlock_works; then
    echo "$ALL_LAYERS"
  else
    echo "${ALL_LAYERS/landlock, /}"
  fi
}

# landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) tells the version.
landlock_works() {
  /usr/bin/python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(444, 0, 0, 1) < 1)'
}

test_layers() {
  local suite version
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    public_package foo foo.py
    run_program -p --json
    check_status "$suite: the pass" 0
    for version in $(versions_in_root); do
      check_equal "python$version: layers" "$(available_layers)" "$(layers "$version")"
    done
    run_program --status
    check_contains "$suite: --status says the same" "no-new-privs" "$out"
    drop_view
  done
}

test_without_proc() {
  local version suite
  for suite in bookworm sid; do
    new_view "$suite"
    unmount_in_view "$root/proc"
    public_package foo foo.py
    run_program -p --json
    check_status "$suite: from outside, no /proc in the root" 0
    for version in $(versions_in_root); do
      check_equal "python$version: layers" "$(available_layers)" "$(layers "$version")"
    done
    rm -r "$root/usr/lib/pymodules" "$root/var/lib/python-support"
    run_inside -p --json
    check_status "$suite: inside, no /proc" 0
    for version in $(versions_in_root); do
      check_exists "python$version" "$(bytecode "$version" foo.py)"
      check_equal "python$version: layers" "$(available_layers)" "$(layers "$version")"
    done
    drop_view
  done
}

# In a user namespace there is one user only: that layer cannot hold, the others do.
test_user_namespace() {
  new_view bookworm
  public_package foo foo.py
  record unshare --map-root-user env -i "$PYSUP_PROGRAM" --root "$root" -p --json
  check_status "unshare -r" 0
  check_contains "unshare -r: the other layers" no-new-privs "$out"
  check_equal "unshare -r: not the user" without \
    "$(layers 3.11 | grep -qw user && echo with || echo without)"
  check_compiled_as_py_compile "unshare -r" 3.11 1 /usr/lib/pymodules/python3.11
}

# as_user COMMAND...: as an ordinary user of this machine.
as_user() {
  record setpriv --reuid=65534 --regid=65534 --clear-groups env -i "$@"
}

# An ordinary user cannot chroot: the host's interpreter with the same magic number compiles.
test_ordinary_user() {
  local version suite=bookworm
  version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  [ "$version" = 3.11 ] || suite=trixie
  new_view "$suite"
  public_package foo foo.py bar.py
  chmod 0600 "$root/usr/share/python-support/foo.public"
  mkdir -p "$root/usr/lib/pymodules" "$root/usr/lib/python$version/dist-packages"
  chown -R 65534:65534 "$root/usr/share" "$root/usr/lib/python$version/dist-packages" \
    "$root/usr/lib/pymodules" "$root/var/lib"
  chmod 0755 "$(dirname "$root")" "$work"
  install -m 0755 "$PYSUP_PROGRAM" "$work/program"
  as_user "$work/program" --root "$root" -p --json
  check_status "an ordinary user" 0
  check_fact "compiled" 2 "i('$version')['compiled']"
  check_equal "not another user" without \
    "$(layers "$version" | grep -qw user && echo with || echo without)"
  check_compiled_as_py_compile "an ordinary user" "$version" 2 "/usr/lib/pymodules/python$version"
  tree content usr/lib/pymodules >"$work/before"
  chmod 0000 "$root/usr/share/python-support/foo.public"
  as_user "$work/program" --root "$root" -p
  check_at_most "a reference without permission: exit" 1 "$status"
  check_contains "a reference without permission" foo.public "$err"
  tree content usr/lib/pymodules >"$work/after"
  check_same_file "it keeps what it had" "$work/before" "$work/after"
}

# A root directory that other users cannot enter.
test_root_with_mode_0700() {
  new_view bookworm
  public_package foo foo.py
  chmod 0700 "$root"
  run_program -p --json
  check_status "mode 0700" 0
  check_compiled_as_py_compile "mode 0700" 3.11 1 /usr/lib/pymodules/python3.11
}

# Lesson 15: a loop that closes a billion descriptors takes minutes at every start of a process.
# The limit is the largest that this machine lets us have; whatever it is, nobody may close one by
# one what is below it.
test_lesson_15_huge_limit_of_descriptors() {
  local limit
  limit=$(cat /proc/sys/fs/nr_open)
  prlimit --nofile="$limit:$limit" true 2>/dev/null || limit=$(ulimit -Hn)
  new_view sid
  public_package foo foo.py
  record prlimit --nofile="$limit:$limit" env -i /usr/bin/strace -f -qq -e trace=close \
    -o "$work/trace" "$PYSUP_PROGRAM" --root "$root" -p
  check_status "lesson 15: a limit of $limit descriptors" 0
  check_exists "lesson 15" "$(bytecode 3.14 foo.py)"
  check_at_most "lesson 15: calls of close" 2000 "$(grep -c close "$work/trace")"
}

test_small_limit_of_descriptors() {
  new_view bookworm
  install_real_packages bookworm python3-docutils
  record prlimit --nofile=40:40 env -i "$PYSUP_PROGRAM" --root "$root" -p
  check_status "forty descriptors" 0
  check_compiled_as_py_compile "forty descriptors" 3.11 100 /usr/lib/pymodules/python3.11
}

# What a worker may see of the caller: an environment made from nothing.
test_environment_of_the_caller() {
  new_view bookworm
  public_package foo foo.py
  put /tmp/evil/encodings/__init__.py <<<'open("/tmp/ran", "w")'
  put /tmp/evil/marshal.py <<<'open("/tmp/ran", "w")'
  run_program PYTHONPATH=/tmp/evil PYTHONHOME=/tmp/evil PYTHONSTARTUP=/tmp/evil/marshal.py \
    PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/tmp/elsewhere PYTHONOPTIMIZE=2 \
    PYTHONHASHSEED=7 -p
  check_status "the caller's environment" 0
  check_missing "the caller's environment: not run" "$root/tmp/ran"
  check_compiled_as_py_compile "the caller's environment" 3.11 1 /usr/lib/pymodules/python3.11
}

# site and user directories are not read by workers.
test_site_packages_do_not_run() {
  new_view bookworm
  public_package foo foo.py
  put /usr/lib/python3/dist-packages/evil.pth <<<'import os; open("/tmp/ran", "w")'
  put /usr/lib/python3/dist-packages/sitecustomize.py <<<'open("/tmp/ran", "w")'
  run_program -p
  check_status "the pass" 0
  check_missing "site" "$root/tmp/ran"
}
