# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Roots of another architecture, whose programs qemu-user runs. The kernel learns of it in a user
# namespace of its own (Linux 6.7 and later), so nothing changes for the machine.

FOREIGN=arm64

# How the kernel knows programs of that architecture: by the first bytes, but for the ABI and for
# whether they are position independent.
# shellcheck disable=SC2028 # for the kernel
foreign_registration() {
  echo ":qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\
\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\
\\xff\\xfe\\xff\\xff\\xff:$work/qemu/usr/bin/qemu-aarch64:FP"
}

# foreign_setup: the emulator, as the archive has it.
foreign_setup() {
  [ -d "$work/qemu" ] ||
    dpkg-deb -x "$(downloaded_packages trixie qemu-user)"/qemu-user_*.deb "$work/qemu"
}

# foreign COMMAND...: where programs of that architecture run. Root is root there, of all users.
foreign() {
  local go pid
  go=$(mktemp -u "$work/go.XXXXXX")
  mkfifo "$go"
  # shellcheck disable=SC2016 # for the inner shell
  unshare --user --mount --propagation private --pid --fork --kill-child --mount-proc sh -euc '
    read -r _ <"$1"
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    printf %s "$2" >/proc/sys/fs/binfmt_misc/register
    shift 2
    exec "$@"' sh "$go" "$(foreign_registration)" "$@" <&0 &
  pid=$!
  until [ "$(readlink "/proc/$pid/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.01
  done
  echo "0 0 65536" >"/proc/$pid/uid_map"
  echo "0 0 65536" >"/proc/$pid/gid_map"
  echo go >"$go"
  rm "$go"
  wait "$pid"
}

# make_foreign_root DIR: a minimal system with python3. Devices cannot be made in a user namespace.
make_foreign_root() {
  foreign mmdebstrap --quiet --mode=root --architectures="$FOREIGN" --variant=apt \
    --aptopt='Acquire::Check-Valid-Until "false"' --skip=check/qemu --include=python3 \
    trixie "$1" || return
  mkdir -p "$1/dev"
  mknod -m 0666 "$1/dev/null" c 1 3
  mknod -m 0666 "$1/dev/zero" c 1 5
  mknod -m 0666 "$1/dev/urandom" c 1 9
}

# in_root DIR COMMAND...: as in root.sh, for roots of that architecture too.
eval "native_$(declare -f in_root)"
in_root() {
  refuse_host_root "$1"
  if [ -e "$1/usr/lib/aarch64-linux-gnu" ]; then
    foreign env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      DEBIAN_FRONTEND=noninteractive chroot "$@"
  else
    native_in_root "$@"
  fi
}
