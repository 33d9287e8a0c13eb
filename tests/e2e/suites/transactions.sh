# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One transaction, one pass: packages installed and removed by apt and dpkg, with the real trigger;
# python-support itself coming and going among them.

RELEASES=(bookworm trixie sid)

# clients NUMBER: that many packages, each with a package of modules and a module; prints the paths.
# They are built once for all tests.
clients() {
  local i deb
  for ((i = 1; i <= $1; i++)); do
    deb=$work/packages/client${i}_1.0_all.deb
    [ -e "$deb" ] ||
      client "client$i" 1.0 "client$i/__init__.py" "client$i/part.py" "alone$i.py" </dev/null \
        >/dev/null
    echo "$deb"
  done
}

# A package of each kind: without scripts; with the documented snippets and private modules; with
# private modules and no scripts; with a legacy tree. Prints the paths; built once for all tests.
family() {
  [ -e "$work/packages/legacy_1.0_all.deb" ] || build_family >/dev/null
  printf "$work/packages/%s_all.deb\n" plain_1.2-1 snippet_1.0 bare_1.0 legacy_1.0
}

build_family() {
  client plain 1.2-1 plain/__init__.py plain/part.py </dev/null
  client snippet 1.0 snippet.py < <(
    snippets snippet snippet.public snippet.private
    private_modules snippet private /usr/share/app/snippet
  )
  client bare 1.0 bare.py < <(private_modules bare private /usr/lib/app/bare)
  build_package legacy 1.0 < <(
    printf "== /usr/share/python-support/legacy/legacy.py\nwhere = 'legacy.py of legacy 1.0'\n"
    private_modules legacy dirs /usr/lib/app/legacy
  )
}

# private_modules NAME KIND DIR: two modules, one of them in a directory of its own.
private_modules() {
  printf '== /usr/share/python-support/%s.%s\n%s\n' "$1" "$2" "$3"
  printf '== %s\nx = 1\n' "$3/main.py" "$3/deep/er.py"
}

FAMILY_MODULES=("plain.part=plain/part.py of plain 1.2-1" "snippet=snippet.py of snippet 1.0"
  "bare=bare.py of bare 1.0" "legacy=legacy.py of legacy 1.0")

# check_same WHAT EXPECTED GOT: texts of many lines, of which the differences are shown.
check_same() {
  check_at_least "$1: something to compare" 2 "$(wc -l <<<"$2")"
  printf '%s\n' "$2" >"$work/expected"
  printf '%s\n' "$3" >"$work/got"
  check_same_file "$1" "$work/expected" "$work/got"
}

# check_modules WHAT MODULE=TEXT...: every interpreter of the view imports each, with that text.
check_modules() {
  local what=$1 version
  shift
  printf '%s\n' "$@" >"$root/tmp/modules"
  for version in $(versions_in_root); do
    check_import "$what" "$version" "$# imported" '
import importlib
number = 0
for line in open("/tmp/modules"):
    name, text = line.rstrip("\n").split("=", 1)
    try:
        got = importlib.import_module(name).where
    except Exception as error:
        got = repr(error)
    number += got == text
    if got != text:
        print(name, got)
print(number, "imported")'
  done
}

# check_clients WHAT NUMBER: each of their modules can be imported and has bytecode.
check_clients() {
  local i version modules=()
  for ((i = 1; i <= $2; i++)); do
    modules+=("client$i=client$i/__init__.py of client$i 1.0"
      "client$i.part=client$i/part.py of client$i 1.0" "alone$i=alone$i.py of client$i 1.0")
  done
  check_modules "$1" "${modules[@]}"
  for version in $(versions_in_root); do
    check_equal "$1: bytecode of python$version" $((3 * $2)) \
      "$(find "$root/usr/lib/pymodules/python$version" -name "*.cpython-${version/./}.pyc" | wc -l)"
  done
}

# check_family WHAT: all its modules, public and private, are there and compiled.
check_family() {
  local version default
  check_modules "$1" "${FAMILY_MODULES[@]}"
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "$1: python$version" "$version" 5 \
      "/usr/lib/pymodules/python$version"
  done
  default=$(readlink "$root/usr/bin/python3")
  check_compiled_as_py_compile "$1: private" "${default#python}" 6 /usr/share/app /usr/lib/app
}

# states NAME...: what dpkg says of them, once each.
states() {
  # shellcheck disable=SC2016 # for dpkg-query
  in_root "$root" dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>&1 | sort -u
}

# made: all that passes made for the family, with content, modes and owners; and every name below
# directories that they write to.
made() {
  tree content /usr/lib/pymodules /usr/share/app /usr/lib/app
  tree names /usr/lib/python2.7 /usr/lib/python3 /usr/share/pyshared /usr/share/python-support
  find "$root/usr/lib" -name 'python-support.p*' ! -path '*/dist-packages/python-support/*' \
    -printf '%P %m ' -exec cat {} +
}

# into_views DEB...: copies packages into the view; sets $paths to where they are there.
into_views() {
  mapfile -t paths < <(into_view "$@")
}

# beyond_dpkg: what the last transaction said, without the lines that dpkg says by itself.
beyond_dpkg() {
  grep -vE -e '^(Selecting|\(Reading|Preparing|Unpacking|Setting up|Removing|Purging) ' \
    -e '^\(Reading database' -e '^Processing triggers for python-support \(' "$said" || true
}

# -- one transaction, one pass

# check_one_pass WHAT: the transaction with 40 clients.
check_one_pass() {
  check_transaction "$1"
  check_passes "$1" 1
  check_clients "$1" 40
}

test_many_packages_one_pass() {
  local release version debs
  mapfile -t debs < <(clients 40)
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    apt_install "${debs[@]}"
    check_one_pass "$release: 40 packages"
    for version in $(versions_in_root); do
      check_compiled_as_py_compile "$release: 40 packages: python$version" "$version" 120 \
        "/usr/lib/pymodules/python$version"
    done
    drop_view
  done
}

# check_with_python_support WHAT COMMAND...: installs 40 clients with python-support among them.
check_with_python_support() {
  local what=$1 release all own
  shift
  mapfile -t all < <(clients 40)
  for release in "${RELEASES[@]}"; do
    own=$(own_package "$release")
    new_view "$release"
    "$@" "${all[@]:0:20}" "$own" "${all[@]:20}"
    check_one_pass "$release: $what with python-support in the middle of 40"
    drop_view
  done
}

test_many_packages_and_python_support_one_pass() {
  check_with_python_support "apt-get install" apt_install
}

test_many_packages_by_dpkg_one_pass() {
  local all
  check_with_python_support "dpkg -i" dpkg_install
  mapfile -t all < <(clients 40)
  new_system trixie
  dpkg_install "${all[@]}"
  check_one_pass "dpkg -i of 40"
}

# dpkg --unpack ends with the triggers, and the pass serves references whose packages are not
# configured; --configure runs no trigger then.
test_unpacked_then_configured() {
  local release debs paths what before
  for release in "${RELEASES[@]}"; do
    what="$release: unpacked"
    new_system "$release"
    mapfile -t debs < <(family)
    into_views "${debs[@]}"
    transact dpkg --unpack "${paths[@]}"
    check_status "$what" 0
    check_equal "$what: states" unpacked "$(states plain snippet bare legacy)"
    check_equal "$what: python-support" installed "$(states python-support)"
    check_passes "$what" 1
    check_family "$what"
    before=$(made)
    transact dpkg --configure -a
    check_transaction "$what and configured"
    check_equal "$what and configured: states" installed \
      "$(states plain snippet bare legacy python-support)"
    check_equal "$what and configured: nothing is left to do" "" "$(beyond_dpkg)"
    by_hand
    check_transaction "$what and configured, a pass by hand"
    check_passes "$what and configured, a pass by hand" 1
    check_equal "$what and configured, a pass by hand: nothing to do" "" "$(beyond_dpkg)"
    check_same "$what and configured, a pass by hand" "$before" "$(made)"
    drop_view
  done
}

# Nobody is there to make anything until python-support is configured; then it runs by itself.
test_python_support_unpacked_then_configured() {
  local release debs paths what own before
  for release in "${RELEASES[@]}"; do
    what="$release: unpacked with python-support"
    own=$(own_package "$release")
    new_view "$release"
    mapfile -t debs < <(family)
    into_views "${debs[@]}" "$own"
    transact dpkg --unpack "${paths[@]}"
    check_status "$what" 0
    check_passes "$what" 0
    check_nothing_left "$what"
    transact dpkg --configure -a
    check_transaction "$what and configured"
    check_passes "$what and configured" 1
    check_family "$what and configured"
    drop_view
  done
  what="python-support unpacked again"
  new_system sid
  mapfile -t debs < <(family)
  dpkg_install "${debs[@]}"
  before=$(made)
  mapfile -t debs < <(clients 1)
  into_views "${debs[@]}" "$own"
  transact dpkg --unpack "${paths[@]}"
  check_status "$what" 0
  check_equal "$what: python-support" unpacked "$(states python-support)"
  check_modules "$what: what was there stays" "${FAMILY_MODULES[@]}"
  transact dpkg --configure -a
  check_transaction "$what and configured"
  check_passes "$what and configured" 1
  check_modules "$what and configured" "${FAMILY_MODULES[@]}" \
    "alone1=alone1.py of client1 1.0"
  transact dpkg -r client1
  check_same "$what, without the client" "$before" "$(made)"
}

# An interpreter that is only unpacked when the trigger runs cannot be relied on; the pass after it
# is configured takes it up.
test_interpreter_only_unpacked() {
  local folder paths family before
  folder=$(downloaded_packages sid python3.15 python3.15-minimal libpython3.15-minimal \
    libpython3.15-stdlib)
  mapfile -t family < <(family)
  new_system sid
  in_root "$root" dpkg --purge --force-depends python3.15 python3.15-minimal >"$work/dpkg.log" 2>&1
  into_views "${family[@]}" "$folder"/*.deb
  transact dpkg --unpack "${paths[@]}"
  check_status "3.15 unpacked with modules" 0
  check_passes "3.15 unpacked with modules" 1
  check_equal "3.15 unpacked with modules: state" unpacked \
    "$(states python3.15-minimal)"
  check_exists "3.14 has them" "$(bytecode 3.14 plain/part.py)"
  check_missing "3.15 has no bytecode" "$(bytecode 3.15 plain/part.py)"
  transact dpkg --configure -a
  check_transaction "3.15 configured"
  by_hand
  check_transaction "3.15 configured, a pass by hand"
  check_family "3.15 configured, a pass by hand"

  before=$(made)
  into_views "$folder"/python3.15-minimal_*.deb
  transact dpkg --unpack "${paths[@]}"
  check_equal "3.15 unpacked again: state" unpacked "$(states python3.15-minimal)"
  check_same "3.15 unpacked again: all stays" "$before" "$(made)"
  transact dpkg --configure -a
  by_hand
  check_transaction "3.15 configured again"
  check_same "3.15 configured again: all stays" "$before" "$(made)"
}


# importer: a package whose postinst imports, with each interpreter, its own module and one of the
# package that it depends on. The import writes bytecode, as any import by root does.
importer() {
  {
    printf '== /DEBIAN/control\nDepends: needed, python-support\n'
    snippets importer importer.public | sed '/^== .*prerm/,$d'
    cat <<'LINES'
for python in /usr/bin/python3.[0-9] /usr/bin/python3.[0-9][0-9]; do
  if [ -x "$python" ]; then
    "$python" -c 'import importer; print(importer.where)' >>/var/tmp/imported
  fi
done
== /usr/share/pyshared/importer/__init__.py
import needed.deep
where = 'importer, ' + needed.deep.where
== /usr/share/python-support/importer.public
/usr/share/pyshared/importer/__init__.py
LINES
    snippets importer importer.public | sed -n '/^== .*prerm/,$p'
  } | build_package importer 1.0
}

# needed: what it depends on; its snippet makes the links before the other's postinst runs.
needed() {
  client needed 1.0 needed/__init__.py needed/deep.py < <(
    printf '== /DEBIAN/control\nDepends: python-support\n'
    snippets needed needed.public
  )
}

# check_imported WHAT: what the postinst imported, once for each interpreter.
check_imported() {
  local version text='importer, needed/deep.py of needed 1.0'
  check_transaction "$1"
  check_passes "$1" 1
  check_equal "$1: the postinst" \
    "$(for version in $(versions_in_root); do echo "$text"; done)" \
    "$(cat "$root/var/tmp/imported")"
  check_modules "$1: later" "importer=$text"
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "$1: python$version" "$version" 3 \
      "/usr/lib/pymodules/python$version"
  done
}

test_postinst_imports_its_own_module_and_its_dependencys() {
  local release paths packages
  packages=("$(importer)" "$(needed)")
  for release in "${RELEASES[@]}"; do
    new_view "$release"
    into_views "${packages[@]}" "$(own_package "$release")"
    transact apt-get install "${paths[@]}"
    check_imported "$release: apt-get install with python-support"
    drop_view
    new_system "$release"
    dpkg_install "${packages[@]}"
    check_imported "$release: dpkg -i"
    drop_view
  done
}

# -- python-support comes and goes

test_python_support_first_and_last() {
  local release order family own before
  mapfile -t family < <(family)
  for release in "${RELEASES[@]}"; do
    own=$(own_package "$release")
    for order in first last; do
      new_view "$release"
      case $order in
        first) dpkg_install "$own" "${family[@]}" ;;
        last) dpkg_install "${family[@]}" "$own" ;;
      esac
      check_transaction "$release: dpkg -i with python-support $order"
      check_passes "$release: dpkg -i with python-support $order" 1
      if [ "$order" = first ]; then
        check_family "$release: dpkg -i with python-support $order"
        before=$(made)
      else
        check_same "$release: lesson 17: order does not matter" "$before" "$(made)"
      fi
      drop_view
    done
  done
}

# Lesson 2: the snippets of clients survive that python-support is not there.
test_lesson_2_removed_and_reinstalled_while_clients_stay() {
  local release family own bare before
  mapfile -t family < <(family)
  for release in bookworm sid; do
    own=$(own_package "$release")
    new_view "$release"
    dpkg_install "${family[@]}"
    check_transaction "$release: clients alone"
    bare=$(tree content /usr/lib/app /usr/share/app /usr/share/pyshared; tree names /usr)
    dpkg_install "$own"
    check_family "$release: python-support comes later"
    before=$(made)

    transact dpkg -r python-support
    check_transaction "$release: removed"
    check_same "$release: removed: nothing is left that passes made" "$bare" \
      "$(tree content /usr/lib/app /usr/share/app /usr/share/pyshared; tree names /usr)"
    dpkg_install "$own"
    check_transaction "$release: reinstalled"
    check_passes "$release: reinstalled" 1
    check_same "$release: reinstalled: everything is back" "$before" "$(made)"

    lesson_2_client_goes "$release" "$own"
    lesson_2_purge "$release"
    drop_view
  done
}

# A client goes while python-support is away.
lesson_2_client_goes() {
  local release=$1 own=$2
  transact dpkg -r python-support
  transact dpkg -r snippet
  check_transaction "lesson 2: $release: client removed without python-support"
  check_equal "lesson 2: $release: dpkg says nothing of it" "" "$(beyond_dpkg)"
  check_missing "lesson 2: $release: its private modules" "$root/usr/share/app"
  dpkg_install "$own"
  check_transaction "lesson 2: $release: python-support is back"
  check_modules "lesson 2: $release: the other clients" "${FAMILY_MODULES[@]/snippet=*/plain=\
plain/__init__.py of plain 1.2-1}"
  check_equal "lesson 2: $release: nothing of the client" "" "$(find "$root/usr/lib/pymodules" \
    "$root/usr/share" "$root/usr/lib/app" -name '*snippet*')"
}

# What purge leaves of python-support in the whole system: nothing but what dpkg and clients have.
lesson_2_purge() {
  echo "older" >"$root/var/log/python-support.log.1"
  : >"$root/var/log/python-support.log.2.gz"
  transact dpkg -P python-support
  check_transaction "$1: purged"
  check_equal "$1: purged: what is left" "/usr/share/python-support" "$(
    find "$root" -xdev \( -path "$root/tmp" -o -path "$root/proc" \) -prune -o \
      \( -name '*python-support*' -o -name pymodules -o -name '*.pyc' -path '*/app/*' \) -print |
      sed "s,^$root,," | sort
  )"
  check_exists "$1: purged: the clients' own files stay" "$root/usr/share/pyshared/bare.py"
}

# removed_together RELEASE WHAT COMMAND...: the family and python-support, taken away by it.
removed_together() {
  local what="$1: $2" debs before after own
  own=$(own_package "$1")
  new_view "$1"
  before=$(tree names /usr /opt /var/lib/python-support)
  mapfile -t debs < <(family)
  dpkg_install "$own" "${debs[@]}"
  check_exists "$what: there is something" "$root/usr/lib/pymodules/$(readlink \
    "$root/usr/bin/python3")/plain/__pycache__"
  transact "${@:3}"
  check_transaction "$what"
  [ "$2" != purge ] || check_missing "$what: the log" "$root/var/log/python-support.log"
  rm -rf "$root/var/lib/python-support" # but for the state, which only purge takes
  after=$(tree names /usr /opt /var/lib/python-support)
  check_same "$what: nothing is left" "$before" "$after"
  drop_view
}

test_all_removed_in_one_transaction() {
  local family=(plain snippet bare legacy)
  removed_together bookworm "python-support first" dpkg -r python-support "${family[@]}"
  removed_together bookworm "python-support last" dpkg -r "${family[@]}" python-support
  removed_together sid "python-support in the middle" \
    dpkg -r "${family[@]:0:2}" python-support "${family[@]:2}"
  removed_together trixie "apt-get remove" apt-get remove "${family[@]}" python-support
  removed_together sid "purge" apt-get purge "${family[@]}" python-support
}

# A removal that is called off, after the modules are gone, brings them back (abort-remove).
test_removal_that_fails_brings_modules_back() {
  local release rival before debs what
  rival=$(build_package rival 1.0 <<'LINES'
== /DEBIAN/control
Conflicts: python-support
Provides: python-support
Replaces: python-support
== /DEBIAN/preinst 0755
#!/bin/sh
! ls /usr/lib/pymodules/*/plain/part.py >/dev/null 2>&1 || echo "modules are still there"
exit 1
LINES
  )
  for release in bookworm sid; do
    what="$release: removed in favour of another"
    mapfile -t debs < <(family)
    new_system "$release"
    dpkg_install "${debs[@]}"
    before=$(made)
    dpkg_install "$rival"
    check_status "$what, which fails" 1
    check_without "$what, which fails: prerm had run" "still there" "$said"
    check_brought_back "$what, which fails" "$before"
    printf 'exit 1\n' >>"$root/var/lib/dpkg/info/python-support.prerm"
    transact dpkg -r python-support
    check_status "$release: prerm fails at its end" 1
    check_brought_back "$release: prerm fails at its end" "$before"
    drop_view
  done
}

# check_brought_back WHAT BEFORE: python-support is installed, and one pass made all again.
check_brought_back() {
  check_equal "$1: state" installed "$(states python-support)"
  check_equal "$1: dpkg --audit finds nothing" "" "$(in_root "$root" dpkg --audit)"
  check_passes "$1" 1
  check_same "$1: all is back" "$2" "$(made)"
}

# A dependent that cannot be removed keeps python-support, and with it the modules.
test_removal_refused_for_a_dependent() {
  local dependent before debs
  dependent=$(client dependent 1.0 dependent.py < <(
    printf '== /DEBIAN/control\nDepends: python-support\n'
    printf '== /DEBIAN/prerm 0755\n#!/bin/sh\nexit 1\n'
  ))
  mapfile -t debs < <(family)
  new_system trixie
  dpkg_install "${debs[@]}" "$dependent"
  before=$(made)
  transact dpkg -r dependent python-support
  check_status "the dependent's prerm fails" 1
  check_equal "the dependent's prerm fails: states" installed \
    "$(states dependent python-support)"
  check_same "the dependent's prerm fails: modules stay" "$before" "$(made)"
  check_modules "the dependent's prerm fails" "${FAMILY_MODULES[@]}" \
    "dependent=dependent.py of dependent 1.0"
}

# -- what the user sees

# A pass that changed something says one line, for all interpreters; one that did not says nothing.
test_one_line_a_pass() {
  local debs
  new_system sid
  dpkg_install "$(build_package stranger 1.0 <<<'== /usr/share/doc/stranger/readme')"
  check_equal "nothing of ours: nothing is said" "" "$(beyond_dpkg)"
  check_passes "nothing of ours" 0
  check_without "nothing of ours" python-support "$said"
  mapfile -t debs < <(clients 5)
  dpkg_install "${debs[@]}"
  check_passes "5 packages" 1
  check_equal "5 packages: dpkg's line" 1 "$(grep -c '^Processing triggers for python-s' "$said")"
  check_equal "5 packages: our line" 1 "$(beyond_dpkg | wc -l)"
  dpkg_install "${debs[@]}"
  check_passes "the same 5 again" 1
  check_equal "the same 5 again: nothing is said" "" "$(beyond_dpkg)"
  transact dpkg -r client1 client2
  check_passes "2 removed" 1
  check_equal "2 removed: our line" 1 "$(beyond_dpkg | wc -l)"
  transact dpkg -r python-support
  check_equal "python-support removed: our line" 1 "$(beyond_dpkg | wc -l)"
  check_transaction "python-support removed"
}

# Each snippet runs a pass, so it may say one line where it made something.
test_one_line_a_snippet() {
  local debs
  mapfile -t debs < <(family)
  new_system sid
  dpkg_install "${debs[1]}"
  check_passes "a client with snippets" 1
  check_at_most "a client with snippets: our lines, the snippet's and the trigger's" 2 \
    "$(beyond_dpkg | wc -l)"
  transact dpkg -r snippet
  check_at_most "a client with snippets, removed: our lines" 2 "$(beyond_dpkg | wc -l)"
}

# Lesson 20: no prompt, no reading of standard input; a terminal makes no difference.
test_lesson_20_terminals_and_standard_input() {
  local paths family before said_before rest
  mapfile -t family < <(family)
  new_system sid
  dpkg_install "${family[@]}"
  before=$(made)
  said_before=$(without_times "$said")
  drop_view
  new_system sid
  into_views "${family[@]}"
  printf 'one line\n' >"$work/input"
  rest=$({ dpkg_in_root -i "${paths[@]}" >/dev/null 2>&1; cat; } <"$work/input")
  check_equal "lesson 20: standard input is left alone" "one line" "$rest"
  check_same "lesson 20: with standard input" "$before" "$(made)"
  drop_view
  new_system sid
  into_views "${family[@]}"
  transact sh -c 'exec dpkg --force-unsafe-io -i "$@" <&-' sh "${paths[@]}"
  check_transaction "lesson 20: no standard input"
  check_same "lesson 20: no standard input" "$before" "$(made)"
  drop_view
  new_system sid
  into_views "${family[@]}"
  said=$work/terminal
  script --quiet --return --command "env DEBIAN_FRONTEND=dialog TERM=xterm PATH=$PATH \
    chroot '$root' dpkg --force-unsafe-io -i ${paths[*]}" /dev/null </dev/null | tr -d '\r' >"$said"
  check_same "lesson 20: at a terminal" "$before" "$(made)"
  check_equal "lesson 20: at a terminal: what is said" "$said_before" "$(without_times "$said")"
}

# without_times FILE: our lines in it, without how long it took.
without_times() {
  said=$1 beyond_dpkg | sed 's/ in [0-9.]* s$//'
}

# The log of passes names references, packages and versions.
test_log_names_references_packages_and_versions() {
  local release log debs
  for release in bookworm trixie; do
    new_system "$release"
    log=$root/var/log/python-support.log
    : >"$log"
    mapfile -t debs < <(family)
    dpkg_install "${debs[@]}" "$(client python3-foo 1.2-1 foo.py </dev/null)"
    check_matches "$release: installed" '^  changed: python3-foo\.public \(python3-foo 1\.2-1\)$' \
      "$log"
    check_matches "$release: with snippets" '^  changed: snippet\.public \(snippet 1\.0\)$' "$log"
    check_matches "$release: private, too" '^  changed: bare\.private \(bare 1\.0\)$' "$log"
    check_matches "$release: a tree" '^  changed: legacy \(legacy 1\.0\)$' "$log"
    check_matches "$release: who" '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} dpkg trigger, ' "$log"
    : >"$log"
    dpkg_install "$(client python3-foo 1.3~rc1-2 foo.py bar.py </dev/null)"
    check_matches "$release: upgraded" \
      '^  changed: python3-foo\.public \(python3-foo 1\.3~rc1-2\)$' "$log"
    check_without "$release: upgraded: no others" snippet "$log"
    : >"$log"
    transact dpkg -r python3-foo snippet
    check_matches "$release: removed" '^  gone: python3-foo\.public \(python3-foo 1\.3~rc1-2\)$' \
      "$log"
    check_matches "$release: removed" '^  gone: snippet\.public \(snippet 1\.0\)$' "$log"
    check_matches "$release: removed, private" '^  gone: snippet\.private \(snippet 1\.0\)$' "$log"
    drop_view
  done
}

# Others than root may be able to write to /var/log, so a link there may lead anywhere.
test_log_that_is_a_symbolic_link_is_not_followed() {
  local debs
  new_system bookworm
  echo precious | put /etc/precious
  ln -sfn ../../etc/precious "$root/var/log/python-support.log"
  mapfile -t debs < <(family)
  dpkg_install "${debs[@]}"
  check_transaction "the log is a link"
  check_equal "the log is a link: its target" precious "$(cat "$root/etc/precious")"
  check_link "the log is a link" ../../etc/precious "$root/var/log/python-support.log"
  check_contains "the log is a link: is reported" /var/log/python-support.log "$said"
  check_family "the log is a link"
  transact dpkg -P python-support
  check_transaction "the log is a link: purged"
  check_missing "the log is a link: purged" "$root/var/log/python-support.log"
  check_equal "the log is a link: purged: its target" precious "$(cat "$root/etc/precious")"
}

# The handler gets what dpkg's caller has in its environment, and uses none of it.
test_environment_of_the_caller_does_not_matter() {
  local release family paths before evil
  mapfile -t family < <(family)
  for release in bookworm sid; do
    new_system "$release"
    dpkg_install "${family[@]}"
    before=$(made)
    drop_view
    new_system "$release"
    into_views "${family[@]}"
    for evil in sitecustomize usercustomize marshal struct encodings site importlib startup; do
      put "/tmp/evil/$evil.py" <<<'open("/tmp/evil/was-run", "w"); raise SystemExit(3)'
    done
    for evil in $(versions_in_root | sed 's/^/python/') python3; do
      printf '#!/bin/sh\ntouch /tmp/evil/was-run\nexit 3\n' | put "/tmp/evil/$evil" 0755
    done
    chmod 0777 "$root/tmp/evil"
    transact env LANG=C LC_ALL=C PATH=/tmp/evil:/usr/sbin:/usr/bin:/sbin:/bin \
      PYTHONPATH=/tmp/evil PYTHONHOME=/nonexistent PYTHONSTARTUP=/tmp/evil/startup.py \
      PYTHONOPTIMIZE=2 PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/tmp/evil \
      PYTHONWARNINGS=error PYTHONHASHSEED=7 PYTHONUTF8=0 PYTHONUSERBASE=/tmp/evil \
      HOME=/nonexistent TMPDIR=/nonexistent TZ=Pacific/Kiritimati sh -c '
        umask 077
        cd /tmp/evil
        ulimit -n 64
        exec dpkg --force-unsafe-io -i "$@"' sh "${paths[@]}"
    check_transaction "$release: hostile environment"
    check_passes "$release: hostile environment" 1
    check_same "$release: hostile environment: the same result" "$before" "$(made)"
    check_missing "$release: hostile environment" "$root/tmp/evil/was-run"
    check_equal "$release: hostile environment: mode of the log" 644 \
      "$(stat -c %a "$root/var/log/python-support.log")"
    check_equal "$release: hostile environment: modes" "" \
      "$(find "$root/usr/lib/pymodules" ! -type l ! -perm -0044)"
    drop_view
  done
}
