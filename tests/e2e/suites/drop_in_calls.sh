# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages as Debian has them today, with every form in which a maintainer script calls py3compile:
# after each transaction the bytecode is that of the same transaction with Debian's own programs.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"
RELEASES=(bookworm trixie sid)

# forms VERSION: packages, each with one form or a few; prints their paths.
forms() {
  local default
  default=$(private_version)
  forms_of_places "$1"
  forms_of_versions "$1" "$default"
  forms_of_options "$1"
  forms_of_files "$1"
}

# forms_of_places VERSION
forms_of_places() {
  sources plain plain/__init__.py plain/part.py "plain/new$1.py" /usr/share/doc/plain/example.py |
    today plain "$1" '-p plain'
  sources private private.py /usr/share/private/main.py /usr/share/private/deep/er.py |
    today private "$1" '-p private /usr/share/private'
  sources several several.py /usr/share/several/main.py /usr/share/several/deep/er.py |
    today several "$1" '-p several' '-p several /usr/share/several /usr/share/several/deep' \
      '-p several /usr/share/several'
  sources prefix /usr/share/prefix/main.py /usr/share/prefix-more/main.py |
    today prefix "$1" '-p prefix /usr/share/prefix'
  sources missing missing.py | today missing "$1" '-p missing /usr/share/missing'
  sources directory /usr/share/directory/main.py /usr/share/directory/tool \
    /usr/share/directory/deep/er.py /usr/share/directory-file/one.py \
    /usr/share/directory-file/two.py |
    today directory "$1" '/usr/share/directory' \
      '/usr/share/directory-file/one.py /usr/share/directory/tool'
  sources relative /usr/share/relative/sub/main.py /usr/share/relative/tool.py |
    today relative "$1" '-q /usr/share/relative/no; cd /usr/share/relative; py3compile sub tool.py'
  sources unknown unknown.py | today unknown "$1" '-p no-such-package || true'
}

# forms_of_versions VERSION DEFAULT
forms_of_versions() {
  local version call
  sources pinned pinned.py /usr/lib/pinned/main.py |
    today pinned "$1" "-p pinned -V $2" "-p pinned /usr/lib/pinned -V $2"
  for version in 3.14 3.13- 3.11-3.15; do
    call=range${version//-/to}
    sources "$call" "${call//./_}.py" "/usr/share/$call/main.py" "/usr/lib/$call/main.py" |
      today "$call" "$1" "-p $call -V $version || true" \
        "-V $version -p $call /usr/share/$call || true" "/usr/lib/$call -V $version || true"
  done
  {
    for version in 2.7 3.9 $(versions_in_root); do
      sources versioned "/usr/lib/python$version/dist-packages/versioned/part.py"
    done
    sources versioned /usr/lib/python3/site-packages/site.py \
      /opt/usr/lib/python3/dist-packages/opt.py /usr/local/lib/python3/dist-packages/local.py
  } | today versioned "$1" '-p versioned' "-p versioned /usr/lib/python$2/dist-packages"
}

# forms_of_options VERSION
forms_of_options() {
  sources exclude /usr/share/exclude/{main,old_1,old_x}.py /usr/share/exclude/tests/case.py \
    /usr/share/exclude/deep/tests/case.py |
    today exclude "$1" "-p exclude /usr/share/exclude -X 'tests/.*' -X '.*/old_[0-9]+\\.py'"
  sources exclusion /usr/lib/exclusion/{main,test_main}.py /usr/lib/exclusion/deep/test_er.py |
    today exclusion "$1" "--exclude='test_' /usr/lib/exclusion"
  sources optimized optimized.py /usr/share/optimized/main.py |
    today optimized "$1" '-O -p optimized' '-p optimized' '-p optimized -O /usr/share/optimized'
  sources forced forced.py | today forced "$1" '-f -p forced'
  sources options options.py | today options "$1" '--package=options --quiet --force'
  sources bundled bundled.py | today bundled "$1" '-fqpbundled'
  sources architecture architecture.py /usr/lib/architecture/main.py |
    today architecture:amd64 "$1" '-p architecture:amd64' \
      '-p architecture:amd64 /usr/lib/architecture'
  {
    sources exceptions exceptions/{main,skip_it,one,other}.py exceptions/templates/{a,b}.py \
      exceptions/deep/skip_it.py exceptions/deep/old.py
    cat <<'LINES'
== /usr/share/python3/bcep/exceptions
# what should not be compiled
re|-|/usr/lib/python3/dist-packages/exceptions|skip_.*
dir|3.0-|/usr/lib/python3/dist-packages/exceptions/templates
file|-4.0|/usr/lib/python3/dist-packages/exceptions/one.py
file|2.7|/usr/lib/python3/dist-packages/exceptions/other.py
re|-3.14|/usr/lib/python3/dist-packages/exceptions/deep/|.*/old\.py
LINES
  } | today exceptions "$1" '-p exceptions'
}

# forms_of_files VERSION
forms_of_files() {
  {
    sources files files/foo.py files/foo.bar.py files/ü.py files/data.txt files/.hidden.py
    printf "== /usr/lib/python3/dist-packages/files/%s\nx = 1\n" \
      'script.py 0755' 'group.py 0640' 'fixed.py 0444' 'own.py 0600'
    printf '== /usr/lib/python3/dist-packages/files/empty.py\n'
  } | today files "$1" '-p files'
  sources links links/real.py /usr/share/links/away.py /usr/share/links/place/main.py > \
    "$work/links"
  cat - "$work/links" <<'LINES' | today links "$1" '-p links' '/usr/share/links'
== /usr/lib/python3/dist-packages/links/alias.py -> real.py
== /usr/lib/python3/dist-packages/links/away.py -> ../../../../share/links/away.py
== /usr/lib/python3/dist-packages/linked -> links
== /usr/share/links/again -> place
LINES
  {
    sources configured /etc/configured/settings.py
    printf '== /DEBIAN/conffiles\n/etc/configured/settings.py\n'
  } | today configured "$1" '-p configured /etc/configured'
}

# names_of DEB...: the packages' names.
names_of() {
  printf '%s\n' "$@" | sed 's,.*/,,; s,_.*,,'
}

# One release sees the whole life of the packages: nothing in it depends on the release.
test_every_form_has_the_bytecode_of_debians() {
  local release debs names
  for release in "${RELEASES[@]}"; do
    pair "$release"
    mapfile -t debs < <(forms 1)
    mapfile -t names < <(names_of "${debs[@]}")
    check_at_least "$release: packages" 20 "${#names[@]}"
    in_both "$release: installed" 60 -i "${debs[@]}"
    check_passes "$release: installed" 1
    check_code "$release: installed" 30
    [ "$release" != trixie ] || check_life "${debs[@]}"
    in_both "$release: all are removed" 1 -r "${names[@]}"
    check_exists "$release: a conffile" "$root/etc/configured/settings.py"
    check_equal "$release: nothing of them is left" "" \
      "$(bytecode_files | grep -v ^/usr/share/python3/ || true)"
    drop_pair
  done
}

# check_life DEB...: these are installed again, and upgraded, and some of them are removed.
check_life() {
  local newer
  in_both "installed again" 60 -i "$@"
  mapfile -t newer < <(forms 2)
  in_both "upgraded" 60 -i "${newer[@]}"
  check_passes "upgraded" 1
  check_code "upgraded" 40
  in_both "a few are removed" 40 -r plain several optimized versioned exclude files
}

# A conffile stays when its package is removed, and the bytecode that was made for it does not come
# back in later passes.
test_removed_package_with_a_conffile() {
  local release deb
  for release in "${RELEASES[@]}"; do
    new_drop_in_system "$release"
    deb=$(forms_of_files 1 | grep /configured_)
    dpkg_install "$deb"
    check_calls_done "$release: installed"
    check_private "$release: installed" /etc/configured/settings.py
    transact dpkg -r configured
    check_transaction "$release: removed"
    dpkg_install "$(simple other 1.0)"
    check_calls_done "$release: another package"
    check_exists "$release: the conffile" "$root/etc/configured/settings.py"
    check_missing "$release: its bytecode" "$root/etc/configured/__pycache__"
    drop_view
  done
}

# A removal that Debian's programs do, after the drop-in went, leaves nothing either; and as long as
# nobody removes anything, the bytecode stays.
test_bytecode_outlives_the_drop_in() {
  local debs names
  new_drop_in_system sid
  mapfile -t debs < <(forms 1)
  mapfile -t names < <(names_of "${debs[@]}")
  bytecode_files >"$work/none"
  dpkg_install "${debs[@]}"
  check_calls_done "installed"
  bytecode_files >"$work/before"
  transact dpkg -r python-support-py3compile
  check_transaction "the drop-in is removed"
  bytecode_files >"$work/after"
  check_same_file "the drop-in is removed" "$work/before" "$work/after"
  transact dpkg -r python-support
  check_transaction "python-support is removed"
  bytecode_files >"$work/after"
  check_same_file "python-support is removed" "$work/before" "$work/after"
  transact dpkg -r "${names[@]}"
  check_transaction "the packages are removed"
  bytecode_files >"$work/after"
  check_same_file "the packages are removed" "$work/none" "$work/after"
}

# as_in RELEASE CALL: that call of py3compile as the packages of the release have it.
as_in() {
  if [ "$1" = sid ]; then
    echo "$2  || true"
  else
    echo "$2"
  fi
}

# Packages that were there before: installing the drop-in compiles nothing that is fresh, leaves
# what is there as it is, and knows it from then on.
test_bytecode_of_before_is_taken_over() {
  local release deb
  for release in "${RELEASES[@]}"; do
    new_system "$release"
    deb=$(sources "early 1.0" early/{__init__,part}.py |
      today early 1.0 "$(as_in "$release" '-p early')")
    supported dpkg -i "$(into_view "$deb")"
    check_status "$release: with Debian's" 0
    tree stamps /usr/lib/python3/dist-packages/early/__pycache__ >"$work/before"
    dpkg_install "$(drop_in_package "$release")"
    check_calls_done "$release: the drop-in comes"
    tree stamps /usr/lib/python3/dist-packages/early/__pycache__ >"$work/after"
    check_same_file "$release: the drop-in comes" "$work/before" "$work/after"
    record in_root "$root" update-python-modules --explain \
      /usr/lib/python3/dist-packages/early/part.py
    check_status "$release: --explain" 0
    check_contains "$release: --explain" "early" "$out"
    transact dpkg -r early
    check_transaction "$release: removed"
    check_missing "$release: removed" "$root/usr/lib/python3/dist-packages/early"
    drop_view
  done
}
