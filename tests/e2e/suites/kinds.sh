# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The four kinds of reference, and what may be in them, on interpreters old and new.

every_kind_installed() {
  put /usr/share/pyshared/pub/__init__.py <<<'name = "public"'
  reference pub.public <<<'/usr/share/pyshared/pub/__init__.py'
  put /usr/share/app/main.py <<<'x = "private"'
  put /usr/share/app/sub/deep.py <<<'x = "deep"'
  put /usr/share/app/sub/data.txt <<<'no module'
  reference app.private <<<'/usr/share/app'
  put /usr/share/olddir/mod.py <<<'x = "dirs"'
  reference old.dirs <<<'/usr/share/olddir'
  put /usr/share/python-support/legacy/legacy/__init__.py <<<'name = "tree"'
  put /usr/share/python-support/legacy/top.py <<<'name = "top"'
}

test_every_kind() {
  local suite version default
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    every_kind_installed
    run_program -p
    check_status "$suite: the pass" 0
    default=$(readlink "$root/usr/bin/python3" | sed 's/^python//')
    for version in $(versions_in_root); do
      check_import ".public" "$version" public 'import pub; print(pub.name)'
      check_import "tree" "$version" "tree top" \
        'import legacy, top; print(legacy.name + " " + top.name)'
      check_compiled_as_py_compile "public kinds" "$version" 3 "/usr/lib/pymodules/python$version"
    done
    check_compiled_as_py_compile ".private" "$default" 2 /usr/share/app
    check_compiled_as_py_compile ".dirs" "$default" 1 /usr/share/olddir
    check_equal "$suite: private modules of other versions" "" \
      "$(find "$root/usr/share/app" "$root/usr/share/olddir" -name '*.py[co]' \
        ! -name "*.cpython-${default/./}.pyc")"
    drop_view
  done
}

test_pinned_private_modules() {
  new_view sid
  put /usr/share/app/main.py <<<'x = 1'
  put /usr/share/one.py <<<'x = 1'
  printf 'pyversion=3.15\n/usr/share/app\n/usr/share/one.py\n' | reference app.private
  put /usr/share/olddir/mod.py <<<'x = 1'
  put /usr/share/olddir/.pyversion <<<'3.13'
  reference old.dirs <<<'/usr/share/olddir'
  run_program -p
  check_status "the pass" 0
  check_compiled_as_py_compile ".private pinned to 3.15" 3.15 1 /usr/share/app
  check_exists "a file named by itself" "$root$(cache_of 3.15 /usr/share/one.py)"
  check_missing "the default version" "$root$(cache_of 3.14 /usr/share/app/main.py)"
  check_compiled_as_py_compile ".dirs pinned to 3.13" 3.13 1 /usr/share/olddir
  check_missing "the default version" "$root$(cache_of 3.14 /usr/share/olddir/mod.py)"
  sed -i 's/3.15/3.13/' "$root/usr/share/python-support/app.private"
  run_program -p
  check_exists "pinned to another version" "$root$(cache_of 3.13 /usr/share/app/main.py)"
  check_missing "the one before" "$root$(cache_of 3.15 /usr/share/app/main.py)"
}

# Extensions of legacy trees lie where 1.0's code read them, or where its manual said.
test_extensions_of_legacy_trees() {
  new_view sid
  put /usr/share/python-support/old/old/__init__.py <<<'name = "old"'
  put /usr/lib/python-support/old/python3.13/old/by_code.py <<<'name = "by code"'
  put /usr/lib/python-support/python3.14/old/old/by_manual.py <<<'name = "by manual"'
  run_program -p
  check_status "the pass" 0
  check_import "the path in the code" 3.13 "by code" 'import old.by_code as m; print(m.name)'
  check_import "the path in the manual" 3.14 "by manual" 'import old.by_manual as m; print(m.name)'
  check_missing "the other version's extension" "$(linked 3.14 old/by_code.py)"
  check_missing "a version without extensions" "$(linked 3.15 old/__init__.py)"
  put /usr/share/python-support/old/.version <<<'3.14-'
  run_program -p
  check_status "with .version" 0
  check_missing "a version that .version does not have" "$(linked 3.13 old/__init__.py)"
  check_exists "a version that .version has" "$(linked 3.15 old/__init__.py)"
  check_exists "and its extension" "$(linked 3.14 old/by_manual.py)"
  check_missing ".version itself" "$(linked 3.14 .version)"
}

# Files of one version are found on sys.path of that version alone; C extensions are loaded.
test_parts_for_one_version() {
  new_view sid
  install_real_packages sid python3-markupsafe
  put /usr/lib/pyshared/python3.13/part/only.py <<<'name = "3.13"'
  put /usr/lib/pyshared/python3.14/part/only.py <<<'name = "3.14"'
  printf '/usr/lib/pyshared/python3.%s/part/only.py\n' 13 14 | reference part.public
  run_program -p
  check_status "the pass" 0
  check_import "part of 3.13" 3.13 3.13 'import part.only; print(part.only.name)'
  check_import "part of 3.14" 3.14 3.14 'import part.only; print(part.only.name)'
  check_missing "3.15 has none" "$(linked 3.15 part/only.py)"
  local so version
  for so in "$root"/usr/lib/pyshared/python3.*/markupsafe/*.so; do
    so=${so#"$root"}
    version=${so#*/pyshared/python}
    check_link "an extension" "$so" "$(linked "${version%%/*}" "markupsafe/${so##*/}")"
  done
  check_import "an extension is used" "${version%%/*}" True \
    'import markupsafe, markupsafe._speedups; print(True)'
}

test_data_files_and_metadata() {
  new_view bookworm
  put /usr/share/pyshared/pkg/__init__.py </dev/null
  put /usr/share/pyshared/pkg/data/table.txt <<<'data'
  put /usr/share/pyshared/pkg-1.0.egg-info <<<$'Metadata-Version: 1.0\nName: pkg\nVersion: 1.0'
  put /usr/share/pyshared/new-2.0.dist-info/METADATA <<'LINES'
Metadata-Version: 2.1
Name: new
Version: 2.0
LINES
  put /usr/share/pyshared/pkg/old.pyc <<<'bytecode of the maker'
  put /usr/share/pyshared/pkg/old.pyo <<<'bytecode of the maker'
  (cd "$root" && find ./usr/share/pyshared -type f) | sed 's/^\.//' | reference pkg.public
  run_program -p
  check_status "the pass" 0
  check_link "data" /usr/share/pyshared/pkg/data/table.txt "$(linked 3.11 pkg/data/table.txt)"
  check_import "data beside the module" 3.11 data \
    'import os, pkg
print(open(os.path.join(os.path.dirname(pkg.__file__), "data/table.txt")).read().strip())'
  check_import "metadata, old and new" 3.11 "1.0 2.0" \
    'import importlib.metadata as m; print(m.version("pkg"), m.version("new"))'
  check_missing ".pyc is not linked" "$(linked 3.11 pkg/old.pyc)"
  check_missing ".pyo is not linked" "$(linked 3.11 pkg/old.pyo)"
}

# egg_info_as file|directory: installs a version of the package that has its metadata so.
egg_info_as() {
  rm -rf "$root/usr/share/pyshared/pkg-1.0.egg-info"
  if [ "$1" = file ]; then
    put /usr/share/pyshared/pkg-1.0.egg-info <<<'Name: pkg'
    reference pkg.public <<<'/usr/share/pyshared/pkg-1.0.egg-info'
  else
    put /usr/share/pyshared/pkg-1.0.egg-info/PKG-INFO <<<'Name: pkg'
    reference pkg.public <<<'/usr/share/pyshared/pkg-1.0.egg-info/PKG-INFO'
  fi
}

test_lesson_4_egg_info_file_and_directory() {
  local info
  new_view bookworm
  info=$(linked 3.11 pkg-1.0.egg-info)
  egg_info_as file
  full_pass
  check_link "lesson 4: a file" /usr/share/pyshared/pkg-1.0.egg-info "$info"
  egg_info_as directory
  run_program -p
  check_status "lesson 4: to a directory" 0
  check_link "lesson 4: a directory" /usr/share/pyshared/pkg-1.0.egg-info/PKG-INFO "$info/PKG-INFO"
  egg_info_as file
  run_program -p
  check_status "lesson 4: back to a file" 0
  check_link "lesson 4: a file again" /usr/share/pyshared/pkg-1.0.egg-info "$info"
}

# module_as file|package
module_as() {
  rm -rf "$root/usr/share/pyshared/a" "$root/usr/share/pyshared/a.py"
  if [ "$1" = file ]; then
    put /usr/share/pyshared/a.py <<<'kind = "file"'
    reference a.public <<<'/usr/share/pyshared/a.py'
  else
    put /usr/share/pyshared/a/__init__.py <<<'kind = "package"'
    reference a.public <<<'/usr/share/pyshared/a/__init__.py'
  fi
}

test_lesson_4_module_and_package() {
  local version suite kind
  for suite in bullseye bookworm; do
    new_view "$suite"
    module_as file
    full_pass
    for kind in package file; do
      module_as "$kind"
      run_program -p
      check_status "lesson 4: to a $kind" 0
      for version in $(versions_in_root); do
        check_import "lesson 4: a $kind" "$version" "$kind" 'import a; print(a.kind)'
        check_compiled_as_py_compile "lesson 4: a $kind" "$version" 1 \
          "/usr/lib/pymodules/python$version"
      done
      check_equal "lesson 4: bytecode left of the other" "$(versions_in_root | wc -l)" \
        "$(find "$root/usr/lib/pymodules" -name '*.py[co]' | wc -l)"
    done
    drop_view
  done
}

# Lesson 21: directories that a client's .pth names count; its import lines are never executed.
test_lesson_21_path_files() {
  local version suite
  for suite in bullseye bookworm sid; do
    new_view "$suite"
    put /usr/share/pyshared/client.pth <<'LINES'
# comment
client_dir
import os; open("/tmp/executed", "w").close()
import	os; open("/tmp/executed", "w").close()
/usr/share/absolute_dir
LINES
    put /usr/share/pyshared/client_dir/inside.py <<<'name = "inside"'
    put /usr/share/absolute_dir/outside.py <<<'name = "outside"'
    printf '/usr/share/pyshared/%s\n' client.pth client_dir/inside.py | reference client.public
    run_program -p
    check_status "$suite: the pass" 0
    for version in $(versions_in_root); do
      check_import "lesson 21: a relative line" "$version" inside \
        'import inside; print(inside.name)'
      check_import "lesson 21: an absolute line" "$version" outside \
        'import outside; print(outside.name)'
      check_without "lesson 21: python$version" import \
        "$root/usr/lib/python$version/dist-packages/python-support.pth"
      check_equal "lesson 21: python$version: a silent start" "" \
        "$(python "$version" -B -W error -c '' 2>&1)"
    done
    check_missing "lesson 21: executed" "$root/tmp/executed"
    drop_view
  done
}

test_path_files_come_and_go() {
  new_view bookworm
  public_package foo foo.py
  full_pass
  check_matches "the path of the modules" '^/usr/lib/pymodules/python3\.11$' \
    "$root/usr/lib/python3.11/dist-packages/python-support.pth"
  check_import "on sys.path once" 3.11 1 \
    'import sys; print(sys.path.count("/usr/lib/pymodules/python3.11"))'
  rm "$root/usr/share/python-support/foo.public"
  full_pass
  check_missing "nobody has public modules" \
    "$root/usr/lib/python3.11/dist-packages/python-support.pth"
}

# Python 2 has no implicit namespace packages.
test_markers_for_python_2() {
  new_view bullseye
  put /usr/share/pyshared/one/two/three/mod.py <<<'name = "deep"'
  put /usr/share/pyshared/quiet/sub/mod.py <<<'name = "quiet"'
  put /usr/share/pyshared/quiet/.noinit </dev/null
  put /usr/share/pyshared/named/mod_named.py <<<'name = "named"'
  put /usr/share/pyshared/client.pth <<<'named'
  put /usr/share/pyshared/data/only.txt <<<'no module'
  (cd "$root" && find ./usr/share/pyshared -type f) | sed 's/^\.//' | reference deep.public
  run_program -p
  check_status "the pass" 0
  check_import "three levels down" 2.7 deep 'import one.two.three.mod as m; print(m.name)'
  check_equal "the marker is empty" 0 "$(stat -c %s "$(linked 2.7 one/__init__.py)")"
  check_exists "its bytecode" "$(bytecode 2.7 one/__init__.py)"
  check_missing ".noinit" "$(linked 2.7 quiet/__init__.py)"
  check_missing "a directory that a .pth names" "$(linked 2.7 named/__init__.py)"
  check_missing "a directory without modules" "$(linked 2.7 data/__init__.py)"
  check_missing "3.9 needs none" "$(linked 3.9 one/__init__.py)"
  check_import "nor does it miss one" 3.9 deep 'import one.two.three.mod as m; print(m.name)'
  rm "$root/usr/share/python-support/deep.public"
  full_pass
  check_equal "nothing is left" "" "$(find "$root/usr/lib/pymodules" -mindepth 1 ! -type d)"
}

test_marker_gives_way_to_a_module() {
  new_view bullseye
  public_package aa pkg/aa.py
  full_pass
  check_equal "a marker" 0 "$(stat -c %s "$(linked 2.7 pkg/__init__.py)")"
  public_package bb pkg/__init__.py
  full_pass
  check_link "a real __init__.py" /usr/share/pyshared/pkg/__init__.py \
    "$(linked 2.7 pkg/__init__.py)"
  check_import "which counts" 2.7 "pkg/__init__.py of bb" 'import pkg; print(pkg.where)'
  rm "$root/usr/share/python-support/bb.public"
  full_pass
  check_equal "a marker again" 0 "$(stat -c %s "$(linked 2.7 pkg/__init__.py)")"
}

# The format is that of Debian's py3compile: TYPE|VERSIONS|DIRECTORY|PATTERN.
test_compilation_exceptions() {
  local name
  new_view bookworm
  for name in kept whole/one whole/two templates/a.tmpl templates/b exact; do
    put "/usr/share/app/$name.py" <<<'x = 1'
  done
  reference app.private <<<'/usr/share/app'
  put /usr/share/python3/bcep/test <<'LINES'
# comment
dir|-3.99|/usr/share/app/whole
re|-3.99|/usr/share/app/templates|.*\.tmpl\.py$
file|-3.99|/usr/share/app/exact.py
re|-3.2|/usr/share/app|.*kept.*
re|-3.99|/usr/share/app|broken(
LINES
  run_program -p
  check_at_most "exit" 1 "$status"
  for name in whole/one whole/two templates/a.tmpl exact; do
    check_missing "an exception: $name" "$root$(cache_of 3.11 "/usr/share/app/$name.py")"
  done
  for name in kept templates/b; do
    check_exists "no exception: $name" "$root$(cache_of 3.11 "/usr/share/app/$name.py")"
  done
  rm "$root/usr/share/python3/bcep/test"
  run_program -p
  check_status "without exceptions" 0
  check_compiled_as_py_compile "without exceptions" 3.11 6 /usr/share/app
}

test_directories_of_private_modules_change() {
  new_view bookworm
  put /usr/share/app/a.py <<<'x = 1'
  put /usr/share/app/sub/b.py <<<'x = 1'
  reference app.private <<<'/usr/share/app'
  full_pass
  rm -r "$root/usr/share/app/a.py" "$root/usr/share/app/sub/b.py"
  put /usr/share/app/c.py <<<'x = 1'
  full_pass
  check_compiled_as_py_compile "a new file" 3.11 1 /usr/share/app
  check_missing "bytecode of a file that went" "$root$(cache_of 3.11 /usr/share/app/a.py)"
  check_missing "and its directory" "$root/usr/share/app/sub/__pycache__"
  rm "$root/usr/share/python-support/app.private"
  full_pass
  check_missing "the reference went" "$root/usr/share/app/__pycache__"
  check_exists "sources are not ours" "$root/usr/share/app/c.py"
}
