# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Questions about trees of links and bytecode in $root.

# versions_in_root: the X.Y of every interpreter in the view.
versions_in_root() {
  find "$root/usr/bin" -regextype posix-extended -regex '.*/python[0-9]\.[0-9]+' -printf '%f\n' |
    sed 's/^python//' | sort -V
}

# cache_of VERSION SOURCE [LEVEL]: the path of a source's bytecode, as PEP 3147 and PEP 488 have it.
cache_of() {
  local directory name ending=.pyc
  directory=$(dirname "$2")
  name=$(basename "$2" .py)
  if [ "$1" = 2.7 ]; then
    [ "${3:-0}" = 0 ] || ending=.pyo
    echo "$directory/$name$ending"
  else
    [ "${3:-0}" = 0 ] || ending=.opt-$3.pyc
    echo "$directory/__pycache__/$name.cpython-${1/./}$ending"
  fi
}

# linked VERSION REL, bytecode VERSION REL [LEVEL]: paths, in the view, of a public module's link
# and of its bytecode.
linked() {
  echo "$root/usr/lib/pymodules/python$1/$2"
}

bytecode() {
  cache_of "$1" "$(linked "$1" "$2")" "${3:-0}"
}

# into_root FILE...: copies scripts to where the view's interpreters can run them. What is there
# already stays, so a view that is read-only by now can be given them before.
into_root() {
  local file
  for file in "$@"; do
    cmp -s "$file" "$root/tmp/${file##*/}" || cp "$file" "$root/tmp"
  done
}

# python VERSION ARGUMENT...: the view's interpreter.
python() {
  local version=$1
  shift
  in_root "$root" "/usr/bin/python$version" "$@"
}

# check_compiled_as_py_compile WHAT VERSION MINIMUM TOP...: every .py below the directories TOP of
# the view has bytecode, there are at least MINIMUM, and each file equals what py_compile makes.
check_compiled_as_py_compile() {
  local what=$1 version=$2 minimum=$3 source pairs=$root/tmp/pairs sources=$work/sources
  local out err status # those of the program's last run stay
  shift 3
  (cd "$root" && find "${@/#/.}" -name '*.py' -print0 2>/dev/null | sort -z) >"$sources" || true
  while IFS= read -r -d '' source; do
    printf '%s\0%s\0' "${source#.}" "$(cache_of "$version" "${source#.}")"
  done <"$sources" >"$pairs"
  check_at_least "$what: modules" "$minimum" "$(tr -cd '\0' <"$sources" | wc -c)"
  into_root "$E2E/lib/compare_bytecode.py"
  record python "$version" /tmp/compare_bytecode.py /tmp/pairs
  check_status "$what: bytecode equals py_compile's" 0
  check_matches "$what" '^[1-9][0-9]* compared, 0 different$' "$out"
}

# check_loadable WHAT TOP...: no interpreter of the view would choke on a bytecode file there.
check_loadable() {
  local what=$1 version
  local out err status # those of the program's last run stay
  shift
  into_root "$E2E/lib/loadable.py"
  for version in $(versions_in_root); do
    record python "$version" /tmp/loadable.py "$@"
    check_matches "$what: python$version loads its bytecode" ' loadable, 0 bad$' "$out"
  done
}

# tree KIND [PATH...]: what the view has there; see tree.py.
tree() {
  /usr/bin/python3 "$E2E/lib/tree.py" "$1" "$root" "${@:2}"
}

# check_import WHAT VERSION EXPECTED CODE: what the view's interpreter prints for CODE, run with
# its ordinary sys.path. It may not write bytecode, so that the import leaves no trace.
check_import() {
  check_equal "$1 (python$2)" "$3" "$(python "$2" -B -c "$4" 2>&1)"
}
