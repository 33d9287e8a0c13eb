#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Describes directory trees, a line for each file, to compare them.

tree.py content DIR [PATH...]   path, type, mode, owner, link text, digest of the content
tree.py stamps DIR [PATH...]    path, inode, size, mtime, ctime: what any write would change
tree.py names DIR [PATH...]     path and type

Everything below DIR/PATH (DIR itself without PATHs) is listed, sorted, by its path in DIR. A PATH
that does not exist is listed as such.
"""
import hashlib
import os
import stat
import sys


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def describe(kind, path, info):
    letter = stat.filemode(info.st_mode)[0]
    if kind == "names":
        return letter
    if kind == "stamps":
        return f"{info.st_ino} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}"
    text = f"{stat.filemode(info.st_mode)} {info.st_uid}:{info.st_gid}"
    if stat.S_ISLNK(info.st_mode):
        return f"{text} -> {os.readlink(path)!r}"
    if stat.S_ISREG(info.st_mode):
        return f"{text} {digest(path)}"
    return text


def walk(path):
    yield path
    if os.path.isdir(path) and not os.path.islink(path):
        for name in os.listdir(path):
            yield from walk(os.path.join(path, name))


def main():
    kind, top, *paths = (os.fsencode(argument) for argument in sys.argv[1:])
    kind = kind.decode()
    lines = []
    for start in paths or [b""]:
        start = os.path.join(top, start.lstrip(b"/")).rstrip(b"/")
        if not os.path.lexists(start):
            lines.append(f"{start[len(top):]!r} missing")
            continue
        for path in walk(start):
            lines.append(f"{path[len(top):]!r} {describe(kind, path, os.lstat(path))}")
    sys.stdout.write("".join(line + "\n" for line in sorted(lines)))


main()
