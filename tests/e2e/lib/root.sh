# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Root directories of Debian releases with their interpreters, made once a day and kept under
# $PYSUP_CACHE/YYYY-MM-DD/. Nothing is ever run in a cached root itself: see view.sh.

PYSUP_CACHE=${PYSUP_CACHE:-/var/cache/python-support-tests}
cache_day=

# Names today's folder in $cache_day (to be called once, not in a subshell), and removes the folders
# of earlier days that nobody uses: every user of a day's roots holds a shared lock on "DAY.lock"
# for as long as it runs.
cache_open() {
  local day lock old
  day=$(date +%F)
  mkdir -p "$PYSUP_CACHE/$day"
  exec 8>"$PYSUP_CACHE/$day.lock"
  flock --shared 8
  for lock in "$PYSUP_CACHE"/*.lock; do
    old=$(basename "$lock" .lock)
    if [ "$old" != "$day" ]; then
      flock --exclusive --nonblock "$lock" \
        rm -rf --one-file-system "${PYSUP_CACHE:?}/$old" "$lock" || true
    fi
  done
  cache_day=$PYSUP_CACHE/$day
}

# cached_root SUITE: prints the directory of that release's root, made if today has none yet.
# Two callers at once make it once.
cached_root() {
  cached_directory "$1" make_root "$1"
}

# cached_directory NAME COMMAND...: prints $cache_day/NAME; where it is missing, COMMAND... with a
# directory as its last argument fills it. A directory under its final name is complete. COMMAND is
# asked for its status, so bash ignores "set -e" in it; and it gets no descriptors but the usual:
# mmdebstrap's shell commands cannot name those from 10 on.
cached_directory() {
  local name=$1
  shift
  (
    flock --exclusive 7
    if [ ! -d "$cache_day/$name" ]; then
      rm -rf --one-file-system "$cache_day/$name.new"
      if ! "$@" "$cache_day/$name.new" >"$cache_day/$name.log" 2>&1 7>&- 8>&-; then
        echo "cannot make $cache_day/$name:" >&2
        tail -n 30 "$cache_day/$name.log" >&2
        exit 1
      fi
      mv "$cache_day/$name.new" "$cache_day/$name"
    fi
  ) 7>"$cache_day/$name.making" || return 1
  echo "$cache_day/$name"
}

# in_root DIR COMMAND...: runs a command inside a root, with an environment made from nothing.
in_root() {
  local dir=$1
  shift
  refuse_host_root "$dir"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
    DEBIAN_FRONTEND=noninteractive chroot "$dir" "$@"
}

# refuse_host_root DIR: nothing here may ever act on the machine's own root.
refuse_host_root() {
  if [ -z "${1-}" ] || [ ! -d "$1" ] || [ "$1" -ef / ]; then
    echo "refusing to act on '${1-}': it is not a throwaway root" >&2
    exit 1
  fi
}

# make_root SUITE DIR: a minimal system with every python2.Y and python3.Y that the release has.
make_root() {
  local suite=$1 dir=$2 packages
  mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' \
    "$suite" "$dir" || return
  in_root "$dir" apt-get -qq -o Acquire::Check-Valid-Until=false update || return
  mapfile -t packages < <(in_root "$dir" apt-cache pkgnames python |
    grep -E '^python([23]|[23]\.[0-9]+)$' | sort)
  [ "${#packages[@]}" -gt 0 ] || return
  in_root "$dir" apt-get -qq install --yes --no-install-recommends "${packages[@]}" || return
}

# downloaded_packages SUITE NAME...: prints a folder with those binary packages, as the archive
# has them, downloaded once a day.
downloaded_packages() {
  local key
  key=$(printf '%s\n' "${@:2}" | sha256sum | cut -c1-12)
  cached_directory "packages-$1-$key" download_packages "$@"
}

# What runs in a root to download packages: of each the newest version that can be had. The lists of
# a release at the end of its life name files that the archive no longer has.
# shellcheck disable=SC2016 # for the inner shell
DOWNLOAD='
  cd /tmp/packages
  for package; do
    for version in $(apt-cache madison "$package" | cut -d"|" -f2); do
      apt-get -qq -o APT::Sandbox::User=root download "$package=$version" && continue 2
    done
    exit 1
  done'

# download_packages SUITE NAME... DIR: with the package lists of that release's root.
download_packages() (
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  dir=${*: -1}
  new_view "$1" && mkdir "$root/tmp/packages" || exit
  in_root "$root" sh -euc "$DOWNLOAD" sh "${@:2:$#-2}" &&
    cp -r "$root/tmp/packages" "$dir"
)
