# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real packages, as the archives of three releases have them: installed with Debian's py3compile in
# one view and with the drop-in in another, by the same dpkg, they have the same bytecode.

# shellcheck source=tests/e2e/lib/drop_in.sh
source "$E2E/lib/drop_in.sh"

# Of what they depend on, the interpreter alone is needed to install them.
PACKAGES=(
  alacarte gdebi-core menulibre system-config-printer
  python3-acora python3-aiofiles python3-ament-package python3-attr python3-bitstruct
  python3-blinker python3-bottle python3-cachetools python3-colorama python3-construct
  python3-cssselect python3-cymem python3-decorator python3-docopt python3-empy python3-evdev
  python3-flaky python3-frozenlist python3-gast python3-h11 python3-hamcrest python3-idna
  python3-isodate python3-jinja2 python3-kiwisolver python3-lru-dict python3-markupsafe
  python3-mccabe python3-mistune0 python3-more-itertools python3-msgpack python3-natsort
  python3-packaging python3-parse python3-parso python3-pathspec python3-patiencediff
  python3-pluginbase python3-ply python3-pubsub python3-pyasn1 python3-pycodestyle
  python3-pydispatch python3-pyflakes python3-pyrsistent python3-rjsmin python3-setproctitle
  python3-simplejson python3-six python3-sortedcontainers python3-sqlparse python3-tabulate
  python3-toml python3-toolz python3-voluptuous python3-wrapt python3-wtforms python3-xkcd
  python3-zope.event python3-zope.hookable
)

# check_real RELEASE MODULES: they come and go, at least so many modules for each interpreter.
check_real() {
  local folder debs
  folder=$(downloaded_packages "$1" "${PACKAGES[@]}")
  debs=("$folder"/*.deb)
  check_at_least "$1: packages" 60 "${#debs[@]}"
  pair "$1"
  in_both "$1: installed" "$2" --force-depends -i "${debs[@]}"
  check_passes "$1: installed" 1
  check_code_of_both "$1: installed" "$2"
  if [ "$1" = trixie ]; then
    in_both "$1: a few are installed again" "$2" --force-depends -i "${debs[@]:0:10}"
  fi
  in_both "$1: half of them are removed" 100 --force-depends -r "${PACKAGES[@]:0:30}"
  in_both "$1: all are purged" 1 --force-depends --purge "${PACKAGES[@]}"
  check_equal "$1: nothing of them is left" "" \
    "$(bytecode_files | grep -v ^/usr/share/python3/ || true)"
}

test_packages_of_bookworm() {
  check_real bookworm 600
}

test_packages_of_trixie() {
  check_real trixie 600
}

test_packages_of_sid() {
  check_real sid 600
}
