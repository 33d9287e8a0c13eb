# SPDX-License-Identifier: GPL-2.0-or-later
"""Names every bytecode file below the given directories that this interpreter would choke on.

pythonX.Y loadable.py DIR...    (python2.7 and 3.x)

Files of other interpreters (another cache tag) are passed over. Prints each bad file and last
"N loadable, N bad"; ends with 1 if any is bad.
"""
from __future__ import print_function

import marshal
import os
import sys
import types

if sys.version_info >= (3,):
    import importlib.util
    MAGIC = importlib.util.MAGIC_NUMBER
    HEADER_SIZE = 16
    TAG = "." + sys.implementation.cache_tag
    SUFFIXES = tuple(TAG + ending for ending in (".pyc", ".opt-1.pyc", ".opt-2.pyc"))
else:
    import imp
    MAGIC = imp.get_magic()
    HEADER_SIZE = 8
    SUFFIXES = (".pyc", ".pyo")


def complaint(path):
    """None, or why the importer would fail on the file."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != MAGIC:
        return "magic %r" % (data[:4],)
    if len(data) < HEADER_SIZE:
        return "only %d bytes" % len(data)
    try:
        code = marshal.loads(data[HEADER_SIZE:])
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return None if isinstance(code, types.CodeType) else "holds a %s" % type(code).__name__


def main():
    good = bad = 0
    for top in sys.argv[1:]:
        for directory, _, names in os.walk(top):
            if sys.version_info < (3,) and os.path.basename(directory) == "__pycache__":
                continue
            for name in names:
                if name.endswith(SUFFIXES):
                    path = os.path.join(directory, name)
                    words = complaint(path)
                    good += words is None
                    bad += words is not None
                    if words:
                        print("%r: %s" % (path, words))
    print("%d loadable, %d bad" % (good, bad))
    sys.exit(1 if bad else 0)


main()
