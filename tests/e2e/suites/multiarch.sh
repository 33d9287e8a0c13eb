# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages that are "Multi-Arch: same" with C extensions: one reference for all architectures, the
# same bytes in each package (dpkg demands that), which lists the extensions of all of them.

# extension ARCHITECTURE TRIPLET: the name of the package's C extension for the view's $python.
extension() {
  echo "ext/_speed.cpython-${python/./}-$1-linux-gnu.so"
}

# ext ARCHITECTURE VERSION: the package ext for that architecture; prints its path. What the
# extension holds does not matter here: nothing loads it.
ext() {
  local own
  own=$(extension "$(tag_of "$1")")
  build_package ext "$2" "$1" <<LINES
== /DEBIAN/control
Multi-Arch: same
== /usr/share/python-support/ext.public
pyversions=$python
/usr/share/pyshared/ext/__init__.py
/usr/lib/pyshared/python$python/$(extension x86_64)
/usr/lib/pyshared/python$python/$(extension i386)
== /usr/share/pyshared/ext/__init__.py
version = '$2'
== /usr/lib/pyshared/python$python/$own
for $1, version $2
LINES
}

tag_of() {
  if [ "$1" = amd64 ]; then echo x86_64; else echo i386; fi
}

# new_multiarch_system RELEASE: with i386 besides; sets $python to the release's default version.
new_multiarch_system() {
  new_system "$1"
  python=$(readlink "$root/usr/bin/python3")
  python=${python#python}
  in_root "$root" dpkg --add-architecture i386
}

# check_served WHAT VERSION ARCHITECTURE...: the module is there, and the extensions of these
# architectures and no others. Nobody is told of the extensions of packages that are not installed.
check_served() {
  local what=$1 version=$2 arch tag text
  shift 2
  check_done "$what"
  check_import "$what" "$python" "$version" 'import ext; print(ext.version)'
  check_compiled_as_py_compile "$what" "$python" 1 "/usr/lib/pymodules/python$python"
  for arch in amd64 i386; do
    tag=$(extension "$(tag_of "$arch")")
    text="/usr/lib/pyshared/python$python/$tag"
    case " $* " in
      *" $arch "*)
        check_link "$what" "$text" "$(linked "$python" "$tag")"
        check_equal "$what: $arch" "for $arch, version $version" "$(cat "$root$text")"
        ;;
      *) check_missing "$what" "$(linked "$python" "$tag")" ;;
    esac
  done
  check_empty "$what: what dpkg and the pass complain of" "$err"
}

check_gone() {
  check_done "$1"
  check_nothing_left "$1"
  check_missing "$1" "$root/usr/lib/pyshared/python$python"
  check_empty "$1: what dpkg and the pass complain of" "$err"
}

# check_life FIRST SECOND: the architectures come in this order, and go in it.
check_life() {
  dpkg_install "$(ext "$1" 1.0)"
  check_served "$release: $1 alone" 1.0 "$1"
  dpkg_install "$(ext "$2" 1.0)"
  check_served "$release: $1, then $2" 1.0 "$1" "$2"
  dpkg_install "$(ext "$1" 2.0.1)" "$(ext "$2" 2.0.1)"
  check_served "$release: both upgraded" 2.0.1 "$1" "$2"
  transact dpkg -r "ext:$1"
  check_served "$release: $2 is left" 2.0.1 "$2"
  transact dpkg -r "ext:$2"
  check_gone "$release: none is left"
}

test_extensions_of_two_architectures() {
  local release python
  for release in bookworm sid; do
    new_multiarch_system "$release"
    check_life amd64 i386
    check_life i386 amd64
    drop_view
  done
}

# Both in one transaction; the pass that follows any later one has nothing to say of them.
test_both_at_once_and_a_later_pass_is_silent() {
  local release=trixie python
  new_multiarch_system trixie
  dpkg_install "$(ext i386 1.0)" "$(ext amd64 1.0)"
  check_served "trixie: both at once" 1.0 amd64 i386
  check_contains "the log names the package" "ext.public (ext" "$root/var/log/python-support.log"
  transact dpkg -r ext:i386
  check_served "trixie: i386 is removed" 1.0 amd64
  dpkg_install "$(client other 1.0 other.py </dev/null)"
  check_transaction "trixie: another package"
  check_empty "trixie: what a later pass complains of" "$err"
  transact dpkg --purge ext:amd64
  check_transaction "trixie: the last one is purged"
  check_missing "trixie: the last one is purged" "$(linked "$python" ext)"
}
