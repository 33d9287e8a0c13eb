# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The package python-support-py3compile itself comes and goes, with what can go wrong on the way:
# at every moment py3compile and py3clean are Debian's or ours, and no diversion is left over.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
RELEASES=(bookworm trixie sid)
DROP_IN=python-support-py3compile

# newer: what repack does to make it the next version of the same; with it, its scripts look whether
# the programs are there.
newer() {
  local script
  sed -i 's/^Version: .*/&+1/; s/(= \([^)]*\))/(>= \1)/' DEBIAN/control
  for script in preinst postinst; do
    look "new $script" "DEBIAN/$script"
  done
}

# look SCRIPT FILE: a line for one of the maintainer scripts.
look() {
  [ -e "$2" ] || printf '#!/bin/sh\nset -e\n' >"$2"
  sed -i "/^set -e/a for p in py3compile py3clean; do \$p --help >/dev/null &&\
 echo '$1' \$1 >>/tmp/seen; done" "$2"
  chmod 0755 "$2"
}

# failing SCRIPT: what repack does to make one of its scripts fail at its end.
failing() {
  sed -i '/^exit 0$/d' "DEBIAN/$1"
  echo 'exit 1' >>"DEBIAN/$1"
}

# faulty_divert OPTION PROGRAM REACTION: the view's dpkg-divert, when it is to do that with
# /usr/bin/PROGRAM, does REACTION (shell) instead.
faulty_divert() {
  put /usr/sbin/dpkg-divert 0755 <<LINES
#!/bin/sh
case "\$*" in
  *$1*/usr/bin/$2) echo "dpkg-divert: $2: disk full" >&2; $3 ;;
esac
exec /usr/bin/dpkg-divert "\$@"
LINES
}

# Kills the dpkg whose maintainer script this was called by.
# shellcheck disable=SC2016 # for the inner shell
KILL_DPKG='kill -KILL "$(awk "/^PPid/ { print \$2 }" /proc/$PPID/status)"; exit 1'

heal_divert() {
  rm "$root/usr/sbin/dpkg-divert"
}

# status_of_drop_in: what dpkg calls it.
status_of_drop_in() {
  # shellcheck disable=SC2016 # for dpkg-query
  in_root "$root" dpkg-query -W -f '${db:Status-Status}' $DROP_IN 2>/dev/null || echo not-installed
}

# check_removed WHAT: nothing of it is at work; dpkg keeps its postrm.
check_removed() {
  check_debians "$1"
  check_equal "$1: status" config-files "$(status_of_drop_in)"
  check_equal "$1: files" "" "$(traces ! -path "$root/var/lib/dpkg/info/*")"
}

# check_gone WHAT: no trace of the package.
check_gone() {
  check_debians "$1"
  check_equal "$1: status" not-installed "$(status_of_drop_in)"
  check_equal "$1: files" "" "$(traces)"
}

# traces CONDITION...: files with the package's name, and what its scripts might leave half made.
traces() {
  find "$root/usr" "$root/etc" "$root/var" -xdev "$@" \
    \( -name "$DROP_IN*" -o -name 'py3c*.python-support' -o -name 'py3c*.dpkg-*' \)
}

test_install_reinstall_upgrade_remove_purge() {
  local release script
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    check_debians "$release: before"
    dpkg_install "$(drop_in_package "$release")"
    check_transaction "$release: installed"
    check_empty "$release: installed: complaints" "$err"
    check_active "$release: installed"
    dpkg_install "$(drop_in_package "$release")"
    check_transaction "$release: reinstalled"
    check_active "$release: reinstalled"
    for script in prerm postrm; do
      look "old $script" "$root/var/lib/dpkg/info/$DROP_IN.$script"
    done
    dpkg_install "$(repack "$(drop_in_package "$release")" newer)"
    check_transaction "$release: upgraded"
    check_contains "$release: it was an upgrade" "upgrade $DROP_IN" "$dpkg_log"
    check_active "$release: upgraded"
    for script in 'old prerm' 'new preinst' 'old postrm' 'new postinst'; do
      check_equal "$release: upgraded: programs that start in $script" 2 \
        "$(grep -c "^$script" "$root/tmp/seen" || true)"
    done
    transact dpkg -r $DROP_IN
    check_transaction "$release: removed"
    check_removed "$release: removed"
    dpkg_install "$(drop_in_package "$release")"
    check_active "$release: installed again"
    transact dpkg --purge $DROP_IN python-support
    check_transaction "$release: purged with python-support"
    check_gone "$release: purged with python-support"
    drop_view
  done
}

test_by_apt_with_python_support() {
  local release
  for release in "${RELEASES[@]}"; do
    new_view "$release"
    apt_install "$(drop_in_package "$release")" "$(own_package "$release")"
    check_transaction "$release: installed"
    check_active "$release: installed"
    transact apt-get remove python-support
    check_transaction "$release: removed"
    check_removed "$release: removed"
    drop_view
  done
}

# check_not_installed WHAT: dpkg said no, Debian's programs are in place, and a later try succeeds.
check_not_installed() {
  check_status "$1" 1
  check_gone "$1"
}

# Between the two diversions; when files are unpacked; when it is configured.
test_installation_fails_at_each_step() {
  local release occupant what
  occupant=$(build_package occupant 1 <<<"== /usr/lib/python-support/py3clean")
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    faulty_divert --add py3clean 'exit 2'
    dpkg_install "$(drop_in_package "$release")"
    check_contains "$release: preinst fails" "disk full" "$err"
    check_not_installed "$release: preinst fails"
    heal_divert

    install_packages "$occupant"
    dpkg_install "$(drop_in_package "$release")"
    check_contains "$release: unpacking fails" "trying to overwrite" "$err"
    check_not_installed "$release: unpacking fails"
    in_root "$root" dpkg --purge occupant >/dev/null

    what="$release: postinst fails"
    dpkg_install "$(repack "$(drop_in_package "$release")" failing postinst)"
    check_status "$what" 1
    check_equal "$what: state" iF "$(state_of $DROP_IN)"
    check_active "$what"
    dpkg_install "$(simple other 1.0)"
    check_status "$what: another package" 0
    check_simple "$what: another package" other
    transact dpkg -r $DROP_IN
    check_transaction "$what, then removed"
    check_removed "$what, then removed"
    dpkg_install "$(drop_in_package "$release")"
    check_transaction "$release: at last"
    check_active "$release: at last"
    drop_view
  done
}

test_upgrade_fails_at_each_step() {
  local release what
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    what="$release: preinst of the new version fails"
    dpkg_install "$(repack "$(drop_in_package "$release")" failing preinst)"
    check_status "$what" 1
    check_active "$what"
    check_equal "$what: state" ii "$(state_of $DROP_IN)"

    what="$release: unpacking of the new version fails"
    install_packages "$(build_package occupant 1 <<<"== /usr/lib/python-support/new")"
    dpkg_install "$(repack "$(drop_in_package "$release")" touch usr/lib/python-support/new)"
    check_status "$what" 1
    check_contains "$what" "trying to overwrite" "$err"
    check_active "$what"
    check_equal "$what: state" ii "$(state_of $DROP_IN)"
    dpkg_install "$(simple other 1.0)"
    check_calls_done "$what: another package"
    check_simple "$what: another package" other
    drop_view
  done
}

test_removal_fails_in_the_middle() {
  local release
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    faulty_divert --remove py3clean 'exit 2'
    transact dpkg -r $DROP_IN
    check_status "$release: postrm fails" 1
    heal_divert
    transact dpkg -r $DROP_IN
    check_transaction "$release: tried again"
    check_removed "$release: tried again"
    drop_view
  done
}

# dpkg is killed between the two diversions. What is in place of py3compile leads nowhere then, so
# packages find none, as where python3-minimal is missing.
test_killed_between_the_diversions() {
  local release what
  for release in "${RELEASES[@]}"; do
    what="$release: killed"
    new_system "$release"
    faulty_divert --add py3clean "$KILL_DPKG"
    dpkg_install "$(drop_in_package "$release")"
    check_status "$what" 137
    heal_divert
    check_equal "$what: py3clean is Debian's" '#!' "$(head -c 2 "$root/usr/bin/py3clean")"
    dpkg_install "$(simple other 1.0)"
    check_status "$what: another package" 0
    dpkg_install "$(drop_in_package "$release")"
    check_transaction "$what, then installed"
    check_active "$what, then installed"
    check_simple "$what, then installed: the other package" other
    drop_view

    new_system "$release"
    faulty_divert --add py3clean "$KILL_DPKG"
    dpkg_install "$(drop_in_package "$release")"
    heal_divert
    transact dpkg -r --force-remove-reinstreq $DROP_IN
    check_status "$what, then removed by force: no script of the package is there to run" 0
    dpkg_install "$(drop_in_package "$release")"
    check_transaction "$what, removed by force and installed"
    check_active "$what, removed by force and installed"
    transact dpkg -r $DROP_IN
    check_transaction "$what, removed by force, installed, and removed"
    check_removed "$what, removed by force, installed, and removed"
    drop_view
  done
}

# -- python3-minimal, which has the programs of before

# next_minimal: what repack does to make it the next version of the same, with other programs.
next_minimal() {
  sed -i 's/^Version: .*/&+test1/' DEBIAN/control
  echo '# the next version' >>usr/bin/py3compile
  sed -i "s,^[0-9a-f]*  usr/bin/py3compile$,$(md5sum usr/bin/py3compile)," DEBIAN/md5sums
}

test_python3_minimal_comes_changes_and_goes() {
  local release minimal
  for release in "${RELEASES[@]}"; do
    minimal=("$(downloaded_packages "$release" python3-minimal)"/python3-minimal_*.deb)
    new_view "$release"
    transact dpkg --purge --force-depends python3-minimal
    check_equal "$release: without: the programs" "" "$(places)"
    apt_install_offline "$(both_packages "$release")"
    check_equal "$release: the drop-in alone" "$LINKS"$'\n'"$BY_DROP_IN" "$(places)"
    dpkg_install "${minimal[0]}"
    check_status "$release: python3-minimal comes" 0
    check_active "$release: python3-minimal comes"
    dpkg_install "$(repack "${minimal[0]}" next_minimal)"
    check_status "$release: python3-minimal is upgraded" 0
    check_active "$release: python3-minimal is upgraded"
    check_contains "$release: python3-minimal is upgraded" '# the next version' \
      "$root/usr/bin/py3compile.distrib"
    transact dpkg -r --force-depends python3-minimal
    check_equal "$release: python3-minimal goes" "$LINKS"$'\n'"$BY_DROP_IN" "$(places)"
    transact dpkg -r $DROP_IN
    check_equal "$release: and the drop-in" "" "$(places)"
    drop_view
  done
}

# apt_install_offline "DEB...": by dpkg, of packages that need no others.
apt_install_offline() {
  local debs
  mapfile -t debs <<<"$1"
  dpkg_install "${debs[@]}"
  check_status "installed" 0
}

# In either order in one run; both new, or both there already.
test_python3_minimal_in_the_same_run() {
  local release both minimal what
  for release in "${RELEASES[@]}"; do
    mapfile -t both < <(both_packages "$release")
    minimal=("$(downloaded_packages "$release" python3-minimal)"/python3-minimal_*.deb)
    new_view "$release"
    transact dpkg --purge --force-depends python3-minimal
    dpkg_install "${minimal[@]}" "${both[@]}"
    check_transaction "$release: python3-minimal first"
    check_active "$release: python3-minimal first"
    dpkg_install "${minimal[@]}" "${both[@]}"
    check_transaction "$release: python3-minimal first, again"
    check_active "$release: python3-minimal first, again"
    drop_view
    new_view "$release"
    transact dpkg --purge --force-depends python3-minimal
    dpkg_install "${both[@]}" "${minimal[@]}"
    check_transaction "$release: python3-minimal last"
    check_active "$release: python3-minimal last"
    dpkg_install "${both[@]}" "$(repack "${minimal[0]}" next_minimal)"
    check_transaction "$release: python3-minimal last, again"
    check_active "$release: python3-minimal last, again"
    what="$release: removed with all of Python"
    transact dpkg -r --force-depends $DROP_IN python3-minimal
    check_status "$what" 0
    check_equal "$what" "" "$(places)"
    drop_view
  done
}
