# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages: tiny ones made on the fly, and real ones of the archive in the reference layout.

# build_package NAME VERSION [ARCHITECTURE]: makes NAME_VERSION_ARCHITECTURE.deb ("all" unless told
# otherwise) from a description on standard input and prints its path. The description is a list of
# files, each "== PATH [MODE]" and its content, or "== PATH -> TARGET"; paths under /DEBIAN are
# control files. Fields in /DEBIAN/control, such as Depends, are added to the usual ones.
build_package() {
  local name=$1 version=$2 architecture=${3:-all} tree line path='' mode target=$work/packages
  local deb=$target/${name}_${version}_$architecture.deb
  mkdir -p "$target"
  tree=$(mktemp -d "$work/package.XXXXXX")
  chmod 0755 "$tree"
  mkdir "$tree/DEBIAN"
  while IFS= read -r line; do
    if [[ $line =~ ^==\ ([^ ]+)\ -\>\ (.+)$ ]]; then
      path=$tree${BASH_REMATCH[1]}
      mkdir -p "$(dirname "$path")"
      ln -s "${BASH_REMATCH[2]}" "$path"
    elif [[ $line =~ ^==\ ([^ ]+)(\ ([0-7]+))?$ ]]; then
      path=$tree${BASH_REMATCH[1]}
      mode=${BASH_REMATCH[3]:-0644}
      mkdir -p "$(dirname "$path")"
      : >"$path"
      chmod "$mode" "$path"
    else
      printf '%s\n' "$line" >>"$path"
    fi
  done
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: Test <test@example.org>\n' \
    "$name" "$version" "$architecture" >>"$tree/DEBIAN/control"
  printf 'Description: made by a test\n' >>"$tree/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone --build "$tree" "$deb" >/dev/null
  rm -rf "$tree"
  echo "$deb"
}

# dpkg_in_root ARGUMENT...: the view's own dpkg.
dpkg_in_root() {
  in_root "$root" dpkg --force-unsafe-io "$@"
}

# install_packages DEB...: by the view's dpkg.
install_packages() {
  local name names=()
  mkdir -p "$root/tmp/packages"
  cp "$@" "$root/tmp/packages"
  for name in "$@"; do
    names+=("/tmp/packages/$(basename "$name")")
  done
  dpkg_in_root -i "${names[@]}" >"$work/dpkg.log" 2>&1 || {
    cat "$work/dpkg.log" >&2
    return 1
  }
}

# repacked DEB [REPACK-OPTION...]: the package in the reference layout; prints its path.
repacked() {
  mkdir -p "$work/packages"
  /usr/bin/python3 "$E2E/lib/repack.py" "${@:2}" "$1" "$work/packages"
}

# Packages with many modules, all of Python 3; the two with extensions are markupsafe and yaml.
REAL_PACKAGES=(
  python3-attr python3-chardet python3-docutils python3-idna python3-jinja2 python3-markupsafe
  python3-packaging python3-pygments python3-pyparsing python3-requests python3-six python3-sphinx
  python3-urllib3 python3-yaml
)

# install_real_packages SUITE [NAME...]: repacked, for Python 3 only, by the view's dpkg.
install_real_packages() {
  local suite=$1 folder deb debs=()
  shift
  [ $# -gt 0 ] || set -- "${REAL_PACKAGES[@]}"
  folder=$(downloaded_packages "$suite" "$@")
  for deb in "$folder"/*.deb; do
    debs+=("$(repacked "$deb" --pyversions 3.0-)")
  done
  install_packages "${debs[@]}"
}

# install_real_packages_of_python2 SUITE: what the release still has for 2.7, and a copy of its
# standard library, below one more directory, to have some hundred modules.
install_real_packages_of_python2() {
  local folder deb debs=()
  folder=$(downloaded_packages "$1" python-jinja2 python-markupsafe python-pkg-resources \
    python-ply python-pycparser python-setuptools libpython2.7-stdlib)
  for deb in "$folder"/python-*.deb; do
    debs+=("$(repacked "$deb" --pyversions 2.7 --from /usr/lib/python2.7/dist-packages)")
  done
  debs+=("$(repacked "$folder"/libpython2.7-stdlib*.deb --name python-stdlib-copy \
    --pyversions 2.7 --from /usr/lib/python2.7 --below stdlib_copy)")
  install_packages "${debs[@]}"
}
