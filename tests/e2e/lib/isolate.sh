# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

# enter_isolation SCRIPT ARGUMENT...: begins SCRIPT again in namespaces of its own, where whatever
# it mounts or starts goes when it goes, even by SIGKILL. Where the kernel refuses that, it goes on
# as it is, and the traps in work.sh have to do. Sets $PYSUP_E2E_PRIVATE to yes or no.
enter_isolation() {
  [ -z "${PYSUP_E2E_PRIVATE-}" ] || return 0
  exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- # ctest leaves some open
  if [ "$(id -u)" -ne 0 ]; then
    echo "$1: makes root directories and mounts, so it must be run as root" >&2
    exit 1
  fi
  local isolation=(unshare --mount --propagation private --pid --fork --kill-child --mount-proc)
  if "${isolation[@]}" true 2>/dev/null; then
    PYSUP_E2E_PRIVATE=yes exec "${isolation[@]}" "$@"
  fi
  export PYSUP_E2E_PRIVATE=no
}
