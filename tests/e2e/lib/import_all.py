# SPDX-License-Identifier: GPL-2.0-or-later
"""Imports every module below a directory of sys.path, as well as it can.

pythonX.Y -v import_all.py DIR 2>LOG    (python2.7 and 3.x)

Modules whose dependencies are not there may fail to import: what counts is what the interpreter
loaded, and that it wrote nothing. Prints "N imported, N not".
"""
from __future__ import print_function

import os
import re
import sys

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
# Programs, modules that open windows or browsers, and ones that replace parts of the interpreter.
SKIPPED = ("__main__", "antigravity", "idlelib", "lib-tk", "turtle", "gevent", "this", "test",
           "tests", "sitecustomize", "ensurepip", "pdb", "user", "code", "site")


def modules(top):
    for directory, names, files in os.walk(top):
        names[:] = sorted(name for name in names if IDENTIFIER.match(name) and name not in SKIPPED)
        package = os.path.relpath(directory, top).replace(os.sep, ".")
        prefix = "" if package == "." else package + "."
        for name in sorted(files):
            stem, ending = os.path.splitext(name)
            if ending != ".py" or not IDENTIFIER.match(stem) or stem in SKIPPED:
                continue
            yield (prefix + stem) if stem != "__init__" else package


def main():
    good = bad = 0
    for name in modules(sys.argv[1]):
        if name == ".":
            continue
        try:
            __import__(name)
            good += 1
        except BaseException as error:
            bad += 1
            print("%s: %s: %s" % (name, type(error).__name__, error))
    print("%d imported, %d not" % (good, bad))
    sys.stdout.flush()
    os._exit(0)  # what the modules registered for the end is not our business


main()
