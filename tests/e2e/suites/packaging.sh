# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The package by Debian's own tools, those of unstable: lintian, piuparts, autopkgtest.

# make_tool_root DIR
make_tool_root() {
  mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=autopkgtest,dpkg-dev,lintian,piuparts,python3 sid "$1"
}

# new_tool_view: a view with the tools, /proc and /dev, and in /tmp/packages what was built for sid.
new_tool_view() {
  local base
  base=$(cached_directory sid-tools make_tool_root)
  view_of "$base"
  mount_in_view --rbind /dev "$root/dev"
  mkdir "$root/tmp/packages"
  cp "$(dirname "$(own_package sid)")"/* "$root/tmp/packages"
}

# Overrides, with their reasons, are in debian/*.lintian-overrides. What is suppressed concerns the
# packages with debugging symbols too, which cannot have any: whatever depends on python-support
# depends on the name of an obsolete package.
test_lintian() {
  new_tool_view
  record in_root "$root" sh -ec 'lintian --allow-root --display-info --fail-on error,warning,info \
    --suppress-tags depends-on-obsolete-package /tmp/packages/*.changes'
  check_status "lintian" 0
  check_without "lintian" "mismatched-override" "$out"
  # That it looked at all: without the overrides there is something to say.
  local name
  for name in python-support python-support-py3compile; do
    # shellcheck disable=SC2016 # for the inner shell
    record in_root "$root" sh -ec 'lintian --allow-root --no-override --fail-on warning \
      "/tmp/packages/$1"_*.deb' sh "$name"
    check_status "lintian of $name without the overrides" 2
  done
}

test_piuparts() {
  local client
  new_tool_view
  client=$(client client 1.0 client.py < <(snippets client client.public))
  cp "$client" "$root/tmp/packages"
  mkdir "$root/tmp/base"
  cp -a "$(cached_root sid)/." "$root/tmp/base"
  touch "$root/tmp/base/etc/.pwd.lock" # made by whatever adds a user, in an upgrade of the base too
  record in_root "$root" sh -c 'piuparts --no-eatmydata --no-check-valid-until \
    --keep-sources-list --existing-chroot /tmp/base --distribution sid --no-upgrade-test \
    --no-adequate --install-remove-install /tmp/packages/python-support_*.deb \
    /tmp/packages/python-support-py3compile_*.deb /tmp/packages/client_*.deb'
  check_status "piuparts: install, remove, install, purge" 0
  check_contains "piuparts" "PASS: All tests." "$out"
}

test_autopkgtest() {
  new_tool_view
  mkdir -p "$root/tmp/source"
  cp -a "$REPO/debian" "$root/tmp/source"
  record in_root "$root" sh -ec 'autopkgtest --no-built-binaries \
    /tmp/packages/python-support_*.deb /tmp/packages/python-support-py3compile_*.deb \
    /tmp/source/ -- null'
  check_status "autopkgtest" 0
  check_matches "autopkgtest" '^transaction +PASS' "$out"
  check_matches "autopkgtest" '^removal +PASS' "$out"
  check_matches "autopkgtest" '^drop-in +PASS' "$out"
}
