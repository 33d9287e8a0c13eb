# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The suite's own directory for everything it makes: $work, on a tmpfs where that can be mounted, so
# that it is fast and gone with the suite's mount namespace.

work=

work_setup() {
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/python-support-e2e.XXXXXX")
  trap work_cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ "$PYSUP_E2E_PRIVATE" = yes ]; then
    mount -t tmpfs -o mode=0755 python-support-e2e "$work"
  fi
  chmod 0755 "$work"
  : >"$work/checks"
  export work
}

work_cleanup() {
  local status=$?
  trap - EXIT
  view_cleanup
  # Also what a test left mounted below; without a mount of our own there is nothing to unmount.
  umount --recursive "$work" 2>/dev/null || umount --recursive --lazy "$work" 2>/dev/null || true
  rm -rf --one-file-system "$work"
  exit "$status"
}
