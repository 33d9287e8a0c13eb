# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What pysupport-compile has from compileall, and what it is as a command: freshness, order, exit
# statuses, several at once, signals. Directories, depth, patterns, recorded paths and hard links
# are compared with each interpreter's compileall: the cases are in lib/compile_cases/trees.py.

# shellcheck source=/dev/null
source "$E2E/lib/compile_command.sh"

# check_trees RELEASE VERSION MINIMUM
check_trees() {
  compile_view "$1"
  check_differential "$2" trees "$3"
}

test_trees_2_7() {
  check_trees bullseye 2.7 6
}

test_trees_3_9() {
  check_trees bullseye 3.9 50
}

test_trees_3_11() {
  check_trees bookworm 3.11 50
}

test_trees_3_13() {
  check_trees trixie 3.13 80
}

test_trees_3_14() {
  check_trees sid 3.14 80
}

test_trees_3_15() {
  check_trees sid 3.15 80
}

# check_written WHAT EXPECTED [ARGUMENT...]: a run over /t writes bytecode of these names.
check_written() {
  local what=$1 expected=$2
  shift 2
  compile_in / "$@" --print-path /t
  check_status "$what" 0
  check_equal "$what: written" "$expected" \
    "$(sed 's,.*/,,; s,\.cpython-313,,' "$out" | xargs)"
}

test_freshness() {
  local a=/t/__pycache__/a.cpython-313.pyc before
  compile_view trixie
  modules_in /t a.py sub/b.py
  check_written "first" "a.pyc b.pyc"
  before=$(stat -c '%i %y %z' "$root$a")
  check_written "again" ""
  check_equal "a fresh file is not touched" "$before" "$(stat -c '%i %y %z' "$root$a")"
  check_written "forced" "a.pyc b.pyc" -f
  compile_in /t --print-path a.py
  check_equal "by its name" __pycache__/a.cpython-313.pyc "$(cat "$out")"
  touch -d @1600000001 "$root/t/a.py"
  check_written "another time" "a.pyc"
  # compileall does not look at the size, but every importer does.
  echo '# more' >>"$root/t/a.py"
  touch -d @1600000001 "$root/t/a.py"
  check_written "another size" "a.pyc"
  truncate -s 15 "$root$a"
  check_written "a header that is cut off" "a.pyc"
  printf '\x00' | dd of="$root$a" bs=1 conv=notrunc status=none
  check_written "another magic number" "a.pyc"
  check_written "a level that is missing" "a.pyc a.opt-1.pyc b.pyc b.opt-1.pyc" --optimize 0,1
  rm "$root/t/sub/__pycache__/b.cpython-313.opt-1.pyc"
  check_written "one level of one file" "b.pyc b.opt-1.pyc" --optimize 0,1
  check_written "both levels fresh" "" --optimize 0,1
}

# compileall takes only bytecode with a time for fresh; here it is what would be written.
test_freshness_of_hashes() {
  local mode
  compile_view trixie
  modules_in /t a.py b.py
  check_written "times" "a.pyc b.pyc"
  for mode in checked-hash unchecked-hash; do
    check_written "$mode instead" "a.pyc b.pyc" --invalidation-mode "$mode"
    check_written "$mode again" "" --invalidation-mode "$mode"
    touch "$root/t/a.py"
    check_written "$mode, another time" "" --invalidation-mode "$mode"
    echo "# $mode" >>"$root/t/a.py"
    check_written "$mode, another content" "a.pyc" --invalidation-mode "$mode"
  done
  check_written "by SOURCE_DATE_EPOCH" "a.pyc b.pyc" SOURCE_DATE_EPOCH=1
  check_written "by SOURCE_DATE_EPOCH again" "" SOURCE_DATE_EPOCH=2
  check_written "times again" "a.pyc b.pyc"
}

# A file that is fresh is looked at no further; one in its place that is none is an error.
test_targets_in_directories() {
  compile_view trixie
  modules_in /t a.py b.py c.py d.py
  compile_in / /t
  mv "$root/t/__pycache__/a.cpython-313.pyc" "$root/t/fresh"
  ln -s ../fresh "$root/t/__pycache__/a.cpython-313.pyc"
  rm "$root/t/__pycache__"/{b,c,d}.cpython-313.pyc
  mkdir "$root/t/__pycache__/b.cpython-313.pyc"
  mkfifo "$root/t/__pycache__/c.cpython-313.pyc"
  record timeout 20 chroot "$root" pysupport-compile --print-path /t
  check_status "a link, a directory and a FIFO in the way" 1
  check_equal "they are all named" "FileExistsError FileExistsError FileExistsError" \
    "$(sed 's/:.*//' "$err" | xargs)"
  check_equal "the other one is written" /t/__pycache__/d.cpython-313.pyc "$(cat "$out")"
}

# compileall tells in which order it compiles. Sizes that differ much mix workers' answers.
test_order_of_printed_paths() {
  local number
  compile_view trixie
  for ((number = 0; number < 60; number++)); do
    repeated "x$number = {'a': [1, 2, $number]}" $((number * 7919 % 60 * 30)) |
      put "/t/d$((number % 7))/$((number * 31 % 17))/m$number.py"
  done
  compile_in / -j 4 --print-path /t
  check_status "60 files, 4 workers" 0
  in_root "$root" python3.13 -m compileall -f /t |
    sed -n "s,^Compiling '\(.*\)/\(.*\)\.py'\.\.\.$,\1/__pycache__/\2.cpython-313.pyc,p" \
      >"$work/expected"
  check_equal "compileall's files" 60 "$(wc -l <"$work/expected")"
  check_same_file "the order is compileall's" "$work/expected" "$out"
}

# What cannot be listed is an error (compileall says so, but its exit status does not tell).
test_directory_that_cannot_be_listed() {
  compile_view trixie
  modules_in /t a.py closed/b.py z.py
  chown -R 65534:65534 "$root/t"
  chmod 0 "$root/t/closed"
  record in_root "$root" setpriv --reuid 65534 --regid 65534 --clear-groups \
    pysupport-compile --print-path /t
  check_status "a directory that is closed" 1
  check_equal "it is named" "PermissionError: [Errno 13] Permission denied: '/t/closed'" \
    "$(cat "$err")"
  check_equal "the others are compiled" "a z" \
    "$(sed 's,.*/,,; s,\.cpython-313.pyc,,' "$out" | xargs)"
}

# check_usage WHAT ARGUMENT...: refused, with words, and nothing is written.
check_usage() {
  local what=$1
  shift
  compile_in /t "$@"
  check_status "$what" 2
  check_at_least "$what: bytes of explanation" 10 "$(wc -c <"$err")"
  check_equal "$what: nothing is written" "" "$(find "$root/t" -name '*.pyc*')"
}

test_usage() {
  compile_view bullseye
  modules_in /t a.py b.py
  check_usage "nothing"
  check_usage "an unknown option" --no-such-option a.py
  check_usage "cfile for two" --cfile x.pyc a.py b.py
  check_usage "cfile for a list" --cfile x.pyc -
  check_usage "cfile for two levels" --cfile x.pyc --optimize 0,1 a.py
  check_usage "dfile for two" --dfile x.py a.py b.py
  check_usage "links of one level" --hardlink-dupes --optimize 1 a.py
  check_usage "links of no level" --hardlink-dupes a.py
  check_usage "links of the same level twice" --hardlink-dupes --optimize 1,1 a.py
  local level
  for level in 3 -2 x '' 0,x 1.0; do
    check_usage "level '$level'" "--optimize=$level" a.py
  done
  check_usage "an unknown mode" --invalidation-mode sometimes a.py
  check_usage "a hash for 2.7" --python 2.7 --invalidation-mode checked-hash a.py
  check_usage "an unchecked hash for 2.7" --python 2.7 --invalidation-mode unchecked-hash a.py
  check_usage "no number of workers" -j x a.py
  check_usage "no workers" -j 0 a.py
  check_usage "no depth" -r x .
  check_usage "a negative depth" -r -1 .
  check_usage "no expression" -x '(' .
  check_usage "no version" --python three a.py
  check_usage "in a maintainer script, too" DPKG_MAINTSCRIPT_PACKAGE=client --python three a.py
}

test_help_and_version() {
  compile_view bullseye
  compile_in / --help
  check_status "help" 0
  check_contains "help" --hardlink-dupes "$out"
  compile_in / --version
  check_status "version" 0
  check_matches "version" '^pysupport-compile [0-9]+\.[0-9]' "$out"
}

test_interpreter_that_is_missing() {
  compile_view bookworm
  modules_in /t a.py
  compile_in /t --python 3.99 a.py
  check_status "no such interpreter" 3
  check_contains "it is named" 3.99 "$err"
  put /usr/bin/python3.98 0755 <<<$'#!/bin/sh\nexit 1'
  compile_in /t --python 3.98 a.py
  check_status "one that does not start" 3
  check_contains "it is named" 3.98 "$err"
  compile_in /t DPKG_MAINTSCRIPT_PACKAGE=client --python 3.99 a.py
  check_status "in a maintainer script" 0
  check_contains "in a maintainer script: it is named" 3.99 "$err"
  rm "$root/usr/bin/python3"
  compile_in /t a.py
  check_status "no default version" 3
  check_equal "nothing is written" "" "$(find "$root/t" -name '*.pyc')"
}

test_default_version() {
  local release version
  for release in bullseye bookworm sid; do
    compile_view "$release"
    modules_in /t a.py
    version=$(readlink "$root/usr/bin/python3" | sed 's/^python//')
    compile_in /t --print-path a.py
    check_equal "$release" "__pycache__/a.cpython-${version/./}.pyc" "$(cat "$out")"
    if [ "$release" = bullseye ]; then
      rm "$root/usr/bin/python3"
      compile_in /t --print-path a.py
      check_equal "$release without python3" a.pyc "$(cat "$out")"
    fi
    drop_view
  done
}

# design: dpkg never fails over what a module is like.
test_maintainer_script() {
  compile_view trixie
  modules_in /t a.py z.py
  put /t/bad.py <<<'def f(:'
  compile_in / DPKG_MAINTSCRIPT_PACKAGE=client --print-path /t /t/none.py
  check_status "sources that fail" 0
  check_equal "they are named" "SyntaxError FileNotFoundError" \
    "$(sed -n 's/^\([A-Za-z]*Error\):.*/\1/p' "$err" | xargs)"
  check_equal "the others are compiled" 2 "$(wc -l <"$out")"
  compile_in / /t /t/none.py
  check_status "outside of one" 1
}

# 2.7 has one name for levels 1 and 2: what is there afterwards is the higher level, told once.
test_levels_of_2_7() {
  compile_view bullseye
  put /t/a.py <<<$'"""Words."""\nassert x'
  touch -d @1600000000 "$root/t/a.py"
  compile_in /t --python 2.7 --optimize 2 --print-path a.py
  cp "$root/t/a.pyo" "$work/level-2"
  compile_in /t --python 2.7 --optimize 1 a.py
  check_equal "levels 1 and 2 differ" 1 "$(cmp -s "$work/level-2" "$root/t/a.pyo"; echo $?)"
  compile_in /t --python 2.7 --optimize 1,2 --print-path a.py
  check_equal "both: told once" a.pyo "$(cat "$out")"
  check_equal "both: the higher" 0 "$(cmp -s "$work/level-2" "$root/t/a.pyo"; echo $?)"
}

# py_compile fails anew for each level; compileall ends with the first. Here it is told once.
test_failure_of_several_levels() {
  compile_view trixie
  put /t/bad.py <<<'def f(:'
  modules_in /t a.py
  compile_in /t --optimize 0,1,2 --print-path bad.py a.py
  check_status "a bad source" 1
  check_equal "told once" 1 "$(grep -c '^SyntaxError: ' "$err")"
  check_equal "the other one at all levels" 3 "$(wc -l <"$out")"
}

# py_compile's path of the bytecode of /x.py has lost its slash (cache_from_source joins what is
# before the slash), so that no importer finds it.
test_source_in_the_root_directory() {
  compile_view trixie
  modules_in / x.py
  mkdir "$root/elsewhere"
  compile_in /elsewhere --print-path /x.py
  check_status "a source in the root directory" 0
  check_equal "its bytecode" /__pycache__/x.cpython-313.pyc "$(cat "$out")"
  check_exists "its bytecode" "$root/__pycache__/x.cpython-313.pyc"
  check_equal "the working directory" "" "$(ls -A "$root/elsewhere")"
}

# One source costs itself alone, also where it ends the interpreter.
test_interpreter_that_crashes() {
  compile_view bullseye
  modules_in /t a.py b.py y.py z.py
  put /t/crash.py < <(/usr/bin/python3 -c 'print("x=" + "-" * 100000 + "y")')
  compile_in / -j 2 --print-path --python 3.9 /t
  check_status "a source that crashes python3.9" 1
  check_contains "it is named" /t/crash.py "$err"
  check_equal "the others are compiled" "a b y z" \
    "$(sed 's,.*/,,; s,\.cpython-39.pyc,,' "$out" | xargs)"
  check_leftovers "a source that crashes python3.9" /t
}

# Where the usual descriptors are closed, files and pipes get their numbers.
test_closed_descriptors() {
  compile_view trixie
  modules_in /t a.py b.py
  record in_root "$root" sh -c 'pysupport-compile /t <&- >&- 2>&-'
  check_status "no descriptors" 0
  check_compiled_as_py_compile "no descriptors" 3.13 2 /t
}

test_full_disk() {
  compile_view trixie
  mkdir "$root/t"
  mount_in_view -t tmpfs -o size=256k tmpfs "$root/t"
  modules_in /t a.py z.py
  seq 9000 | sed 's/.*/x& = &/' | put /t/big.py
  compile_in / -j 1 /t
  check_status "no space" 1
  check_matches "no space" '^OSError: \[Errno 28\] No space left on device' "$err"
  check_missing "no space" "$root/t/__pycache__/big.cpython-313.pyc"
  check_exists "the file after it" "$root/t/__pycache__/z.cpython-313.pyc"
  check_leftovers "no space" /t
}

test_several_at_once() {
  local run pids=() statuses=''
  compile_view trixie
  for ((run = 0; run < 120; run++)); do
    repeated "x$run = {'a': [1, 2, $run]}" 20 | put "/t/d$((run % 5))/m$run.py"
  done
  for run in 1 2 3 4 5; do
    in_root "$root" pysupport-compile -f -j 2 --optimize 0,1 --hardlink-dupes /t \
      </dev/null >"$work/several.$run" 2>&1 &
    pids+=($!)
  done
  for run in "${pids[@]}"; do
    wait "$run" && statuses+=' 0' || statuses+=" $?"
  done
  check_equal "five at once" " 0 0 0 0 0" "$statuses"
  check_equal "five at once: what they say" "" "$(cat "$work"/several.*)"
  check_leftovers "five at once" /t
  check_loadable "five at once" /t
  check_compiled_as_py_compile "five at once" 3.13 120 /t
}

# interrupt SIGNAL: a run over /t that gets the signal when some of the bytecode is written.
interrupt() {
  local pid tries
  refuse_host_root "$root"
  # Bash starts what runs in the background with SIGINT ignored.
  env -i --default-signal=INT PATH=/usr/sbin:/usr/bin:/bin \
    chroot "$root" "${LOADED[@]}" --python 3.13 -j 2 /t </dev/null >"$work/interrupted" 2>&1 &
  pid=$!
  for ((tries = 0; tries < 500; tries++)); do
    [ "$(find "$root/t" -name '*.pyc' | wc -l)" -lt 5 ] || break
    sleep 0.01
  done
  kill "-$1" "$pid"
  status=0
  wait "$pid" || status=$?
}

test_signals() {
  local signal number
  compile_view trixie
  for ((number = 0; number < 400; number++)); do
    repeated "x$number = {'a': [1, 2, $number]}" 300 | put "/t/d$((number % 5))/m$number.py"
  done
  for signal in INT TERM; do
    interrupt "$signal"
    check_equal "$signal: status" "$((128 + $(kill -l "$signal")))" "$status"
    check_at_least "$signal: bytecode is there" 5 "$(find "$root/t" -name '*.pyc' | wc -l)"
    check_at_most "$signal: but not all" 399 "$(find "$root/t" -name '*.pyc' | wc -l)"
    check_leftovers "$signal" /t
    check_loadable "$signal" /t
    check_equal "$signal: workers left behind" "" "$(pgrep -f '^/usr/bin/python3.13 -s' || true)"
    find "$root/t" -name __pycache__ -exec rm -r {} +
  done
}
