# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The modules that are compiled: those of real packages of trixie, below one directory for each
# package, without those that some interpreter refuses, so that all contenders do the same.

# corpus_packages quick|full: the packages, of which nothing is installed.
corpus_packages() {
  case $1 in
    quick) printf 'python3-%s\n' chardet docutils jinja2 packaging pygments requests urllib3 ;;
    full)
      printf 'python3-%s\n' aiohttp astropy babel boto3 botocore django docutils dulwich jedi \
        moto nltk notebook numpy openssl pandas pip pygments rich scipy setuptools sklearn \
        sphinx sqlalchemy statsmodels sympy twisted
      ;;
  esac
}

# corpus quick|full: prints a cached directory with the modules.
corpus() {
  local names key
  mapfile -t names < <(corpus_packages "$1")
  key=$(printf '%s\n' "${names[@]}" | sha256sum | cut -c1-12)
  cached_directory "corpus-$1-$key" make_corpus "$1" "${names[@]}"
}

# make_corpus quick|full NAME... DIR
make_corpus() (
  # shellcheck disable=SC2034 # the harness uses it
  view_mounts=() # those of the caller are not ours to unmount
  trap view_cleanup EXIT
  local size=$1 dir=${*: -1} folder deb
  folder=$(downloaded_packages trixie "${@:2:$#-2}") || exit
  for deb in "$folder"/*.deb; do
    modules_of "$deb" "$dir/$(basename "$deb" | cut -d _ -f 1)" || exit
  done
  drop_refused trixie "$dir" || exit
  [ "$size" = quick ] || drop_refused sid "$dir"
)

# modules_of DEB DIR
modules_of() {
  mkdir -p "$2"
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --strip-components=5 --wildcards \
    './usr/lib/python3/dist-packages/*.py'
}

# drop_refused RELEASE DIR: removes what some Python 3 of the release does not compile.
drop_refused() {
  local version module
  new_view "$1"
  mkdir "$root/usr/share/corpus"
  mount_in_view --bind "$2" "$root/usr/share/corpus"
  cp "$REPO/bench/floor/compile.py" "$root/tmp"
  in_root "$root" find /usr/share/corpus -type f -name '*.py' | sort >"$root/tmp/modules"
  for version in $(versions_in_root | grep '^3'); do
    python "$version" -s -S -B -W ignore /tmp/compile.py "$(nproc)" /tmp/modules \
      >"$root/tmp/refused" || return
    grep ' compiled$' "$root/tmp/refused" || return
    while read -r module; do
      rm -fv "$2/${module#/usr/share/corpus/}"
    done < <(grep '^/' "$root/tmp/refused")
  done
  drop_view
}
