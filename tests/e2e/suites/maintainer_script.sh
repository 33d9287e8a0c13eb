# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The program as other packages' maintainer scripts call it: inside the root, by dpkg.

# as_script ARGUMENT...: as the postinst or prerm of package foo would call it.
as_script() {
  run_inside DPKG_MAINTSCRIPT_PACKAGE=foo DPKG_MAINTSCRIPT_NAME=postinst "$@"
}

test_links_at_once_compilation_later() {
  local suite version
  for suite in bookworm trixie sid; do
    new_view "$suite"
    public_package foo foo.py
    as_script foo.public
    check_status "$suite: in a postinst" 0
    check_empty "$suite: it says nothing" "$err"
    for version in $(versions_in_root); do
      check_import "importable at once" "$version" "foo.py of foo" 'import foo; print(foo.where)'
      check_missing "not compiled" "$(bytecode "$version" foo.py)"
    done
    run_inside -p
    check_status "$suite: the pass at the end" 0
    for version in $(versions_in_root); do
      check_compiled_as_py_compile "compiled at the end" "$version" 1 \
        "/usr/lib/pymodules/python$version"
    done
    drop_view
  done
}

test_now() {
  new_view bookworm
  public_package foo foo.py
  as_script --now foo.public
  check_status "--now" 0
  check_exists "--now compiles" "$(bytecode 3.11 foo.py)"
}

test_deferral_in_json() {
  new_view bookworm
  public_package foo foo.py
  as_script --json foo.public
  check_fact "deferred" true 'r["deferred"]'
  as_script --json --now foo.public
  check_fact "with --now" false 'r["deferred"]'
}

test_own_package_does_not_defer() {
  new_view bookworm
  public_package foo foo.py
  run_inside DPKG_MAINTSCRIPT_PACKAGE=python-support -p
  check_status "our own package" 0
  check_exists "our own package compiles" "$(bytecode 3.11 foo.py)"
}

# Lesson 19: the prerm of a package also runs on upgrade, while others still import its modules.
test_lesson_19_clean_leaves_public_modules() {
  new_view bookworm
  public_package foo foo.py
  put /usr/share/app/main.py <<<'x = 1'
  reference foo.private <<<'/usr/share/app'
  run_inside -p
  as_script -c foo.public foo.private
  check_status "lesson 19: the prerm" 0
  check_import "lesson 19: public modules stay" 3.11 "foo.py of foo" 'import foo; print(foo.where)'
  check_exists "lesson 19: with their bytecode" "$(bytecode 3.11 foo.py)"
  check_missing "private bytecode goes" "$root/usr/share/app/__pycache__"
  rm "$root/usr/share/python-support/foo.public" "$root/usr/share/python-support/foo.private" \
    "$root/usr/share/pyshared/foo.py"
  run_inside -p
  check_status "the pass at the end" 0
  check_equal "what nobody wants goes at the end" "" \
    "$(find "$root/usr/lib/pymodules" -mindepth 1 ! -type d)"
}

test_clean_by_hand() {
  new_view bookworm
  public_package foo foo.py
  public_package bar bar.py
  run_inside -p
  run_inside -c foo.public
  check_status "-c by hand" 0
  check_missing "-c by hand removes the link" "$(linked 3.11 foo.py)"
  check_missing "and its bytecode" "$(bytecode 3.11 foo.py)"
  check_exists "and nothing else" "$(bytecode 3.11 bar.py)"
}

# Lesson 1: whatever the input, dpkg goes on. The reason is named.
test_lesson_1_exit_is_0_for_every_bad_input() {
  local name
  new_view bookworm
  public_package foo foo.py
  put /usr/share/pyshared/bad.py <<<'def f(:'
  reference bad.public <<<'/usr/share/pyshared/bad.py'
  reference nonsense.public < <(head -c 3000 /dev/urandom)
  mkdir "$root/usr/share/python-support/directory.public"
  ln -s loop.private "$root/usr/share/python-support/loop.private"
  for name in missing.public missing.private missing bad.public nonsense.public directory.public \
    loop.private no.such.kind /usr/share/python-support/missing.dirs; do
    as_script "$name"
    check_status "lesson 1: install $name" 0
    as_script --now "$name"
    check_status "lesson 1: install $name --now" 0
    as_script -c "$name"
    check_status "lesson 1: clean $name" 0
    [[ $name != missing* ]] || check_contains "lesson 1: clean $name" "$name" "$err"
  done
  as_script --now bad.public
  check_contains "lesson 1: the module that does not compile" bad.py "$err"
  as_script -c missing.public foo.public
  check_status "lesson 1: a missing one before a good one" 0
  as_script -b foo.public
  check_status "lesson 1: the wrong kind" 0
  as_script -i missing.private
  check_status "lesson 1: the other wrong kind" 0
  as_script -p
  check_status "lesson 1: the whole" 0
}

# Lesson 12: other locales, names with an architecture.
test_lesson_12_locales_and_architectures() {
  local locale
  new_view bookworm
  put "/usr/share/pyshared/$(printf 'caf\xc3\xa9')/__init__.py" <<<'name = "café"'
  put /usr/share/pyshared/latin.py < <(printf '# -*- coding: latin-1 -*-\nname = "\xe9"\n')
  (cd "$root" && find ./usr/share/pyshared -type f) | sed 's/^\.//' | reference foo.public
  for locale in C POSIX de_DE.ISO-8859-1 C.UTF-8 nonsense; do
    rm -rf "$root/usr/lib/pymodules" "$root/var/lib/python-support"
    run_inside LC_ALL="$locale" LANG="$locale" -p
    check_status "lesson 12: locale $locale" 0
    check_compiled_as_py_compile "lesson 12: locale $locale" 3.11 2 /usr/lib/pymodules/python3.11
  done
  run_inside DPKG_MAINTSCRIPT_PACKAGE=foo:amd64 DPKG_MAINTSCRIPT_ARCH=amd64 foo.public
  check_status "lesson 12: a package with its architecture" 0
}

# Lesson 20: nothing is ever asked, and standard input is left alone.
test_lesson_20_standard_input_is_not_read() {
  new_view bookworm
  public_package foo foo.py
  program_inside
  printf 'one line\n' >"$work/input"
  {
    in_root "$root" env DPKG_MAINTSCRIPT_PACKAGE=foo \
      /usr/sbin/update-python-modules --now foo.public
    cat >"$work/rest"
  } <"$work/input"
  check_equal "lesson 20: standard input" "one line" "$(cat "$work/rest")"
  in_root "$root" /usr/sbin/update-python-modules -p <&- >&- 2>&-
  check_good "lesson 20: without any standard descriptor"
}

# With real maintainer scripts of a package that dpkg installs, upgrades, removes and purges.
client_package() {
  build_package client "$1" <<LINES
== /usr/share/pyshared/client.py
version = '$1'
== /usr/share/client/main.py
import client
== /usr/share/python-support/client.public
/usr/share/pyshared/client.py
== /usr/share/python-support/client.private
/usr/share/client
== /DEBIAN/postinst 0755
#!/bin/sh
set -e
update-python-modules client.public client.private
/usr/bin/python3 -B -c 'import client; assert client.version == "$1"'
== /DEBIAN/prerm 0755
#!/bin/sh
set -e
update-python-modules -c client.public client.private
LINES
}

test_life_of_a_client() {
  new_view bookworm
  program_inside
  install_packages "$(client_package 1.0)"
  check_good "installed: its postinst could import its module"
  run_inside -p
  check_compiled_as_py_compile "installed" 3.11 1 /usr/lib/pymodules/python3.11
  install_packages "$(client_package 2.0.1)"
  run_inside -p --json
  check_status "upgraded" 0
  check_import "upgraded" 3.11 2.0.1 'import client; print(client.version)'
  check_import "its bytecode" 3.11 2.0.1 \
    'import client, marshal
print(marshal.loads(open(client.__cached__, "rb").read()[16:]).co_consts[0])'
  dpkg_in_root -r client >"$work/dpkg.log" 2>&1
  run_inside -p
  check_status "removed" 0
  check_equal "removed: files left" "" "$(find "$root/usr/lib/pymodules" "$root/usr/share/client" \
    "$root/usr/share/pyshared" ! -type d 2>/dev/null)"
  check_missing "removed: directories that dpkg could not remove" "$root/usr/share/client"
}

# Lesson 18: an upgrade that drops the framework leaves nothing behind.
test_lesson_18_package_drops_the_framework() {
  new_view bookworm
  program_inside
  install_packages "$(client_package 1.0)"
  run_inside -p
  install_packages "$(build_package client 3.0 <<<'== /usr/share/doc/client/nothing')"
  run_inside -p
  check_status "lesson 18" 0
  check_equal "lesson 18: files left" "" "$(find "$root/usr/lib/pymodules" ! -type d 2>/dev/null)"
}

# A file that a package ships where a link would stand is never touched.
test_files_of_packages_are_not_touched() {
  new_view bookworm
  install_packages "$(build_package squatter 1.0 <<'LINES'
== /usr/lib/pymodules/python3.11/foo.py
where = 'shipped'
LINES
  )"
  public_package foo foo.py bar.py
  run_inside -p
  check_at_most "exit" 1 "$status"
  check_import "the shipped file" 3.11 shipped 'import foo; print(foo.where)'
  check_contains "is reported" squatter "$err"
  check_import "the rest is done" 3.11 "bar.py of foo" 'import bar; print(bar.where)'
  run_inside -f
  check_import "the shipped file, everything rebuilt" 3.11 shipped 'import foo; print(foo.where)'
}
