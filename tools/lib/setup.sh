# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Set-up that tools/check and tools/demo share: packages, and building a preset.

# build_dependencies: the packages that debian/control names in Build-Depends, without versions.
build_dependencies() {
  sed -n '/^Build-Depends:/,/^[^ ]/{/^ /p}' debian/control |
    sed -E 's/^ *([^ ,(]+).*/\1/; s/^debhelper-compat$/debhelper/'
}

# listed_packages FILE...: the packages that lists name.
listed_packages() {
  sed 's/#.*//' "$@" | xargs -n 1
}

# install_listed FILE...: the packages that lists name.
install_listed() {
  # shellcheck disable=SC2046 # one word a package
  install_packages_by_apt $(listed_packages "$@")
}

# install_packages_by_apt PACKAGE...: only where one is missing.
install_packages_by_apt() {
  local package missing=()
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) missing+=("$package") ;;
    esac
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

# build_preset PRESET [TARGET...]: configures and builds; an existing build directory is used again.
build_preset() {
  local preset=$1 target targets=()
  shift
  for target in "$@"; do
    targets+=(--target "$target")
  done
  cmake --preset "$preset" >/dev/null &&
    cmake --build --preset "$preset" --parallel "${jobs:-$(nproc)}" "${targets[@]}"
}
