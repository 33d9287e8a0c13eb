# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# python-support-py3compile where somebody else has diverted py3compile or py3clean before.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
RELEASES=(bookworm trixie sid)
DROP_IN=python-support-py3compile

# divert_locally PROGRAM: as people do who build images.
divert_locally() {
  in_root "$root" dpkg-divert --local --rename --divert "/usr/bin/$1.real" --add "/usr/bin/$1" \
    >/dev/null
  ln -s /bin/true "$root/usr/bin/$1"
}

# give_back PROGRAM
give_back() {
  rm "$root/usr/bin/$1"
  in_root "$root" dpkg-divert --local --rename --remove "/usr/bin/$1" >/dev/null
}

# check_inactive WHAT PLACES: it was installed, says so, and everything is as it was.
check_inactive() {
  check_transaction "$1"
  check_equal "$1: state" ii "$(state_of $DROP_IN)"
  check_contains "$1: says so" "$DROP_IN: " "$err"
  check_contains "$1: says so" inactive "$err"
  check_places "$1" "$2"
}

# check_called WHAT: the administrator's py3compile is what packages call: nothing is compiled.
check_called() {
  dpkg_install "$(simple quiet 1.0)"
  check_transaction "$1: a package"
  check_equal "$1: a package: bytecode" 0 "$(bytecode_of quiet)"
  check_no_notes "$1: a package"
}

# Lesson 23. It becomes active when the other diversion is gone and it is installed again.
test_lesson_23_diverted_by_an_administrator() {
  local release program before what
  for release in "${RELEASES[@]}"; do
    for program in py3compile py3clean; do
      what="$release: the administrator diverted $program"
      new_system "$release"
      divert_locally "$program"
      before=$(places)
      dpkg_install "$(drop_in_package "$release")"
      check_inactive "$what" "$before"
      check_contains "$what: names it" "/usr/bin/$program" "$err"
      [ "$program" = py3clean ] || check_called "$what"
      dpkg_install "$(drop_in_package "$release")"
      check_inactive "$what, installed again" "$before"
      transact dpkg -r $DROP_IN
      check_transaction "$what, removed"
      check_places "$what, removed" "$before"
      dpkg_install "$(drop_in_package "$release")"
      give_back "$program"
      check_debians "$what, given back"
      dpkg_install "$(drop_in_package "$release")"
      check_calls_done "$what, given back and installed again"
      check_active "$what, given back and installed again"
      [ "$program" = py3clean ] ||
        check_simple "$what: the package of between" quiet
      drop_view
    done
  done
}

# other: a package that puts a py3compile of its own there; prints its path.
other() {
  build_package other 1.0 <<'LINES'
== /usr/bin/py3compile 0755
#!/bin/sh
exit 0
== /DEBIAN/preinst 0755
#!/bin/sh
set -e
dpkg-divert --package other --rename --divert /usr/bin/py3compile.other --add /usr/bin/py3compile
== /DEBIAN/postrm 0755
#!/bin/sh
set -e
[ "$1" != remove ] ||
  dpkg-divert --package other --rename --divert /usr/bin/py3compile.other --remove \
    /usr/bin/py3compile
LINES
}

test_lesson_23_diverted_by_another_package() {
  local release before what
  for release in "${RELEASES[@]}"; do
    what="$release: diverted by another package"
    new_system "$release"
    dpkg_install "$(other)"
    before=$(places)
    dpkg_install "$(drop_in_package "$release")"
    check_inactive "$what" "$before"
    check_contains "$what: names it" "diverted by other" "$err"
    transact dpkg -r other
    check_transaction "$what, which is removed"
    check_debians "$what, which is removed"
    dpkg_install "$(drop_in_package "$release")"
    check_calls_done "$what, installed again"
    check_active "$what, installed again"
    drop_view
  done
}

# The other way round: who comes second is refused by dpkg, and nothing changes.
test_others_that_come_later() {
  local release
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    dpkg_install "$(other)"
    check_status "$release: another package wants the place" 1
    check_active "$release: another package wants the place"
    drop_view
  done
}
