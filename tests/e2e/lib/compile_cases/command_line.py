# SPDX-License-Identifier: GPL-2.0-or-later
"""Several files, and lists of files on standard input."""
from compile_cases.case import Case
from compile_cases.scene import BAD, native

# The command of 3.x ends at the first file that fails, that of 2.7 does not. pysupport-compile goes
# on always (its users give it the files of a whole package), so what is compared with is one call
# of py_compile.compile a file.


def build(scene):
    scene.source("a.py")
    scene.source("bad.py", BAD)
    scene.source("d/c.py")
    scene.source("with space.py")
    scene.source(native(b"\xc3\xbc.py"))
    scene.link("link.pyc", "none")


FAILING = {"bad.py": "SyntaxError", "none.py": "FileNotFoundError", "-": "FileNotFoundError",
           "": "FileNotFoundError", "with space.py ": "FileNotFoundError",
           "a.py\r": "FileNotFoundError"}


def cases():
    some = ["a.py", "bad.py", "d/c.py", "none.py", "with space.py", native(b"\xc3\xbc.py")]
    yield Case("several, of which some fail", some, build, FAILING)
    yield Case("several, of which the last fails", ["a.py", "bad.py"], build, FAILING)
    yield Case("several, of which all fail", ["none.py", "bad.py"], build, FAILING)
    yield Case("a list", some, build, FAILING, listed=True)
    yield Case("a list, all good", ["a.py", "d/c.py"], build, FAILING, listed=True)
    yield Case("a list without a last newline", ["a.py", "d/c.py"], build, listed=True,
               stdin=b"a.py\nd/c.py")
    yield Case("a list: blanks and carriage returns belong to the name",
               ["with space.py ", "a.py\r", "a.py"], build, FAILING, listed=True)
    yield Case("a list with an empty line", ["a.py", "", "d/c.py"], build, FAILING, listed=True)
    yield Case("an empty list", [], build, listed=True, stdin=b"")
    yield Case("a list of many", ["a.py"] + ["none%d.py" % n for n in range(1000)] + ["d/c.py"],
               build, dict(("none%d.py" % n, "FileNotFoundError") for n in range(1000)),
               listed=True)
    yield Case("a dash is a file, first of several", ["-", "a.py"], build, FAILING,
               stdin=b"d/c.py\n")
    yield Case("a dash is a file, last of several", ["a.py", "-"], build, FAILING,
               stdin=b"d/c.py\n")
    yield Case("the same file twice", ["a.py", "a.py"], build)
    yield Case("the same file by two paths", ["a.py", "./a.py"], build, extra=["-j", "1"])
