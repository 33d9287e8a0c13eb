# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What becomes of a client's modules when dpkg upgrades, removes, replaces or diverts it. The real
# trigger does all of it; no test calls a pass.

RELEASES=(bookworm trixie sid)

test_upgrade_and_downgrade() {
  local release old new
  old=$(SOURCE_DATE_EPOCH=1600000000 modules foo 1.0 foo/__init__.py=1 foo/kept.py=kept \
    foo/changed.py=one foo/removed/__init__.py=1 foo/removed/part.py=1 foo/old_name.py=name \
    </dev/null)
  new=$(SOURCE_DATE_EPOCH=1700000000 modules foo 2.0 foo/__init__.py=1 foo/kept.py=kept \
    foo/changed.py=two foo/added/__init__.py=2 foo/new_name.py=name </dev/null)
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    dpkg_install "$old"
    check_done "$release: installed"
    dpkg_install "$new"
    check_done "$release: upgraded"
    check_tree "$release: upgraded" foo/__init__.py foo/kept.py foo/changed.py \
      foo/added/__init__.py foo/new_name.py
    check_importable "$release: changed" foo.changed two
    check_importable "$release: added" foo.added 2
    check_importable "$release: renamed" foo.new_name name
    dpkg_install "$old"
    check_done "$release: downgraded"
    check_tree "$release: downgraded" foo/__init__.py foo/kept.py foo/changed.py \
      foo/removed/__init__.py foo/removed/part.py foo/old_name.py
    check_importable "$release: downgraded" foo.changed one
    drop_view
  done
}

# Reproducible builds clamp timestamps, so that two versions of a source can have the same one, and
# the same size.
test_upgrade_with_the_same_size_and_timestamp() {
  new_system trixie
  dpkg_install "$(SOURCE_DATE_EPOCH=1600000000 modules foo 1.0 foo.py=one </dev/null)"
  check_done "installed"
  dpkg_install "$(SOURCE_DATE_EPOCH=1600000000 modules foo 2.0 foo.py=two </dev/null)"
  check_done "upgraded"
  check_equal "the source's timestamp" 1600000000 "$(stat -c %Y "$root/usr/share/pyshared/foo.py")"
  check_importable "upgraded" foo two
  check_tree "upgraded" foo.py
}

test_lesson_4_file_to_directory_and_back() {
  local files directories
  files=$(modules foo 1.0 a.py=file foo.egg-info=file </dev/null)
  directories=$(modules foo 2.0 a/__init__.py=directory a/b.py=part foo.egg-info/PKG-INFO=file \
    </dev/null)
  new_system trixie
  dpkg_install "$files"
  check_done "lesson 4: files"
  dpkg_install "$directories"
  check_done "lesson 4: directories"
  check_tree "lesson 4: directories" a/__init__.py a/b.py foo.egg-info/PKG-INFO
  check_importable "lesson 4: directories" a directory
  check_importable "lesson 4: directories" a.b part
  dpkg_install "$files"
  check_done "lesson 4: files again"
  check_tree "lesson 4: files again" a.py foo.egg-info
  check_importable "lesson 4: files again" a file
}

# code_parts: digests of all bytecode of clients without its header, which is 16 bytes (PEP 552).
code_parts() {
  local file
  find "$root/usr/lib/pymodules" "$root/usr/share/app" -name '*.pyc' | sort |
    while IFS= read -r file; do
      echo "${file#"$root"} $(tail -c +17 "$file" | sha256sum)"
    done
}

# Without a prerm, which would remove private bytecode.
test_same_contents_with_new_timestamps() {
  local release epoch=1600000000 versions
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    for epoch in 1600000000 1700000000; do
      dpkg_install "$(SOURCE_DATE_EPOCH=$epoch modules foo "$epoch" foo/__init__.py=1 foo/b.py=2 \
        < <(private_part foo /usr/share/app/main.py))"
      check_done "$release: $epoch"
      check_equal "$release: timestamp" "$epoch" "$(stat -c %Y "$root/usr/share/app/main.py")"
      code_parts >"$work/code.$epoch"
    done
    versions=$(versions_in_root | wc -l)
    check_contains "$release: restamped" "$((2 * versions + 1)) restamped" "$said"
    check_without "$release: nothing is compiled" compiled "$said"
    check_at_least "$release: bytecode" $((2 * versions + 1)) "$(wc -l <"$work/code.1600000000")"
    check_same_file "$release: code" "$work/code.1600000000" "$work/code.1700000000"
    check_tree "$release: restamped" foo/__init__.py foo/b.py
    check_private "$release: restamped" /usr/share/app/main.py
    drop_view
  done
}

test_lesson_18_upgrade_drops_the_reference() {
  local old
  new_system trixie
  old=$(modules foo 1.0 foo/__init__.py=1 foo.py=2 < <(private_part foo /usr/share/app/main.py))
  dpkg_install "$old"
  check_done "lesson 18: installed"
  check_private "lesson 18: installed" /usr/share/app/main.py
  dpkg_install "$(build_package foo 2.0 <<'LINES'
== /usr/share/pyshared/foo/__init__.py
== /usr/share/app/main.py
LINES
  )"
  check_done "lesson 18: the references are dropped"
  check_nothing_left "lesson 18: the references are dropped"
  check_exists "lesson 18: what dpkg has" "$root/usr/share/app/main.py"
  check_matches "lesson 18: the log" 'gone: foo\.public \(foo 1\.0\)' \
    "$root/var/log/python-support.log"
  dpkg_install "$old"
  dpkg_install "$(build_package foo 3.0 <<<'== /usr/share/doc/foo/nothing')"
  check_done "lesson 18: everything is dropped"
  check_nothing_left "lesson 18: everything is dropped"
  check_missing "lesson 18: everything is dropped" "$root/usr/share/app"
  check_missing "lesson 18: everything is dropped" "$root/usr/share/pyshared"
}

# app VERSION FILE...: a client with a public module and those private ones; standard input adds
# its scripts.
app() {
  { private_part app "${@:2}"; cat; } | modules app "$1" "app_lib.py=app $1"
}

# witness WORD: a line of a script that tells whether app_lib can be imported there.
witness() {
  printf '/usr/bin/python3 -B -c "import app_lib; print(\x27%s\x27, app_lib.where)" ' "$1"
  echo '>>/tmp/witness 2>&1 || echo failed >>/tmp/witness'
}

# The prerm runs on upgrade too, and the rest of the transaction imports modules.
test_private_modules_and_lesson_19() {
  local release what
  for release in "${RELEASES[@]}"; do
    what="$release: with the prerm snippet"
    new_system "$release"
    dpkg_install "$(SOURCE_DATE_EPOCH=1600000000 app 1.0 /usr/share/app/main.py \
      /usr/share/app/sub/part.py < <(snippets app app.public app.private; witness prerm))"
    check_done "$what: installed"
    check_private "$what: installed" /usr/share/app/main.py /usr/share/app/sub/part.py
    dpkg_install "$(SOURCE_DATE_EPOCH=1700000000 app 2.0 /usr/share/app/main.py \
      < <(snippets app app.public app.private))" \
      "$(build_package user 1.0 < <(printf '== /DEBIAN/preinst 0755\n#!/bin/sh\n'; witness user))"
    check_done "$what: upgraded"
    check_equal "$what: lesson 19: imports during the upgrade" "prerm app 1.0 user app 2.0 " \
      "$(tr '\n' ' ' <"$root/tmp/witness")"
    check_without "$what: upgraded" "not empty" "$said"
    check_missing "$what: upgraded" "$root/usr/share/app/sub"
    check_private "$what: upgraded" /usr/share/app/main.py
    transact dpkg -r app
    check_done "$what: removed"
    check_without "$what: removed" "not empty" "$said"
    check_missing "$what: removed" "$root/usr/share/app"
    check_nothing_left "$what: removed"
    drop_view
  done
}

test_private_modules_without_a_prerm() {
  local release what
  for release in "${RELEASES[@]}"; do
    what="$release: without the prerm snippet"
    new_system "$release"
    dpkg_install "$(app 1.0 /usr/share/app/main.py /usr/share/app/sub/part.py </dev/null)"
    check_done "$what: installed"
    check_private "$what: installed" /usr/share/app/main.py /usr/share/app/sub/part.py
    dpkg_install "$(app 2.0 /usr/share/app/main.py </dev/null)"
    check_done "$what: upgraded"
    check_matches "$what: upgraded" "'/usr/share/app/sub.*not empty" "$said"
    check_missing "$what: upgraded" "$root/usr/share/app/sub"
    check_private "$what: upgraded" /usr/share/app/main.py
    transact dpkg -r app
    check_done "$what: removed"
    check_matches "$what: removed" "'/usr/share/app'? not empty" "$said"
    check_missing "$what: removed" "$root/usr/share/app"
    check_nothing_left "$what: removed"
    drop_view
  done
}

test_remove_purge_and_install_again() {
  local deb
  new_system bookworm
  deb=$(app 1.0 /usr/share/app/main.py < <(snippets app app.public app.private
    printf '%s\n' '== /etc/app.conf' x=1 '== /DEBIAN/conffiles' /etc/app.conf))
  dpkg_install "$deb"
  transact dpkg -r app
  check_done "removed"
  check_equal "removed: state" rc "$(state_of app)"
  check_nothing_left "removed"
  dpkg_install "$deb"
  check_done "installed again"
  check_tree "installed again" app_lib.py
  check_private "installed again" /usr/share/app/main.py
  transact dpkg -P app
  check_done "purged"
  check_equal "purged: state" "" "$(state_of app)"
  check_nothing_left "purged"
  check_missing "purged" "$root/usr/share/app"
  dpkg_install "$deb"
  check_done "installed after the purge"
  check_tree "installed after the purge" app_lib.py
  dpkg_install "$deb"
  check_done "the same once more"
  check_tree "the same once more" app_lib.py
}

test_removal_with_dependencies() {
  local debs
  new_system sid
  debs=("$(modules needed 1.0 pkg/__init__.py=needed </dev/null)"
    "$(modules user 1.0 pkg/user.py=user < <(control 'Depends: needed'))"
    "$(modules other 1.0 other.py=other </dev/null)")
  apt_install "${debs[@]}"
  check_done "three packages"
  transact apt-get remove needed
  check_done "apt-get remove of a dependency"
  check_equal "it took its user along" "" "$(state_of user)"
  check_tree "the third one stays" other.py
  dpkg_install "${debs[@]}"
  transact dpkg -r needed user
  check_done "dpkg -r of both"
  check_tree "the third one stays" other.py
}

# A package all whose files are in another one disappears: dpkg runs none of its prerm.
test_package_disappears() {
  new_system sid
  dpkg_install "$(modules foo 1.0 foo.py=foo < <(private_part foo /usr/share/app/main.py))"
  check_done "installed"
  dpkg_install "$(modules bar 2.0 bar.py=bar < <(control 'Replaces: foo'
    printf "== %s\n" /usr/share/python-support/foo.public
    echo /usr/share/pyshared/foo.py
    printf "== %s\nwhere = 'of bar'\n" /usr/share/pyshared/foo.py
    private_part foo /usr/share/app/main.py))"
  check_done "all files replaced"
  check_contains "dpkg" "disappear foo" "$dpkg_log"
  check_equal "state" "" "$(state_of foo)"
  check_tree "all files replaced" foo.py bar.py
  check_importable "all files replaced" foo "of bar"
  check_private "all files replaced" /usr/share/app/main.py
  transact dpkg -r bar
  check_done "the other one removed"
  check_nothing_left "the other one removed"
  check_missing "the other one removed" "$root/usr/share/app"
  check_matches "the log" 'gone: foo\.public \(bar 2\.0\)' "$root/var/log/python-support.log"
}

test_disappears_with_its_reference_replaced_by_none() {
  new_system trixie
  dpkg_install "$(build_package foo 1.0 <<'LINES'
== /usr/share/python-support/foo.public
/usr/share/pyshared/foo.py
== /usr/share/pyshared/foo.py
where = 'foo'
LINES
  )"
  check_done "installed"
  dpkg_install "$(build_package bar 1.0 <<'LINES'
== /DEBIAN/control
Replaces: foo
== /usr/share/python-support/foo.public
# nothing any more
== /usr/share/pyshared/foo.py
where = 'bar'
LINES
  )"
  check_done "replaced"
  check_contains "dpkg" "disappear foo" "$dpkg_log"
  check_nothing_left "replaced"
}

# diverter FILE: a package that puts its own file there and diverts that of others.
diverter() {
  build_package diverter 1.0 <<LINES
== $1
where = 'diverter'
== /DEBIAN/preinst 0755
#!/bin/sh
dpkg-divert --package diverter --rename --divert $1.distrib --add $1
== /DEBIAN/postrm 0755
#!/bin/sh
[ "\$1" != remove ] || dpkg-divert --package diverter --rename --divert $1.distrib --remove $1
LINES
}

# Lesson 12: diverted paths, also in a locale that cannot spell them.
test_diverted_by_a_package() {
  local file=/usr/share/pyshared/foo.py deb
  new_system bookworm
  dpkg_install "$(modules foo 1.0 foo.py=foo bar.py=bar </dev/null)"
  dpkg_install "$(diverter "$file")"
  check_done "diverted"
  check_importable "diverted" foo diverter
  check_tree "diverted" foo.py bar.py
  dpkg_install "$(modules foo 2.0 foo.py=foo2 bar.py=bar2 </dev/null)"
  check_done "upgraded below a diversion"
  check_importable "upgraded below a diversion" foo diverter
  check_importable "upgraded below a diversion" bar bar2
  transact dpkg -r diverter
  check_done "the diversion goes"
  check_importable "the diversion goes" foo foo2
  check_tree "the diversion goes" foo.py bar.py
  dpkg_install "$(diverter "$file")"
  transact dpkg -r foo
  check_done "the diverted one goes"
  check_nothing_left "the diverted one goes"
  check_exists "the diverter's file stays" "$root$file"
  deb=$(modules cafe 1.0 $'caf\xc3\xa9.py=cafe' bar.py=bar </dev/null)
  for locale in C de_DE.ISO-8859-1; do
    transact env LC_ALL="$locale" dpkg-divert --local --no-rename \
      --divert $'/usr/share/pyshared/\xe9.py' --add $'/usr/share/pyshared/caf\xc3\xa9.py'
    check_status "lesson 12: a diversion with any bytes" 0
    transact env LC_ALL="$locale" dpkg -i "$(into_view "$deb")"
    check_done "lesson 12: $locale"
    check_importable "lesson 12: $locale" bar bar
    transact env LC_ALL="$locale" dpkg -P cafe
    check_done "lesson 12: $locale: purged"
    check_nothing_left "lesson 12: $locale: purged"
    transact dpkg-divert --local --no-rename --remove $'/usr/share/pyshared/caf\xc3\xa9.py'
  done
}

# The administrator diverts a module, with a private one, and puts others in their place.
test_diverted_locally() {
  local file=/usr/share/pyshared/foo.py main=/usr/share/app/main.py
  new_system sid
  dpkg_install "$(modules foo 1.0 foo.py=foo bar.py=bar < <(private_part foo "$main"))"
  transact sh -ec "
    dpkg-divert --local --rename --add $file
    dpkg-divert --local --rename --add $main"
  by_hand
  check_done "diverted away"
  check_tree "diverted away" bar.py
  check_missing "diverted away" "$(cache_of "$(private_version)" "$root$main")"
  put "$file" <<<"where = 'local'"
  put "$main" <<<"where = 'local'"
  by_hand
  check_done "with the administrator's files"
  check_importable "with the administrator's files" foo local
  check_private "with the administrator's files" "$main"
  dpkg_install "$(modules foo 2.0 foo.py=foo2 bar.py=bar2 < <(private_part foo "$main"))"
  check_done "upgraded"
  check_importable "upgraded" foo local
  check_importable "upgraded" bar bar2
  check_tree "upgraded" foo.py bar.py
  transact dpkg -r foo
  check_done "removed"
  check_nothing_left "removed"
  check_equal "the administrator's file stays" "where = 'local'" "$(cat "$root$file")"
}

# --force-overwrite takes a module from another package, and takes it along when it goes.
test_forced_overwrite() {
  local mine
  new_system trixie
  mine=$(modules mine 1.0 shared.py=mine own.py=mine </dev/null)
  dpkg_install "$mine"
  transact dpkg --force-all -i "$(into_view "$(modules thief 1.0 shared.py=thief thief.py=thief \
    </dev/null)")"
  check_done "overwritten"
  check_importable "overwritten" shared thief
  check_tree "overwritten" shared.py own.py thief.py
  transact dpkg -r thief
  check_done "the other one goes, with the file"
  check_missing "the other one goes" "$root/usr/share/pyshared/shared.py"
  check_tree "the other one goes" own.py
  dpkg_install "$mine"
  check_done "reinstalled"
  check_tree "reinstalled" shared.py own.py
  check_importable "reinstalled" shared mine
}

# A package that dpkg wants reinstalled, because nothing of its upgrade worked, is forced away.
test_forced_removal_of_a_broken_package() {
  local release
  for release in bookworm sid; do
    new_system "$release"
    dpkg_install "$(app 1.0 /usr/share/app/main.py </dev/null)"
    transact dpkg -i "$(into_view "$(app 2.0 /usr/share/app/main.py <<'LINES'
== /DEBIAN/preinst 0755
#!/bin/sh
exit 1
== /DEBIAN/postrm 0755
#!/bin/sh
[ "$1" != abort-upgrade ]
LINES
    )")"
    check_status "$release: the upgrade" 1
    check_equal "$release: state" iHR "$(state_of app)"
    transact dpkg --force-remove-reinstreq -r app
    check_done "$release: forced away"
    check_nothing_left "$release: forced away"
    check_missing "$release: forced away" "$root/usr/share/app"
    drop_view
  done
}

# dpkg runs no prerm then.
test_lesson_12_purge_of_a_package_that_was_only_unpacked() {
  local release
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    transact dpkg --unpack "$(into_view "$(app 1.0 /usr/share/app/main.py /usr/share/app/sub/b.py \
      < <(snippets app app.public app.private; echo 'touch /tmp/prerm'))")"
    check_status "$release: lesson 12: unpacked" 0
    check_equal "$release: lesson 12: state" iU "$(state_of app)"
    transact dpkg -P app
    check_done "$release: lesson 12: purged"
    check_missing "$release: lesson 12: no prerm ran" "$root/tmp/prerm"
    check_nothing_left "$release: lesson 12: purged"
    check_missing "$release: lesson 12: purged" "$root/usr/share/app"
    drop_view
  done
}

# dpkg keeps a directory in the list of a removed package as long as one of its conffiles would lie
# there, even where the administrator has deleted that.
test_directory_listed_by_a_removed_package_only() {
  new_system bookworm
  dpkg_install "$(app 1.0 /usr/share/app/main.py /usr/share/app/common/b.py \
    < <(printf '%s\n' '== /usr/share/app/app.conf' x=1 '== /DEBIAN/conffiles' \
      /usr/share/app/app.conf))"
  rm "$root/usr/share/app/app.conf"
  transact dpkg -r app
  check_done "removed"
  check_equal "state" rc "$(state_of app)"
  check_matches "the list of the removed package" '^/usr/share/app$' \
    "$root/var/lib/dpkg/info/app.list"
  check_missing "removed" "$root/usr/share/app"
  check_nothing_left "removed"
}

# An empty directory of a package that is installed is left to dpkg.
test_directory_of_another_package_stays() {
  new_system bookworm
  dpkg_install "$(app 1.0 /usr/share/app/common/main.py </dev/null)" \
    "$(build_package neighbour 1.0 <<<'== /usr/share/app/common/data')"
  rm "$root/usr/share/app/common/data"
  check_private "installed" /usr/share/app/common/main.py
  transact dpkg -r app
  check_done "removed"
  check_equal "its directory is empty" "" "$(ls -A "$root/usr/share/app/common" 2>&1)"
  transact dpkg -r neighbour
  check_status "dpkg removes it" 0
  check_missing "dpkg removes it" "$root/usr/share/app"
}

test_lesson_13_two_packages_in_one_directory() {
  local cache kept
  new_system trixie
  cache=$root/usr/share/app/__pycache__
  dpkg_install \
    "$(modules one 1.0 ns/a.py=a < <(private_part one /usr/share/app/foo.py
      snippets one one.private))" \
    "$(modules two 1.0 ns/b.py=b < <(private_part two /usr/share/app/foo.bar.py
      snippets two two.private))"
  check_done "lesson 13: installed"
  check_equal "lesson 13: bytecode of both" 2 "$(find "$cache" -name '*.pyc' | wc -l)"
  tree stamps usr/share/app/__pycache__ | grep foo.bar >"$work/before"
  transact dpkg -r one
  check_done "lesson 13: one removed"
  tree stamps usr/share/app/__pycache__ | grep -F .pyc >"$work/after"
  check_same_file "lesson 13: the other's bytecode" "$work/before" "$work/after"
  check_tree "lesson 13: one removed" ns/b.py
  kept=$(modules one 2.0 ns/a.py=a < <(private_part one /usr/share/app/foo.py))
  dpkg_install "$kept"
  transact dpkg -r two
  check_done "lesson 13: the other removed"
  check_private "lesson 13: the other removed" /usr/share/app/foo.py
  check_equal "lesson 13: bytecode of one" 1 "$(find "$cache" -name '*.pyc' | wc -l)"
  check_tree "lesson 13: the other removed" ns/a.py
}
