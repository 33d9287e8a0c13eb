# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The drop-in in systems that are made from outside: "dpkg --root=DIR --force-script-chrootless",
# where packages call the machine's py3compile with DPKG_ROOT set, and "mmdebstrap --mode=unshare"
# by an ordinary user.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
# shellcheck source=tests/e2e/suites/chrootless.sh
source "$E2E/suites/chrootless.sh"
DROP_IN=python-support-py3compile

# with_private NAME: a package with a public and a private module; prints its path.
with_private() {
  sources "$1 1.0" "$1/__init__.py" "$1/part.py" "/usr/share/app/$1.py" |
    today "$1" 1.0 "-p $1" "-p $1 /usr/share/app"
}

# check_there WHAT NAME...: the packages of the image are compiled, for it and not for the machine.
check_there() {
  local name
  check_simple "$@"
  for name in "${@:2}"; do
    check_private "$1" "/usr/share/app/$name.py"
  done
  check_no_notes "$1"
  check_paths_inside "$1"
  check_equal "$1: bytecode that names $IMAGE" "" \
    "$(grep -rla "$IMAGE" "$root/usr/lib/python3/dist-packages")"
}

# Both have it; what packages call is the machine's, and acts on the image.
test_chrootless_from_a_machine_with_the_drop_in() {
  local release both
  for release in bookworm trixie sid; do
    with_image new_drop_in_system "$release" "$release"
    bytecode_files >"$work/none"
    mapfile -t both < <(both_packages "$release")
    chrootless -i "${both[@]}" "$(with_private first)"
    check_done "$release: with a package"
    check_active "$release: with a package"
    check_there "$release: with a package" first
    chrootless -i "$(with_private second)"
    check_done "$release: another package"
    check_there "$release: another package" first second
    chrootless -r first second
    check_transaction "$release: removed"
    bytecode_files >"$work/after"
    check_same_file "$release: removed" "$work/none" "$work/after"
    chrootless --purge $DROP_IN python-support
    check_transaction "$release: purged"
    check_debians "$release: purged"
    check_machine_untouched "$release"
    root=$outer drop_view
  done
}

# The machine has nothing; the image had packages before, for an interpreter that nobody compiled
# them for.
test_chrootless_from_a_machine_without() {
  local release both
  for release in bookworm trixie sid; do
    with_image new_view "$release" "$release"
    mapfile -t both < <(both_packages "$release")
    dpkg_in_root -i "$(into_view "$(with_private first)")" >/dev/null
    find "$root/usr/lib/python3" "$root/usr/share/app" -name '*.pyc' -delete
    : >"$work/begun"
    sleep 0.01
    chrootless -i "${both[@]}"
    check_done "$release: installed"
    check_active "$release: installed"
    check_there "$release: installed" first
    check_machine_untouched "$release"
    chrootless -r $DROP_IN
    check_transaction "$release: removed"
    check_debians "$release: removed"
    check_machine_untouched "$release"
    root=$outer drop_view
  done
}

test_mmdebstrap_unshare_as_ordinary_user() {
  unpack_users_image "$DROP_IN,first,python3-six,python3-idna,python3" \
    "$(own_package bookworm)" "$(drop_in_package bookworm)" "$(with_private first)"
  check_without "mmdebstrap --mode=unshare" "py3compile:" "$err"
  check_active "the image"
  check_there "the image" first
  check_compiled_as_py_compile "the image: real packages" 3.11 5 \
    /usr/lib/python3/dist-packages/six.py /usr/lib/python3/dist-packages/idna
  check_equal "the image: bytecode is root's and readable for all" "" \
    "$(bytecode_files | grep -vE ' (f 644|d 755) 0:0$' || true)"
}
