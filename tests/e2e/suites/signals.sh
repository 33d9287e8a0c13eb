# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A pass that is interrupted at any moment leaves nothing that Python would choke on, and the next
# pass ends where an undisturbed one ends.

prepared=
MOMENTS=${PYSUP_MOMENTS:-50}

# prepare_modules: a view of a root with modules that no pass has seen; that root is made once.
prepare_modules() {
  if [ -z "$prepared" ]; then
    new_view bookworm
    install_real_packages bookworm python3-docutils python3-yaml python3-idna
    put /usr/share/app/main.py <<<'x = 1'
    reference app.private <<<'/usr/share/app'
    into_root "$E2E/lib/loadable.py"
    prepared=$root
  fi
  view_of "$prepared"
}

# tree_made: what passes made, to compare two trees.
tree_made() {
  tree content usr/lib/pymodules usr/share/app usr/lib/python3.11/dist-packages \
    usr/lib/python3/dist-packages
}

# strange_files: files that no finished pass leaves: neither link nor bytecode by its right name.
strange_files() {
  find "$root/usr/lib/pymodules" "$root/usr/share/app" ! -type d ! -type l \
    ! -name '*.cpython-311.pyc' ! -name '*.py'
  find "$root/var/lib/python-support" -mindepth 1 ! -name state.sqlite ! -name lock
  find "$root/usr/lib/python3.11/dist-packages" "$root/usr/lib/python3/dist-packages" \
    -mindepth 1 ! -name '*.pth' -newer "$work/begin"
}

# A moment within the time that a pass takes, and a little after: $1 in milliseconds.
random_moment() {
  echo $((RANDOM * $1 / 32768))
}

# interrupt_after MILLISECONDS SIGNAL ARGUMENT...: a pass that gets the signal then.
interrupt_after() {
  local delay=$1 signal=$2 pid
  shift 2
  env -i PATH=/usr/bin:/bin "$PYSUP_PROGRAM" --root "$root" "$@" \
    </dev/null >"$work/killed.out" 2>"$work/killed.err" &
  pid=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  kill "-$signal" "$pid" 2>/dev/null || true
  status=0
  wait "$pid" 2>/dev/null || status=$?
}

test_fifty_random_moments() {
  local i moment signal whole begin seed=${PYSUP_SEED:-$RANDOM$RANDOM} bad_exits='' interrupted=0
  local signals=(INT TERM KILL)
  echo "seed $seed (PYSUP_SEED=$seed repeats the moments)"
  RANDOM=$seed
  prepare_modules
  touch "$work/begin"
  begin=$(date +%s%3N)
  full_pass
  whole=$(($(date +%s%3N) - begin))
  tree_made >"$work/undisturbed"
  check_at_least "files of an undisturbed pass" 300 "$(wc -l <"$work/undisturbed")"
  check_equal "an undisturbed pass leaves besides" "" "$(strange_files)"
  drop_view
  for ((i = 0; i < MOMENTS; i++)); do
    prepare_modules
    moment=$(random_moment $((whole + 20)))
    signal=${signals[i % 3]}
    interrupt_after "$moment" "$signal" -p
    [ "$status" = 0 ] || interrupted=$((interrupted + 1))
    case $signal:$status in
      *:0 | INT:130 | TERM:143 | KILL:137 | INT:3 | TERM:3) ;;
      *) bad_exits+=" $signal at $moment ms: $status" ;;
    esac
    record python 3.11 /tmp/loadable.py /usr/lib/pymodules /usr/share/app
    [ "$status" = 0 ] || check_status "SIG$signal at $moment ms: what is there can be loaded" 0
    run_program -p
    [ "$status" = 0 ] || check_status "SIG$signal at $moment ms: the next pass" 0
    tree_made >"$work/next"
    if ! cmp -s "$work/undisturbed" "$work/next"; then
      check_same_file "SIG$signal at $moment ms: the tree of the next pass" \
        "$work/undisturbed" "$work/next"
    fi
    if [ -n "$(strange_files)" ]; then
      check_equal "SIG$signal at $moment ms: files left" "" "$(strange_files)"
    fi
    drop_view
  done
  check_equal "exits of interrupted passes that are neither done nor interrupted" "" "$bad_exits"
  check_at_least "of $MOMENTS moments in a pass of $whole ms, so many came before its end" \
    $((MOMENTS / 2)) "$interrupted"
}

# A pass is killed, and then the package goes before any other pass ran.
test_killed_then_removed() {
  local moment
  for moment in 100 200 300 400 600; do
    prepare_modules
    interrupt_after "$moment" KILL -p
    rm "$root"/usr/share/python-support/*
    run_program -p
    check_status "killed at $moment ms, then removed" 0
    check_equal "killed at $moment ms: files left" "" \
      "$(find "$root/usr/lib/pymodules" "$root/usr/share/app" \
        ! -type d ! -name main.py 2>/dev/null)"
    drop_view
  done
}

# A pass over changes is killed: what was good before is good until it is replaced.
test_killed_during_an_upgrade() {
  local moment
  for moment in 50 150 300 450; do
    prepare_modules
    full_pass
    find "$root/usr/share/pyshared" -name '*.py' -exec sed -i '$a upgraded = True' '{}' +
    interrupt_after "$moment" KILL -p
    check_loadable "killed at $moment ms" /usr/lib/pymodules
    run_program -p
    check_status "killed at $moment ms: the next pass" 0
    check_compiled_as_py_compile "killed at $moment ms" 3.11 100 /usr/lib/pymodules/python3.11
    drop_view
  done
}

test_no_worker_survives() {
  local signal
  for signal in INT TERM KILL; do
    prepare_modules
    interrupt_after 300 "$signal" -p -j 2
    sleep 0.5
    check_equal "workers half a second after SIG$signal" "" \
      "$(pgrep --full 'python3\.11 -s' | tr '\n' ' ')"
    drop_view
  done
}
