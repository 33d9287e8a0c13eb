# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Systems that are made from outside: "dpkg --root=DIR --force-script-chrootless", where maintainer
# scripts and trigger run outside DIR with DPKG_ROOT set, and "mmdebstrap --mode=unshare".

IMAGE=/srv/image
outer=
image=

# with_image OUTER INNER: a machine (new_view or new_system with a release) on which the root
# directory of the release INNER lies at $IMAGE. Sets $outer and $image; $root is the image.
with_image() {
  "$1" "$2"
  outer=$root
  new_view "$3"
  image=$root
  mkdir -p "$outer$IMAGE"
  mount_in_view --bind "$image" "$outer$IMAGE"
  : >>"$outer/var/log/dpkg.log"
  : >"$work/begun"
  sleep 0.01 # the clock of files has a coarser tick
}

# chrootless ARGUMENT...: the machine's dpkg acts on the image. DEB files are copied to the machine.
chrootless() {
  local argument arguments=()
  root=$outer
  for argument in "$@"; do
    [[ $argument != *.deb ]] || argument=$(into_view "$argument")
    arguments+=("$argument")
  done
  transact dpkg --root="$IMAGE" --force-script-chrootless "${arguments[@]}"
  root=$image
}

# check_machine_untouched WHAT: nothing outside the image changed but the log that dpkg itself keeps
# there. (The ctime of a directory of a view also changes when something below it is first written.)
check_machine_untouched() {
  check_equal "$1: what changed on the machine" "" \
    "$(find "$outer" \( -path "$outer/srv" -o -path "$outer/proc" -o -path "$outer/tmp" \) -prune \
      -o ! -path "$outer/var/log/dpkg.log" \
      \( -newer "$work/begun" -o ! -type d -cnewer "$work/begun" \) -print)"
}

# check_paths_inside WHAT: no file that was made has the machine's name of the image in it.
check_paths_inside() {
  check_equal "$1: files that name $IMAGE" "" \
    "$(grep -rla "$IMAGE" "$root/var/lib/python-support" "$root/usr/lib/pymodules" \
      "$root/var/log/python-support.log" "$root/usr/share/app")"
}

example() {
  client "$1" 1.0 "$1/__init__.py" "$1/part.py" < <(
    snippets "$1" "$1.public $1.private"
    printf '== /usr/share/python-support/%s.private\n/usr/share/app/%s\n' "$1" "$1"
    printf '== /usr/share/app/%s/main.py\nx = 1\n' "$1"
  )
}

# check_served WHAT NAME...: the example packages NAME, and no others, are there for all versions.
check_served() {
  local what=$1 name version
  shift
  for name in "$@"; do
    check_importable "$what" "$name.part" "$name/part.py of $name 1.0"
  done
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "$what: $version" "$version" $((2 * $#)) \
      "/usr/lib/pymodules/python$version"
  done
  version=$(readlink "$root/usr/bin/python3")
  check_compiled_as_py_compile "$what: private" "${version#python}" $# /usr/share/app
  check_paths_inside "$what"
}

# check_life RELEASE: of packages in the image, all from outside.
check_life() {
  chrootless -i "$(own_package "$1")" "$(example first)"
  check_done "$1: with a client"
  check_empty "$1: with a client: what dpkg complains of" "$err"
  check_served "$1: with a client" first
  chrootless -i "$(example second)"
  check_done "$1: another client"
  check_served "$1: another client" first second
  chrootless -r first
  check_done "$1: the first is removed"
  check_served "$1: the first is removed" second
  check_missing "$1: the first is removed" "$root/usr/share/app/first"
  chrootless --purge python-support
  check_transaction "$1: python-support is purged"
  check_nothing_left "$1: python-support is purged"
  check_missing "$1: python-support is purged" "$root/var/lib/python-support"
  check_missing "$1: python-support is purged" "$root/var/log/python-support.log"
  check_machine_untouched "$1"
}

test_from_a_machine_without_python_support() {
  local release
  for release in trixie sid; do
    with_image new_view "$release" "$release"
    check_life "$release"
    root=$outer drop_view
  done
}

test_from_a_machine_with_python_support() {
  with_image new_system bookworm bookworm
  check_life bookworm
}

# check_strange WHAT: the image's own programs do not start on the machine.
check_strange() {
  local out err status # those of the transaction stay
  record in_root "$outer" "$IMAGE/usr/sbin/update-python-modules" --version
  check_at_least "$1: the image's program cannot start outside: exit" 1 "$status"
}

# The image's libc is newer than the machine's, which has python-support: that one does it.
test_program_that_cannot_start_is_replaced_by_the_machines() {
  with_image new_system bookworm sid
  chrootless -i "$(own_package sid)" "$(example first)"
  check_strange "sid on bookworm"
  check_done "sid on bookworm"
  check_served "sid on bookworm" first
  chrootless -r first
  check_transaction "sid on bookworm: removed"
  check_nothing_left "sid on bookworm: removed"
  chrootless -i "$(example second)"
  check_served "sid on bookworm: another" second
  chrootless --purge python-support
  check_transaction "sid on bookworm: purged"
  check_nothing_left "sid on bookworm: purged"
  check_machine_untouched "sid on bookworm"
}

# Nobody can do it from outside: dpkg goes on, somebody is told, and the image does it by itself.
test_program_that_cannot_start_is_a_warning() {
  local warning="the programs in $IMAGE do not start here"
  with_image new_view bookworm sid
  chrootless -i "$(own_package sid)" "$(example first)"
  check_strange "sid on bookworm"
  check_done "sid on bookworm"
  check_contains "sid on bookworm" "$warning" "$err"
  check_nothing_left "sid on bookworm"
  by_hand
  check_done "by hand, inside"
  check_served "by hand, inside" first
  chrootless -r first
  check_transaction "sid on bookworm: removed"
  check_contains "sid on bookworm: removed" "$warning" "$err"
  chrootless -r python-support
  check_transaction "sid on bookworm: python-support is removed"
  check_contains "sid on bookworm: python-support is removed" "$warning" "$err"
  check_machine_untouched "sid on bookworm"
}

# an_ordinary_user: for this suite alone (its mount namespace), with user ids to map. Sets $user and
# the words that run a command as that user.
an_ordinary_user() {
  local file
  user=imagemaker
  as_user=(setpriv --reuid "$user" --regid "$user" --clear-groups
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/nonexistent TMPDIR="$work/made")
  cp /etc/passwd /etc/group "$work"
  echo "$user:x:61234:61234::/nonexistent:/bin/sh" >>"$work/passwd"
  echo "$user:x:61234:" >>"$work/group"
  for file in subuid subgid; do
    echo "$user:700000:65536" >"$work/$file"
    [ -e "/etc/$file" ] || : >"/etc/$file"
  done
  for file in passwd group subuid subgid; do
    chmod 0644 "$work/$file"
    mount_in_view --bind "$work/$file" "/etc/$file"
  done
  mkdir -m 1777 "$work/made"
}

# archive DEB...: a package archive of these; prints the line for sources.list.
archive() {
  local deb
  mkdir -p "$work/archive"
  cp "$@" "$work/archive"
  for deb in "$work/archive"/*.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$(basename "$deb")" \
      "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
  done >"$work/archive/Packages"
  echo "deb [trusted=yes] copy://$work/archive ./"
}

# make_image NAMES DEB...: with these packages in the include list, DEB being those that no archive
# has, to $work/made/image.tar. The hooks leave dpkg's log and the answer of --status beside it.
make_image() {
  local ours made=$work/made
  ours=$(archive "${@:2}")
  record "${as_user[@]}" mmdebstrap --mode=unshare --variant=essential \
    --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt=force-unsafe-io \
    --setup-hook="echo '$ours' >\"\$1/etc/apt/sources.list.d/ours.list\"" --include="$1" \
    --customize-hook="cp \"\$1/var/log/dpkg.log\" $made" \
    --customize-hook="chroot \"\$1\" update-python-modules --status >$made/status" \
    bookworm "$made/image.tar"
}

# unpack_users_image NAMES DEB...: sets $root to an image that an ordinary user has made.
unpack_users_image() {
  local user as_user
  check_equal "this suite's mounts are its own" yes "$PYSUP_E2E_PRIVATE"
  an_ordinary_user
  record "${as_user[@]}" unshare --map-root-user --map-auto id -u
  check_status "user namespaces for everybody" 0
  make_image "$@"
  check_status "mmdebstrap --mode=unshare" 0
  dpkg_log=$work/made/dpkg.log
  check_passes "mmdebstrap --mode=unshare" 1
  check_without "mmdebstrap --mode=unshare" "python-support:" "$err"
  root=$work/image
  mkdir "$root"
  tar -C "$root" --numeric-owner --exclude='./dev/*' -xpf "$work/made/image.tar"
}

test_mmdebstrap_unshare_as_ordinary_user() {
  unpack_users_image python-support,first,python3-minimal \
    "$(own_package bookworm)" "$(example first)"
  check_served "the image" first
  check_equal "the image: files that are not root's" "" \
    "$(find "$root/usr/lib/pymodules" "$root/usr/lib/python-support" "$root/usr/share" \
      "$root/var/lib/python-support" "$root/var/log/python-support.log" \( ! -uid 0 -o ! -gid 0 \))"
  check_equal "the image: bytecode is readable for all" "" \
    "$(find "$root/usr/lib/pymodules" "$root/usr/share/app" -name '*.pyc' ! -perm 0644)"
  check_matches "the image: --status says what confined the workers" \
    '^python3\.11\*.*  user, no-new-privs,( landlock,)? seccomp, limits$' "$work/made/status"
}
