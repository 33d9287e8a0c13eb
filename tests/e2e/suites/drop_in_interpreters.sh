# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interpreters come, go and change while today's packages are there. All of it is on unstable, the
# release with more than one of them; 3.14 is its default, and Debian's own py3compile knows 3.14
# and 3.15.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
DROP_IN=python-support-py3compile

# family PREFIX: packages that ask for different versions; prints their paths. The first is as
# dh_python3 of bookworm writes them, the second as that of sid does.
family() {
  simple "$1one" 1.0
  sources "$1two 1.0" "$1two"/{__init__,part}.py | today "$1two" 1.0 "-p $1two  || true"
  sources "$1versions 1.0" /usr/share/"$1versions"/{default,pinned,newest}/main.py \
    "/usr/lib/python3.15/dist-packages/$1versions.py" |
    today "$1versions" 1.0 "-p $1versions" "-p $1versions /usr/share/$1versions/default" \
      "-p $1versions /usr/share/$1versions/pinned -V 3.14" \
      "-p $1versions /usr/share/$1versions/newest -V 3.15- || true"
}

# bytecode_for VERSION: files outside the standard library, and those of python3's own scripts.
bytecode_for() {
  bytecode_files | grep -E "\.cpython-${1/./}\." | grep -v ^/usr/share/python3/ || true
}

# check_family WHAT PREFIX DEFAULT: everything that is wanted for the interpreters that are there.
check_family() {
  local version place=/usr/share/$2versions expected
  check_simple "$1" "$2one" "$2two"
  for version in $(versions_in_root); do
    expected=
    [ "$version" != "$3" ] || expected="default/__pycache__/main.cpython-${version/./}.pyc"
    [ "$version" != 3.14 ] || expected+=" pinned/__pycache__/main.cpython-314.pyc"
    [ "$version" != 3.15 ] || expected+=" newest/__pycache__/main.cpython-315.pyc"
    check_equal "$1: private modules for $version" "$(xargs <<<"$expected")" \
      "$(bytecode_for "$version" | sed -n "s,^$place/\([^ ]*\) .*,\1,p" | xargs)"
  done
  if [ -e "$root/usr/bin/python3.15" ]; then
    check_compiled_as_py_compile "$1: python3.15/dist-packages" 3.15 1 \
      "/usr/lib/python3.15/dist-packages/$2versions.py"
  fi
}

# early_system: a view with 3.14 alone, packages that Debian's py3compile has compiled, then the
# drop-in, and more packages. It is made once.
early_system() {
  local key
  key=$(cat "$(own_package sid)" "$(drop_in_package sid)" "$E2E/suites/drop_in_interpreters.sh" \
    "$E2E/lib/drop_in.sh" | sha256sum | cut -c1-12)
  view_of "$(cached_directory "drop-in-early-$key" make_early_system)"
  : >"$root/var/log/dpkg.log"
}

# make_early_system DIR
make_early_system() (
  set -e
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  new_system sid
  without 3.13 3.15
  mapfile -t debs < <(family early)
  install_packages "${debs[@]}"
  install_packages "$(drop_in_package sid)"
  mapfile -t debs < <(family late)
  install_packages "${debs[@]}"
  cp -a --one-file-system "$root" "$1"
)

test_packages_of_before_and_of_after() {
  early_system
  check_no_notes "3.14 alone"
  check_family "3.14 alone" early 3.14
  check_family "3.14 alone" late 3.14
}

# stamps_of_3_14: what would change if a pass touched what is there.
stamps_of_3_14() {
  tree stamps /usr/lib/python3/dist-packages /usr/share | grep 'cpython-314' |
    grep -v ^"'/usr/share/python3/"
}

# check_comes_and_goes INSTALL REMOVE...: with these commands for 3.15.
check_comes_and_goes() {
  local names
  mapfile -t names < <(packages_of 3.15)
  early_system
  stamps_of_3_14 >"$work/before"
  "$1" "$(folder_of 3.15)"/*.deb
  check_calls_done "$1: 3.15 comes"
  check_family "$1: 3.15 comes" early 3.14
  check_family "$1: 3.15 comes" late 3.14
  transact "${@:2}" "${names[@]}"
  check_transaction "$1: 3.15 goes"
  check_equal "$1: 3.15 goes" "" "$(bytecode_for 3.15)"
  check_without "$1: 3.15 goes: nothing stands in dpkg's way" "not empty" "$said"
  check_family "$1: 3.15 goes" early 3.14
  stamps_of_3_14 >"$work/after"
  check_same_file "$1: what 3.14 has is not touched" "$work/before" "$work/after"
}

# Then comes a version that Debian's py3compile does not support any more; packages that went are
# not compiled for it.
test_interpreters_come_and_go_by_dpkg() {
  check_comes_and_goes dpkg_install dpkg -r
  transact dpkg -r earlyone lateone
  check_transaction "packages go"
  dpkg_install "$(folder_of 3.13)"/*.deb
  check_calls_done "3.13 comes"
  check_simple "3.13 comes" earlytwo latetwo
  check_equal "3.13 comes: nothing of what went" "" \
    "$(bytecode_files | grep -E 'earlyone|lateone' || true)"
}

test_interpreters_come_and_go_by_apt() {
  check_comes_and_goes apt_install apt-get remove
}

# Without the drop-in, Debian's rules hold: an interpreter that comes gets nothing.
test_drop_in_that_is_gone_or_inactive() {
  early_system
  transact dpkg -r $DROP_IN
  check_transaction "the drop-in goes"
  dpkg_install "$(folder_of 3.15)"/*.deb
  check_transaction "3.15 comes"
  check_equal "nothing for it" "" "$(bytecode_for 3.15)"
  dpkg_install "$(drop_in_package sid)"
  check_calls_done "the drop-in comes again"
  check_family "the drop-in comes again" early 3.14
  check_family "the drop-in comes again" late 3.14
}

test_default_version_changes() {
  local folder
  early_system
  dpkg_install "$(folder_of 3.15)"/*.deb
  folder=$(downloaded_packages sid python3-minimal)
  dpkg_install "$(repack "$folder"/python3-minimal_*.deb with_default_3_15)"
  check_calls_done "the default becomes 3.15"
  check_link "the default becomes 3.15" python3.15 "$root/usr/bin/python3"
  check_family "the default becomes 3.15" early 3.15
  check_family "the default becomes 3.15" late 3.15
  dpkg_install "$folder"/python3-minimal_*.deb
  check_calls_done "and back"
  check_family "and back" early 3.14
  check_family "and back" late 3.14
}

# The last one goes too; packages can be installed all the same, and one that comes gets all.
test_no_interpreter_at_all() {
  local names
  early_system
  transact dpkg -r python3 python3-minimal libpython3-stdlib
  check_transaction "without python3"
  mapfile -t names < <(packages_of 3.14)
  transact dpkg -r "${names[@]}"
  check_transaction "without any"
  check_equal "without any: bytecode" "" "$(bytecode_files)"
  dpkg_install "$(simple orphan 1.0)"
  check_calls_done "a package without any interpreter"
  transact dpkg -r lateone
  check_transaction "a removal without any interpreter"
  dpkg_install "$(folder_of 3.15)"/*.deb
  check_calls_done "3.15 comes"
  check_simple "3.15 comes" earlyone earlytwo latetwo orphan
  check_equal "3.15 comes: what is gone" "" "$(bytecode_files | grep lateone || true)"
}
