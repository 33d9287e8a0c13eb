# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Throwaway views of cached roots: an overlay whose changes lie in $work, or a copy where nothing
# can be mounted.

root=
view_mounts=()
view_number=0

# new_view SUITE: sets $root to a fresh view of that release's root.
new_view() {
  local base
  base=$(cached_root "$1") || return
  view_of "$base"
}

# view_of DIR: sets $root to a fresh view of any directory, also of another view.
view_of() {
  local base=$1
  refuse_host_root "$base"
  view_number=$((view_number + 1))
  local dir=$work/view.$BASHPID.$view_number
  mkdir -p "$dir/upper" "$dir/scratch" "$dir/root"
  if [ "$PYSUP_E2E_PRIVATE" = yes ] && mount -t overlay python-support-view \
    -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/scratch" "$dir/root" 2>/dev/null; then
    view_mounts+=("$dir/root")
    mount_in_view -t proc proc "$dir/root/proc"
  else
    cp -a --reflink=auto "$base/." "$dir/root"
  fi
  root=$dir/root
  refuse_host_root "$root"
}

# mount_in_view MOUNT-ARGUMENTS... DIR: mounts something that view_cleanup unmounts.
mount_in_view() {
  mount "$@"
  view_mounts+=("${*: -1}")
}

# unmount_in_view DIR: what was mounted there last.
unmount_in_view() {
  local i
  umount "$1"
  for ((i = ${#view_mounts[@]} - 1; i >= 0; i--)); do
    if [ "${view_mounts[i]}" = "$1" ]; then
      view_mounts=("${view_mounts[@]:0:i}" "${view_mounts[@]:i+1}")
      return
    fi
  done
}

# drop_view: ends the current view before its test ends, where a test makes many.
drop_view() {
  local dir
  dir=$(dirname "$root")
  unmount_below "$dir"
  root=
  rm -rf --one-file-system "$dir"
}

# unmount_below DIR: what this test mounted there, last first.
unmount_below() {
  local i kept=()
  for ((i = ${#view_mounts[@]} - 1; i >= 0; i--)); do
    case ${view_mounts[i]} in
      "$1"/*) umount "${view_mounts[i]}" 2>/dev/null || umount --lazy "${view_mounts[i]}" || true ;;
      *) kept=("${view_mounts[i]}" "${kept[@]}") ;;
    esac
  done
  view_mounts=("${kept[@]}")
}

# Ends what the test started and unmounts what it mounted.
view_cleanup() {
  local pids
  pids=$(jobs -p)
  if [ -n "$pids" ]; then
    # shellcheck disable=SC2086 # one word a process
    kill -KILL $pids 2>/dev/null || true
    wait 2>/dev/null || true
  fi
  unmount_below ""
}

# put PATH [MODE]: writes standard input to that path of the view, with its directories.
put() {
  mkdir -p "$root$(dirname "$1")"
  cat >"$root$1"
  chmod "${2:-0644}" "$root$1"
}

# reference NAME: writes standard input as a reference.
reference() {
  put "/usr/share/python-support/$1"
}

# public_package NAME PATH...: modules of one line each below /usr/share/pyshared, each telling its
# own name, and NAME.public that lists them.
public_package() {
  local name=$1 path
  shift
  for path in "$@"; do
    put "/usr/share/pyshared/$path" <<<"where = '$path of $name'"
  done
  printf '/usr/share/pyshared/%s\n' "$@" | reference "$name.public"
}
