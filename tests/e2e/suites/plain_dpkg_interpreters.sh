# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interpreters that come, go and change by plain dpkg: no apt, and no hook of Debian's python3. All
# of it is on unstable, the release with more than one of them; 3.14 is its default.

# remove_python VERSION [dpkg's option]
remove_python() {
  local names
  mapfile -t names < <(packages_of "$1")
  transact dpkg "${2:--r}" "${names[@]}"
}

test_removed_interpreter_leaves_nothing_and_a_new_one_gets_all() {
  new_system sid
  install_example
  made_for 3.14 >"$work/before"
  remove_python 3.15
  check_done "3.15 is removed"
  check_not_served "3.15 is removed" 3.15
  check_without "3.15 is removed: nothing stands in dpkg's way" "not empty" "$said"
  remove_python 3.13 --purge
  check_done "3.13 is purged"
  check_not_served "3.13 is purged" 3.13
  check_missing "3.13 is purged: the directory that was dpkg's" "$root/usr/lib/python3.13"
  check_served "3.14 alone" 3.14 4
  dpkg_install "$(folder_of 3.15)"/*.deb
  check_done "3.15 is installed"
  check_matches "3.15 is installed: what the pass says" '^4 compiled,.* python3\.15 ' "$out"
  check_served "3.15 is installed" 3.15 4
  check_import "for 3.15 and later" 3.15 'chosen.py of chosen 1.0' \
    'import chosen; print(chosen.where)'
  dpkg_install "$(folder_of 3.13)"/*.deb
  check_done "3.13 is installed"
  check_served "3.13 is installed" 3.13 3
  check_missing "3.13 is not asked for" "$(linked 3.13 chosen.py)"
  made_for 3.14 >"$work/after"
  check_same_file "what 3.14 has is not touched" "$work/before" "$work/after"
}

# The last one goes too: that is no error, and one that comes finds all the modules.
test_no_interpreter_at_all() {
  new_system sid
  install_example
  transact dpkg -r python3 python3-minimal libpython3-stdlib
  for version in 3.13 3.14 3.15; do
    remove_python "$version"
    check_transaction "without $version"
  done
  check_passes "without any" 1
  for version in 3.13 3.14 3.15; do
    check_not_served "without any" "$version"
  done
  check_nothing_left "without any"
  dpkg_install "$(client late 1.0 late.py </dev/null)"
  check_done "a client without any interpreter"
  dpkg_install "$(folder_of 3.13)"/*.deb
  check_done "3.13 comes"
  check_served "3.13 comes" 3.13 4
}

# Unpacked is not configured: by then python-support's trigger has run. The next pass takes it up.
test_interpreter_unpacked_then_configured() {
  local paths
  new_system sid
  remove_python 3.15 --purge
  install_example
  mapfile -t paths < <(into_view "$(folder_of 3.15)"/*.deb)
  transact dpkg --unpack "${paths[@]}"
  check_status "unpacked" 0
  check_not_served "unpacked" 3.15
  transact dpkg --configure -a
  check_transaction "configured"
  dpkg_install "$(client next 1.0 next.py </dev/null)"
  check_done "the next transaction"
  check_served "the next transaction" 3.15 5
}

# check_silent_pass WHAT: there was nothing to do, so there is nothing to say.
check_silent_pass() {
  check_contains "$1" "Processing triggers for python-support" "$out"
  check_equal "$1: the pass says nothing" "" \
    "$(sed '1,/^Processing triggers for python-support/d; /^Processing triggers/d' "$out")"
  check_empty "$1: what dpkg complains of" "$err"
}

# upgraded: what repack does to make it a newer version of the same.
upgraded() {
  sed -i 's/^Version: .*/&+test1/; s/(\(= [^)]*\))/(\1+test1)/g' DEBIAN/control
}

test_upgrade_with_the_same_magic_number_compiles_nothing() {
  local deb debs=()
  new_system sid
  install_example
  made_for 3.13 3.14 3.15 >"$work/before"
  dpkg_install "$(folder_of 3.15)"/python3.15-minimal_*.deb
  check_done "3.15 is reinstalled"
  check_silent_pass "3.15 is reinstalled"
  made_for 3.13 3.14 3.15 >"$work/after"
  check_same_file "3.15 is reinstalled" "$work/before" "$work/after"
  for deb in "$(folder_of 3.15)"/*.deb; do
    debs+=("$(repack "$deb" upgraded)")
  done
  dpkg_install "${debs[@]}"
  check_done "3.15 is upgraded"
  check_contains "it was an upgrade" "upgrade python3.15-minimal" "$dpkg_log"
  check_silent_pass "3.15 is upgraded"
  made_for 3.13 3.14 3.15 >"$work/after"
  check_same_file "3.15 is upgraded" "$work/before" "$work/after"
}

test_default_version_changes() {
  local folder
  new_system sid
  install_example
  check_compiled_as_py_compile "private, 3.14" 3.14 1 /usr/share/app
  check_exists "current is 3.14" "$(bytecode 3.14 now.py)"
  tree stamps /usr/lib/pymodules/python3.13 >"$work/before"
  folder=$(downloaded_packages sid python3-minimal)
  dpkg_install "$(repack "$folder"/python3-minimal_*.deb with_default_3_15)"
  check_transaction "the default becomes 3.15"
  check_link "the default becomes 3.15" python3.15 "$root/usr/bin/python3"
  check_passes "the default becomes 3.15" 1
  check_compiled_as_py_compile "private, 3.15" 3.15 1 /usr/share/app
  check_missing "private, no longer 3.14" "$root$(cache_of 3.14 /usr/share/app/main.py)"
  check_import "current is 3.15" 3.15 now 'import now; print(now.where)'
  check_exists "current is 3.15" "$(bytecode 3.15 now.py)"
  check_missing "current is no longer 3.14" "$(linked 3.14 now.py)"
  check_missing "current is no longer 3.14" "$(bytecode 3.14 now.py)"
  tree stamps /usr/lib/pymodules/python3.13 >"$work/after"
  check_same_file "what is for all versions is not touched" "$work/before" "$work/after"
  dpkg_install "$folder"/python3-minimal_*.deb
  check_passes "and back" 1
  check_compiled_as_py_compile "and back" 3.14 1 /usr/share/app
  check_missing "and back" "$root$(cache_of 3.15 /usr/share/app/main.py)"
}
