# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares bytecode files with what py_compile of the running interpreter makes of their sources.

pythonX.Y compare_bytecode.py LIST    (python2.7 and 3.x; -O and -OO for .pyo files of 2.7)

LIST holds pairs of a source, as it is imported, and its bytecode file, each ended by a NUL byte.
The header must have the same bytes. The code objects must be equal in every co_ field and constant,
types exact and floats bit for bit: "==" says that 0.0 is -0.0, that 1 is True, and that a NaN is
not itself. The order in a set constant is of no meaning. Prints the first difference of each file,
and last "N compared, N different"; ends with 1 if any differs.
"""
from __future__ import print_function

import marshal
import os
import py_compile
import stat
import struct
import sys
import tempfile
import types
import warnings

HEADER_SIZE = 16 if sys.version_info >= (3, 7) else 8


def float_bits(value):
    return struct.pack("<d", value)


def canonical(value):
    """The value as nested tuples of types and plain bytes, which "==" compares exactly."""
    kind = type(value).__name__
    if isinstance(value, types.CodeType):
        names = sorted(name for name in dir(value) if name.startswith("co_"))
        fields = [(name, getattr(value, name)) for name in names if name != "co_lnotab" or
                  sys.version_info < (3, 10)]
        return (kind, [(name, canonical(field)) for name, field in fields if not callable(field)])
    if isinstance(value, (tuple, list)):
        return (kind, [canonical(item) for item in value])
    if isinstance(value, (set, frozenset)):
        return (kind, sorted((canonical(item) for item in value), key=repr))
    if isinstance(value, dict) or kind == "frozendict":
        return (kind, [(canonical(key), canonical(value[key])) for key in value])
    if isinstance(value, float):
        return (kind, float_bits(value))
    if isinstance(value, complex):
        return (kind, float_bits(value.real), float_bits(value.imag))
    if isinstance(value, slice):
        return (kind, [canonical(part) for part in (value.start, value.stop, value.step)])
    return (kind, repr(value) if value is Ellipsis else value)


def difference(where, ours, theirs):
    """Words on the first place where two canonical values differ."""
    if isinstance(ours, (tuple, list)) and isinstance(theirs, (tuple, list)) and \
            len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs)):
            if pair[0] != pair[1]:
                return difference("%s/%s" % (where, number), *pair)
    return "%s: %.300r, py_compile has %.300r" % (where, ours, theirs)


def level_of(bytecode):
    for level in (1, 2):
        if bytecode.endswith(".opt-%d.pyc" % level):
            return level
    return 0


def reference_bytes(source, bytecode, data, scratch):
    """What py_compile writes for SOURCE in the invalidation mode that DATA says it is in."""
    options = {"cfile": scratch, "doraise": True}
    if sys.version_info >= (3, 7):
        flags = struct.unpack("<I", data[4:8])[0]
        modes = py_compile.PycInvalidationMode
        options["invalidation_mode"] = {
            0: modes.TIMESTAMP, 1: modes.UNCHECKED_HASH, 3: modes.CHECKED_HASH}[flags]
        options["optimize"] = level_of(bytecode)
    py_compile.compile(source, **options)
    with open(scratch, "rb") as file:
        expected = file.read()
    if sys.version_info < (3,):
        # py_compile rounds the time of the source; the importer looks at the whole seconds.
        seconds = os.stat(source)[stat.ST_MTIME]
        expected = expected[:4] + struct.pack("<I", seconds & 0xffffffff) + expected[8:]
    return expected


def compare(source, bytecode, scratch):
    """None, or words on what is different."""
    with open(bytecode, "rb") as file:
        data = file.read()
    expected = reference_bytes(source, bytecode, data, scratch)
    if data[:HEADER_SIZE] != expected[:HEADER_SIZE]:
        return "header %r, py_compile has %r" % (data[:HEADER_SIZE], expected[:HEADER_SIZE])
    ours = canonical(marshal.loads(data[HEADER_SIZE:]))
    theirs = canonical(marshal.loads(expected[HEADER_SIZE:]))
    return None if ours == theirs else difference("code", ours, theirs)


def read_pairs(path):
    with open(path, "rb") as file:
        names = file.read().split(b"\0")[:-1]
    if sys.version_info >= (3,):
        names = [os.fsdecode(name) for name in names]
    return list(zip(names[::2], names[1::2]))


def main():
    sys.setrecursionlimit(20000)
    warnings.simplefilter("ignore")
    pairs = read_pairs(sys.argv[1])
    different = 0
    directory = tempfile.mkdtemp()
    scratch = os.path.join(directory, "scratch.pyc")
    for source, bytecode in pairs:
        try:
            words = compare(source, bytecode, scratch)
        except Exception as error:
            words = "%s: %s" % (type(error).__name__, error)
        if words:
            different += 1
            print("%r: %s" % (bytecode, words))
    if os.path.exists(scratch):
        os.unlink(scratch)
    os.rmdir(directory)
    print("%d compared, %d different" % (len(pairs), different))
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
