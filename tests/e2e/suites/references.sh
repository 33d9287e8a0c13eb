# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reference files as packages, editors and disks may leave them. What can be used is used, what
# cannot is named, and nobody loses what was there.

# modules NAME...: sources of one line in the shared tree.
modules() {
  local name
  for name in "$@"; do
    put "/usr/share/pyshared/$name.py" <<<"name = '$name'"
  done
}

# check_tree WHAT NAME...: these modules and no others are linked for 3.11.
check_tree() {
  local what=$1
  shift
  check_equal "$what: what is linked" "$(printf '%s.py\n' "$@" | sort)" \
    "$(cd "$(linked 3.11 .)" 2>/dev/null && find . -type l -printf '%P\n' | sort)"
}

# pass_over_bad_lines WHAT: a bad line is no reason to refuse the work.
pass_over_bad_lines() {
  run_program -p
  check_at_most "$1: exit" 1 "$status"
}

test_paths_outside_the_allowed_trees() {
  new_view bookworm
  modules good
  put /etc/outside.py <<<'x = 1'
  put /usr/share/other/outside.py <<<'x = 1'
  put /usr/share/pyshared-not/outside.py <<<'x = 1'
  reference foo.public <<'LINES'
/usr/share/pyshared/good.py
/usr/share/pyshared/../../../etc/outside.py
/usr/share/pyshared/../other/outside.py
/usr/share/pyshared/./../pyshared-not/outside.py
/usr/share/pyshared-not/outside.py
/etc/outside.py
/usr/share/pyshared
/usr/share/pyshared/
/
usr/share/pyshared/relative.py
relative.py
../relative.py
LINES
  pass_over_bad_lines "outside"
  check_tree "outside" good
  check_contains "outside" "foo.public" "$err"
  for line in /usr/share/pyshared/../../../etc/outside.py /usr/share/pyshared/../other/outside.py \
    /usr/share/pyshared-not/outside.py /etc/outside.py relative.py; do
    check_contains "the line is named" "$line" "$err"
  done
  check_equal "bytecode made outside" "" \
    "$(find "$root/etc" "$root/usr/share/other" "$root/usr/share/pyshared-not" -name '*.pyc')"
}

test_private_paths_outside() {
  new_view bookworm
  put /usr/share/app/good.py <<<'x = 1'
  reference foo.private <<'LINES'
/usr/share/app/good.py
/usr/share/app/../../../proc/self
relative.py
LINES
  pass_over_bad_lines "private"
  check_exists "the good one" "$root$(cache_of 3.11 /usr/share/app/good.py)"
  check_contains "private" "relative.py" "$err"
}

# Lesson 5: a NUL byte in a line.
test_nul_byte() {
  new_view bookworm
  modules before after x
  printf '/usr/share/pyshared/%s.py\n' before $'x' after |
    sed 's|/x.py|/x.py\x00/../y.py|' | reference foo.public
  pass_over_bad_lines "lesson 5: NUL"
  check_tree "lesson 5: NUL" before after
  check_contains "lesson 5: NUL" foo.public "$err"
}

test_line_ends_and_byte_order_marks() {
  new_view bookworm
  modules one two three
  printf '/usr/share/pyshared/%s.py\r\n' one two three | reference crlf.public
  pass_over_bad_lines "CRLF"
  check_tree "CRLF" one two three
  modules four five
  printf '\xef\xbb\xbf/usr/share/pyshared/four.py\n/usr/share/pyshared/five.py' |
    reference mark.public
  pass_over_bad_lines "a byte order mark, and no newline at the end"
  check_tree "a byte order mark, and no newline at the end" one two three four five
}

test_headers() {
  new_view bookworm
  modules a b c d e f
  reference a.public <<<$'unknown-key=value\n/usr/share/pyshared/a.py\nother = 1'
  reference b.public <<<$'# comment\n\n/usr/share/pyshared/b.py\n  \npyversions = 3.0-'
  reference c.public <<<$'pyversions=2.7\n/usr/share/pyshared/c.py'
  reference d.public <<<$'pyversions=1.0-1.2,4.0-\n/usr/share/pyshared/d.py'
  reference e.public <<<$'pyversions=2.6-\n/usr/share/pyshared/e.py'
  reference f.public <<<$'pyversions = 2.7, 3.2 -\n/usr/share/pyshared/f.py'
  sed -i 's/3.2 -/3.2-/' "$root/usr/share/python-support/f.public"
  run_program -p
  check_status "the pass" 0
  check_tree "headers" a b f
}

# Lesson 8: 3.1 is not 3.11, and 3.9 comes before 3.10.
test_versions_are_numbers() {
  new_view sid
  modules a b c
  reference a.public <<<$'pyversions=3.1\n/usr/share/pyshared/a.py'
  reference b.public <<<$'pyversions=3.9-3.14\n/usr/share/pyshared/b.py'
  reference c.public <<<$'pyversions=-3.13\n/usr/share/pyshared/c.py'
  run_program -p
  check_status "the pass" 0
  local version
  for version in $(versions_in_root); do
    check_missing "lesson 8: 3.1 for $version" "$(linked "$version" a.py)"
  done
  check_link "lesson 8: 3.9-3.14 for 3.13" /usr/share/pyshared/b.py "$(linked 3.13 b.py)"
  check_link "lesson 8: 3.9-3.14 for 3.14" /usr/share/pyshared/b.py "$(linked 3.14 b.py)"
  check_missing "lesson 8: 3.9-3.14 for 3.15" "$(linked 3.15 b.py)"
  check_link "lesson 8: -3.13 for 3.13" /usr/share/pyshared/c.py "$(linked 3.13 c.py)"
  check_missing "lesson 8: -3.13 for 3.14" "$(linked 3.14 c.py)"
}

test_set_that_cannot_be_read() {
  new_view bookworm
  modules a b
  reference a.public <<<$'pyversions=3.2-\n/usr/share/pyshared/a.py'
  reference b.public <<<$'pyversions=banana\n/usr/share/pyshared/b.py'
  pass_over_bad_lines "a SET that cannot be read"
  check_link "the good reference" /usr/share/pyshared/a.py "$(linked 3.11 a.py)"
  check_contains "the bad one" b.public "$err"
  check_contains "the bad one" banana "$err"
}

test_million_lines() {
  local begin=$SECONDS
  new_view bookworm
  modules good
  {
    echo /usr/share/pyshared/good.py
    seq -f '/usr/share/pyshared/missing/%.0f.py' 1000000
  } | reference foo.public
  pass_over_bad_lines "a million lines"
  check_at_most "a million lines: seconds" 60 $((SECONDS - begin))
  check_tree "a million lines" good
  {
    repeated '# comment' 1000000
    echo /usr/share/pyshared/good.py
  } | reference foo.public
  pass_over_bad_lines "a million comments"
  check_tree "a million comments" good
  repeated /usr/share/pyshared/good.py 1000000 | reference foo.public
  pass_over_bad_lines "one line a million times"
  check_tree "one line a million times" good
}

test_cut_in_the_middle() {
  new_view bookworm
  modules aa bb cc
  printf '/usr/share/pyshared/%s.py\n' aa bb cc | head -c -8 | reference foo.public
  pass_over_bad_lines "a reference that was cut"
  check_tree "a reference that was cut" aa bb
  check_contains "a reference that was cut" foo.public "$err"
}

# "Never lose the last good result."
test_unreadable_reference_keeps_what_it_had() {
  new_view bookworm
  modules a b
  reference a.public <<<'/usr/share/pyshared/a.py'
  reference b.public <<<'/usr/share/pyshared/b.py'
  full_pass
  tree content usr/lib/pymodules >"$work/before"
  truncate -s 100G "$root/usr/share/python-support/a.public"
  pass_over_bad_lines "a reference that cannot be read"
  tree content usr/lib/pymodules >"$work/after"
  check_same_file "what it had" "$work/before" "$work/after"
  check_contains "the reference" a.public "$err"
  run_program -f
  check_contains "the reference, everything rebuilt" a.public "$err"
  tree content usr/lib/pymodules >"$work/after"
  check_same_file "what it had, everything rebuilt" "$work/before" "$work/after"
}

# The package was changed badly: a SET that cannot be read does not take its modules away.
test_bad_set_keeps_what_it_had() {
  new_view bookworm
  modules a
  reference a.public <<<'/usr/share/pyshared/a.py'
  full_pass
  reference a.public <<<$'pyversions=3.x\n/usr/share/pyshared/a.py'
  pass_over_bad_lines "a SET that became bad"
  check_link "what it had" /usr/share/pyshared/a.py "$(linked 3.11 a.py)"
  check_exists "its bytecode" "$(bytecode 3.11 a.py)"
}

# Lesson 7: what else may lie among the references.
test_strange_things_among_the_references() {
  local folder
  new_view bookworm
  folder=$root/usr/share/python-support
  modules good
  reference good.public <<<'/usr/share/pyshared/good.py'
  mkdir -p "$folder/dir.public" "$folder/dir.private" "$folder/dir.dirs" "$folder/private"
  touch "$folder/private/private.py"
  ln -s nowhere "$folder/dangling.public"
  ln -s nowhere "$folder/dangling.private"
  touch "$folder/unknown.kind" "$folder/README" "$folder/.hidden" "$folder/good.public~" \
    "$folder/good.public.dpkg-new"
  mkfifo "$folder/fifo.public"
  record timeout 60 env -i "$PYSUP_PROGRAM" --root "$root" -p
  check_at_most "lesson 7: exit" 1 "$status"
  check_tree "lesson 7" good
  for name in dir.public dir.private dangling.public fifo.public; do
    check_contains "lesson 7: a note on" "$name" "$err"
  done
  for name in dir.public dir.private dir.dirs dangling.public private fifo.public; do
    run_program DPKG_MAINTSCRIPT_PACKAGE=x "$name"
    check_status "lesson 7: in a maintainer script: $name" 0
    run_program DPKG_MAINTSCRIPT_PACKAGE=x -c "$name"
    check_status "lesson 7: cleaned in a maintainer script: $name" 0
  done
  check_tree "lesson 7: and then" good
}

test_arguments() {
  new_view bookworm
  full_pass # so that the interpreter is none that has just come
  modules a b
  reference a.public <<<'/usr/share/pyshared/a.py'
  reference b.public <<<'/usr/share/pyshared/b.py'
  run_program a.public
  check_status "a name" 0
  check_tree "a name: only that reference" a
  run_program /usr/share/python-support/b.public
  check_status "an absolute path" 0
  check_tree "an absolute path" a b
  run_program /etc/passwd
  check_status "a path elsewhere" 2
  run_program ../../../etc/passwd.public
  check_status "a name with slashes" 2
  check_tree "after wrong arguments" a b
}
