# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sources that do not compile, that crash or stop an interpreter, that cannot be read. Each costs
# itself alone: it is named, everything around it is compiled, and the pass ends with 1.

# good_modules: twenty modules around the bad ones, in an order that mixes with theirs.
good_modules() {
  local letter
  for letter in {a..t}; do
    put "/usr/share/pyshared/good/$letter.py" <<<"def $letter(x='$letter'): return [x, 1.5, None]"
  done
  put /usr/share/pyshared/good/__init__.py </dev/null
}

# module NAME: standard input as a public module.
module() {
  put "/usr/share/pyshared/$1"
}

# list_modules: one reference for all that lies in the shared tree.
list_modules() {
  (cd "$root" && find ./usr/share/pyshared -mindepth 1 ! -type d) | sed 's/^\.//' |
    reference hostile.public
}

check_good_modules() {
  local version
  for version in $(versions_in_root); do
    check_compiled_as_py_compile "the good ones ($1)" "$version" 21 \
      "/usr/lib/pymodules/python$version/good"
  done
}

# interpreter_says VERSION PATH: the last line of the interpreter's own message on a source; empty
# where it accepts it, as 2.7 does with bytes of no encoding.
interpreter_says() {
  python "$1" -W ignore -c "
import sys, traceback
path = sys.argv[1]
try:
    compile(open(path, 'rb').read(), path, 'exec')
except Exception:
    kind, error = sys.exc_info()[:2]
    print(traceback.format_exception_only(kind, error)[-1].strip())" "$2"
}

# check_refused VERSION NAME
check_refused() {
  local version=$1 name=$2 message
  message=$(interpreter_says "$version" "/usr/share/pyshared/$name")
  check_link "python$version: the link" "/usr/share/pyshared/$name" "$(linked "$version" "$name")"
  if [ -z "$message" ]; then
    check_exists "python$version: $name is accepted" "$(bytecode "$version" "$name")"
    return
  fi
  check_missing "python$version: bytecode" "$(bytecode "$version" "$name")"
  check_contains "python$version: $name is named" "/usr/lib/pymodules/python$version/$name" "$err"
  check_contains "python$version: $name, the interpreter's own message" "$message" "$err"
}

test_sources_that_are_refused() {
  local suite version name
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    good_modules
    module bad_syntax.py <<<'def f(:'
    module bad_indent.py < <(printf 'if x:\n  a\n b\n')
    module bad_encoding.py < <(printf '# plain\nname = "\377\376"\n')
    module bad_cookie.py < <(printf '# -*- coding: no-such-code -*-\n')
    module bad_nul.py < <(printf 'x = 1\0\n')
    list_modules
    run_program -p
    check_status "$suite: the pass" 1
    for version in $(versions_in_root); do
      for name in syntax indent encoding cookie nul; do
        check_refused "$version" "bad_$name.py"
      done
    done
    check_good_modules "$suite"
    drop_view
  done
}

test_facts_of_a_failure_in_json() {
  new_view bookworm
  good_modules
  module bad.py <<<'def f(:'
  list_modules
  run_program -p --json
  check_fact "failures" 1 'len(r["failures"])'
  check_fact "its bytecode" /usr/lib/pymodules/python3.11/__pycache__/bad.cpython-311.pyc \
    'r["failures"][0]["path"]'
  check_fact "its source" /usr/lib/pymodules/python3.11/bad.py 'r["failures"][0]["source"]'
  check_fact "its reference" hostile.public 'r["failures"][0]["reference"]'
  check_fact "its version" 3.11 'r["failures"][0]["version"]'
  check_fact "its error" true '"SyntaxError: " in r["failures"][0]["error"]'
  check_fact "counted" 1 'i("3.11")["failed"]'
  check_fact "exit" 1 'r["exit"]'
}

test_empty_and_huge_sources() {
  local version suite
  for suite in bullseye sid; do
    new_view "$suite"
    module sizes/__init__.py </dev/null
    module sizes/empty.py </dev/null
    module sizes/no_newline.py < <(printf 'x = 1')
    module sizes/huge_text.py < <(printf 'text = """' && head -c 10485760 /dev/zero | tr '\0' t &&
      printf '"""\n')
    module sizes/huge_comment.py < <(repeated '# one of very many lines of comment' 300000)
    module sizes/many_lines.py < <(seq -f 'name_%.0f = "text"' 20000)
    list_modules
    run_program -p
    check_status "$suite: the pass" 0
    for version in $(versions_in_root); do
      check_compiled_as_py_compile "10 MB and nothing" "$version" 6 \
        "/usr/lib/pymodules/python$version/sizes"
    done
    drop_view
  done
}

# The generators, with what they aim at. Which interpreter survives which differs by version; what
# may not differ is that each source is either compiled or named, and that nothing else suffers.
hostile_generators() {
  /usr/bin/python3 - "$root/usr/share/pyshared" <<'PYTHON'
import sys

def nested_finally(depth, indent=""):
    if depth == 0:
        return f"{indent}pass\n"
    deeper = nested_finally(depth - 1, indent + " ")
    return f"{indent}try:\n{indent} x()\n{indent}finally:\n{deeper}"

SOURCES = {
    "crash_sum": "x=" + "+".join("1" * 10**6),
    "crash_minus": "x=" + "-" * 100000 + "y",
    "crash_ifs": "if x: y()\n" * 200000,
    "crash_parens": "x=" + "(" * 3000 + ")" * 3000,
    "memory": nested_finally(22),
    "hang": "x=[" + ",".join(str(k * (2**61 - 1)) for k in range(1, 60001)) + "]",
    "digits": "x=" + "9" * 10**6,
    "slow": "".join(f"def f{k}(): return {k}\n" for k in range(20000)),
    "marshal": "x=" + "lambda:" * 1400 + "0",
}
for name, source in SOURCES.items():
    with open(f"{sys.argv[1]}/{name}.py", "w", encoding="ascii") as file:
        file.write(source + "\n")
PYTHON
}

# check_compiled_or_named VERSION NAME
check_compiled_or_named() {
  local file
  file=$(bytecode "$1" "$2.py")
  if [ -e "$file" ]; then
    check_good "python$1: $2.py is compiled"
  else
    check_contains "python$1: $2.py is named" "/python$1/$2.py" "$err"
  fi
}

test_sources_that_crash_fill_memory_and_hang() {
  local suite version name begin
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    good_modules
    hostile_generators
    list_modules
    begin=$SECONDS
    run_program PYTHON_SUPPORT_LIMIT=3 -p
    check_status "$suite: the pass" 1
    # Nine sources that may each take the limit twice, on one of two CPUs.
    check_at_most "$suite: seconds" $(($(versions_in_root | wc -l) * 75)) $((SECONDS - begin))
    for version in $(versions_in_root); do
      for name in crash_sum crash_minus crash_ifs crash_parens memory hang digits slow marshal; do
        check_compiled_or_named "$version" "$name"
      done
      if [ "$version" != 2.7 ]; then
        check_missing "python$version: bytecode of a source that takes too long" \
          "$(bytecode "$version" hang.py)"
      fi
    done
    check_loadable "$suite" /usr/lib/pymodules
    check_good_modules "$suite"
    drop_view
  done
}

# busy_worker TICKS: waits for the process of the view's interpreter that the background pass $pass
# started and that has worked for that long (hundredths of a second), and prints its id.
busy_worker() {
  local i pid
  for ((i = 0; i < 200; i++)); do
    for pid in $(pgrep --parent "$pass" || true); do
      if [[ $(readlink "/proc/$pid/exe") == */python3.11 ]] &&
        [ "$(awk '{ print $14 }' "/proc/$pid/stat")" -ge "$1" ]; then
        echo "$pid"
        return
      fi
    done
    sleep 0.05
  done
  echo "no worker of pass $pass was busy within 10 s" >&2
  return 1
}

# background_pass ARGUMENT...: starts a pass; its process is $pass.
background_pass() {
  out=$work/background.out
  err=$work/background.err
  env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 PYTHON_SUPPORT_LIMIT="$limit" \
    "$PYSUP_PROGRAM" --root "$root" "$@" </dev/null >"$out" 2>"$err" &
  pass=$!
}

# check_slow_module_lost: the pass ended with the slow module named and all others compiled.
check_slow_module_lost() {
  status=0
  wait "$pass" || status=$?
  check_status "$1: the pass" 1
  check_contains "$1: the source is named" /slow.py "$err"
  check_missing "$1: its bytecode" "$(bytecode 3.11 slow.py)"
  check_good_modules "$1"
  check_equal "$1: workers left behind" "" "$(pgrep -f "^/usr/bin/python3.11 -s" || true)"
}

test_worker_that_is_stopped() {
  local limit=4
  new_view bookworm
  good_modules
  hanging_source | module slow.py
  list_modules
  background_pass -p -j 1
  kill -STOP "$(busy_worker 50)"
  check_slow_module_lost "a stopped worker"
}

test_worker_that_is_killed() {
  local limit=0 begin=$SECONDS worker
  new_view bookworm
  good_modules
  hanging_source | module slow.py
  list_modules
  background_pass -p -j 1
  while kill -0 "$pass" 2>/dev/null && [ $((SECONDS - begin)) -lt 60 ]; do
    worker=$(busy_worker 50 2>/dev/null) && kill -KILL "$worker"
  done
  check_slow_module_lost "a worker killed each time"
  check_at_most "seconds" 30 $((SECONDS - begin))
}

# Lesson 16: an emulated interpreter that dies at random loses nothing when it dies once.
test_worker_that_dies_once() {
  local limit=0
  new_view bookworm
  good_modules
  module slow.py < <(seq -f 'def f%.0f(): return x[3:4], y, z' 10000)
  for copy in 1 2 3 4 5 6; do
    cp "$root/usr/share/pyshared/slow.py" "$root/usr/share/pyshared/slow$copy.py"
  done
  list_modules
  background_pass -p -j 1
  kill -KILL "$(busy_worker 15)"
  status=0
  wait "$pass" || status=$?
  check_status "lesson 16: a worker that died once" 0
  check_compiled_as_py_compile "lesson 16" 3.11 28 /usr/lib/pymodules/python3.11
}

test_files_that_are_none() {
  new_view bookworm
  good_modules
  module bad.py <<<'def f(:'
  mkfifo "$root/usr/share/pyshared/fifo.py"
  ln -s good "$root/usr/share/pyshared/link_to_directory.py"
  ln -s nothing "$root/usr/share/pyshared/dangling.py"
  ln -s loop.py "$root/usr/share/pyshared/loop.py"
  ln -s /dev/zero "$root/usr/share/pyshared/device.py"
  list_modules
  mkdir "$root/usr/share/pyshared/directory.py"
  echo /usr/share/pyshared/directory.py >>"$root/usr/share/python-support/hostile.public"
  echo /usr/share/pyshared/missing.py >>"$root/usr/share/python-support/hostile.public"
  record timeout 60 env -i "$PYSUP_PROGRAM" --root "$root" -p
  check_status "the pass" 1
  for name in bad fifo link_to_directory dangling loop device directory missing; do
    check_contains "$name.py is named" "$name.py" "$err"
    check_missing "$name.py: bytecode" "$(bytecode 3.11 "$name.py")"
  done
  check_good_modules "beside files that are none"
}

# A module may be a link inside the package's own trees.
test_link_to_a_source() {
  new_view bookworm
  module real.py <<<'x = "real"'
  ln -s real.py "$root/usr/share/pyshared/alias.py"
  list_modules
  run_program -p
  check_status "the pass" 0
  check_import "a module that is a link" 3.11 real 'import alias; print(alias.x)'
}

# Links may not lead the pass out of the root: what they point to is inside it.
test_links_out_of_the_root() {
  new_view bookworm
  good_modules
  echo 'secret = 1' >"$work/outside.py"
  ln -s "$work/outside.py" "$root/usr/share/pyshared/absolute.py"
  ln -s "../../../../../../../../../../../../..$work/outside.py" \
    "$root/usr/share/pyshared/relative.py"
  mkdir "$work/elsewhere"
  mkdir -p "$root/usr/lib/pymodules"
  ln -s "../../../../../../../../../../../../..$work/elsewhere" \
    "$root/usr/share/pyshared/directory"
  list_modules
  echo /usr/share/pyshared/directory/x.py >>"$root/usr/share/python-support/hostile.public"
  run_program -p
  check_missing "absolute" "$(bytecode 3.11 absolute.py)"
  check_missing "relative" "$(bytecode 3.11 relative.py)"
  check_equal "outside" "" "$(ls "$work/elsewhere")"
  check_good_modules "beside links out of the root"
}

test_names() {
  local suite version
  for suite in bullseye bookworm; do
    new_view "$suite"
    for name in 'with space' "quote'd" 'double"quote' $'tab\there' $'latin\xe9' 'ünïcode' '-dash' \
      'semi;colon' "\$(dollar)" 'foo.bar' foo '%s{0}' 'back\slash'; do
      module "odd/$name.py" <<<"x = 1"
    done
    module odd/__init__.py </dev/null
    list_modules
    # A newline ends a line of a reference, but not the name of a file in a private directory.
    put "/usr/share/private/$(printf 'new\nline.py')" <<<'x = 1'
    put "/usr/share/private/plain.py" <<<'x = 2'
    reference odd.private <<<'/usr/share/private'
    run_program -p
    check_status "$suite: the pass" 0
    for version in $(versions_in_root); do
      check_compiled_as_py_compile "odd names" "$version" 14 "/usr/lib/pymodules/python$version/odd"
    done
    version=$(readlink "$root/usr/bin/python3" | sed 's/^python//')
    check_compiled_as_py_compile "a name with a newline" "$version" 2 /usr/share/private
    drop_view
  done
}

# times_accepted: the bytecode that interpreters must not have written again. 2.7 reads the field as
# a signed number, so it accepts no bytecode of a time outside of 0 to 2^31 - 1, whatever it says.
times_accepted() {
  tree stamps usr/lib/pymodules | grep -E '/t[^/]*\.pyc' |
    grep -vE '/t(2147483648|4294967[0-9_]*|9999999999|_[0-9_]*)\.pyc'
}

# Lesson 14, as far as file systems can hold such times.
test_times() {
  local suite version
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    for time in 0 1 -1 -0.5 1700000000.5 1700000000.999999999 1700000000.9999998 2147483647 \
      2147483648 4294967295 4294967296 4294967297.25 9999999999; do
      module "times/t${time//[.-]/_}.py" <<<"t = '$time'"
      touch -d "@$time" "$root/usr/share/pyshared/times/t${time//[.-]/_}.py"
    done
    list_modules
    run_program -p
    check_status "$suite: the pass" 0
    times_accepted >"$work/before"
    for version in $(versions_in_root); do
      check_compiled_as_py_compile "lesson 14" "$version" 13 \
        "/usr/lib/pymodules/python$version/times"
      into_root "$E2E/lib/import_all.py"
      record python "$version" /tmp/import_all.py "/usr/lib/pymodules/python$version"
      check_matches "lesson 14: python$version" '^1[34] imported, 0 not$' "$out"
    done
    times_accepted >"$work/after"
    check_same_file "lesson 14: the interpreters accept all of it" "$work/before" "$work/after"
    drop_view
  done
}
