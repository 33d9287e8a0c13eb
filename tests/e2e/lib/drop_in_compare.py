# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares bytecode files of two trees, for the running interpreter.

pythonX.Y drop_in_compare.py TREE TREE LIST

LIST holds paths below both trees, each ended by a NUL byte. The header must have the same bytes,
and the code objects must be equal, as compare_bytecode.py has it. Prints the first difference of
each file, and last "N compared, N different"; ends with 1 if any differs.
"""
import marshal
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare_bytecode  # noqa: E402


def read(tree, path):
    with open(os.fsencode(tree) + path, "rb") as file:
        data = file.read()
    size = compare_bytecode.HEADER_SIZE
    return data[:size], compare_bytecode.canonical(marshal.loads(data[size:]))


def compare(one, other, path):
    """None, or words on what is different."""
    expected, got = read(one, path), read(other, path)
    if expected[0] != got[0]:
        return f"header {got[0]!r}, not {expected[0]!r}"
    if expected[1] != got[1]:
        return compare_bytecode.difference("code", got[1], expected[1])
    return None


def main():
    sys.setrecursionlimit(20000)
    one, other, names = sys.argv[1:]
    with open(names, "rb") as file:
        paths = file.read().split(b"\0")[:-1]
    different = 0
    for path in paths:
        try:
            words = compare(one, other, path)
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
        if words:
            different += 1
            print(f"{path!r}: {words}")
    print(f"{len(paths)} compared, {different} different")
    sys.exit(1 if different else 0)


main()
