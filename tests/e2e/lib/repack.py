#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns a binary package of the archive into one that uses the reference layout.

repack.py [--name NAME] [--pyversions SET] [--from DIR]... [--below NAME] [--suffix TEXT] [--touch]
          DEB DIR

Modules below each --from (default /usr/lib/python3/dist-packages) move to /usr/share/pyshared,
extensions for one version (x.cpython-3Y-ARCH.so, and all .so of Python 2) to
/usr/lib/pyshared/pythonX.Y, and /usr/share/python-support/NAME.public lists them. Maintainer
scripts, triggers and dependencies go. --below puts the modules under one more directory; with
--name, under which the package can stand beside the original, nothing but the modules is kept. The
new package, its version with --suffix (default +pysup1) at the end, is written into DIR; its path
is printed. With --touch its modules are of the present time instead of the archive's.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

EXTENSION = re.compile(r"\.cpython-3(\d+)[^/]*\.so$")
DROPPED_FIELDS = re.compile(
    r"^(Pre-Depends|Depends|Recommends|Suggests|Breaks|Conflicts|Replaces|Enhances|Provides):")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name")
    parser.add_argument("--pyversions")
    parser.add_argument("--from", dest="origins", action="append")
    parser.add_argument("--below", default="")
    parser.add_argument("--suffix", default="+pysup1")
    parser.add_argument("--touch", action="store_true")
    parser.add_argument("deb")
    parser.add_argument("directory")
    return parser.parse_args()


def place_of(origin, relative):
    """Where a file of the package goes: the shared tree, or that of one version."""
    extension = EXTENSION.search(relative)
    if extension:
        return f"/usr/lib/pyshared/python3.{extension[1]}"
    if relative.endswith(".so") and "/python2.7" in origin:
        return "/usr/lib/pyshared/python2.7"
    return "/usr/share/pyshared"


def move_modules(tree, origin, below):
    """Moves everything below ORIGIN; gives the new paths."""
    moved = []
    top = tree + origin
    for directory, names, files in os.walk(top):
        links = [name for name in names if os.path.islink(os.path.join(directory, name))]
        names[:] = sorted(set(names) - set(links) - {"__pycache__", "dist-packages"})
        for name in sorted(files + links):
            relative = os.path.relpath(os.path.join(directory, name), top)
            target = os.path.join(place_of(origin, relative), below, relative)
            os.makedirs(os.path.dirname(tree + target), exist_ok=True)
            os.rename(os.path.join(directory, name), tree + target)
            moved.append(target)
    shutil.rmtree(top)
    return moved


def prune(path):
    """Removes directories that became empty: the package no longer ships them."""
    while not os.listdir(path):
        os.rmdir(path)
        path = os.path.dirname(path)


def keep_only(tree, paths):
    for directory, _, files in os.walk(tree, topdown=False):
        for name in files:
            path = os.path.join(directory, name)
            if path[len(tree):] not in paths and not directory.endswith("/DEBIAN"):
                os.unlink(path)
        if not os.listdir(directory):
            os.rmdir(directory)


def write_reference(tree, name, pyversions, paths):
    path = f"{tree}/usr/share/python-support/{name}.public"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        if pyversions:
            file.write(f"pyversions={pyversions}\n")
        file.writelines(line + "\n" for line in sorted(paths))


def field(control, name):
    return re.search(rf"^{name}: *(.*)$", control, re.MULTILINE)[1]


def rewrite_control(directory, name, suffix):
    """A control file with nothing but what describes the package; gives its new text."""
    with open(f"{directory}/control", encoding="utf-8") as file:
        control = file.read()
    fields = re.split(r"\n(?=\S)", control.strip())
    control = "\n".join(one for one in fields if not DROPPED_FIELDS.match(one)) + "\n"
    control = re.sub(r"(?m)^Package: .*", f"Package: {name or field(control, 'Package')}", control)
    control = re.sub(r"(?m)^Version: (.*)$", r"Version: \1" + suffix, control)
    shutil.rmtree(directory)
    os.mkdir(directory, 0o755)
    with open(f"{directory}/control", "w", encoding="utf-8") as file:
        file.write(control)
    return control


def main():
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as scratch:
        tree = f"{scratch}/tree"
        subprocess.run(["dpkg-deb", "--raw-extract", arguments.deb, tree], check=True)
        control = rewrite_control(f"{tree}/DEBIAN", arguments.name, arguments.suffix)
        paths = []
        for origin in arguments.origins or ["/usr/lib/python3/dist-packages"]:
            paths += move_modules(tree, origin, arguments.below)
            prune(os.path.dirname(tree + origin))
        if not paths:
            sys.exit(f"repack.py: {arguments.deb} has no modules there")
        if arguments.touch:
            for path in paths:
                os.utime(tree + path, follow_symlinks=False)
        if arguments.name:
            keep_only(tree, set(paths))
        write_reference(tree, field(control, "Package"), arguments.pyversions, paths)
        result = "{}/{}_{}_{}.deb".format(arguments.directory, *(
            field(control, name) for name in ("Package", "Version", "Architecture")))
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, result],
                       check=True, stdout=subprocess.DEVNULL)
    print(result)


main()
