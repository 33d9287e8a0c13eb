# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From Debian 12 to Debian 13 in one transaction of apt, our own packages among the others.

# to_trixie: what the view's apt takes its packages from.
to_trixie() {
  sed -i 's/bookworm/trixie/g' "$root/etc/apt/sources.list"
  rm -rf "$root/var/lib/apt/lists"
}

# bring_trixie_within_reach [NAME...]: the lists of the archive, and what the upgrade of a system
# with those packages of bookworm needs; downloaded once a day.
bring_trixie_within_reach() {
  local cache
  cache=$(cached_directory "trixie-for-bookworm-$(printf '%s\n' "$@" | sha256sum | cut -c1-12)" \
    download_trixie "$@")
  to_trixie
  cp -r "$cache/lists" "$root/var/lib/apt"
  cp -r "$cache/archives" "$root/var/cache/apt"
}

# download_trixie [NAME...] DIR
download_trixie() (
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  dir=${*: -1}
  new_view bookworm || exit
  if [ $# -gt 1 ]; then
    folder=$(downloaded_packages bookworm "${@:1:$#-1}") || exit
    mapfile -t debs < <(into_view "$folder"/*.deb)
    in_root "$root" dpkg --force-unsafe-io --force-depends -i "${debs[@]}" || exit
  fi
  to_trixie
  in_root "$root" apt-get -qq -o Acquire::Check-Valid-Until=false update &&
    in_root "$root" apt-get -qq --yes -o APT::Sandbox::User=root \
      -o APT::Install-Recommends=false dist-upgrade --download-only &&
    rm -rf "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial" &&
    mkdir "$dir" && cp -r "$root/var/cache/apt/archives" "$root/var/lib/apt/lists" "$dir"
)

# for_trixie: what repack does to make a package of ours newer than the one for bookworm.
for_trixie() {
  sed -i 's/^Version: .*/&+trixie/; s/python-support (= \([^)]*\))/python-support (= \1+trixie)/' \
    DEBIAN/control
}

# local_archive DEB...: they come from an archive of their own; apt's other lists are not downloaded
# again.
local_archive() {
  local deb archive=$root/srv/archive
  mkdir -p "$archive" "$root/var/lib/apt/lists/partial"
  cp "$@" "$archive"
  for deb in "$archive"/*.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(stat -c %s "$deb")" \
      "$(sha256sum "$deb" | cut -d ' ' -f 1)"
  done >"$archive/Packages"
  put /etc/apt/sources.list.d/local.list <<<'deb [trusted=yes] copy:/srv/archive ./'
  transact apt-get -o Dir::Etc::SourceList=/etc/apt/sources.list.d/local.list \
    -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=false update
  check_status "the local archive" 0
}
