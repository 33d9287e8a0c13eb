# SPDX-License-Identifier: GPL-2.0-or-later
"""dfile, levels of optimization, invalidation modes, environment."""
from compile_cases.case import TOP, VERSIONS_3, Case
from compile_cases.paths import bad, one
from compile_cases.scene import PLAIN, native

MODES = ("timestamp", "checked-hash", "unchecked-hash")


def names_in_code():
    for dfile in ("/usr/lib/elsewhere/b.py", "b.py", "no such/../place", native(b"\xc3\xbc.py")):
        yield Case("dfile %r" % dfile, ["a.py"], one, dfile=dfile)
        yield Case("dfile %r of a source that is bad" % dfile, ["a.py"], bad,
                   {"a.py": "SyntaxError"}, dfile=dfile)
    yield Case("dfile '' counts as none", ["a.py"], one, dfile="")
    yield Case("dfile '' of a source that is bad", ["a.py"], bad, {"a.py": "SyntaxError"},
               dfile="")
    yield Case("dfile, source missing", ["a.py"], lambda scene: None,
               {"a.py": "FileNotFoundError"}, dfile="b.py")


def levels():
    for level in (-1, 0, 1, 2):
        yield Case("level %d" % level, ["a.py"], one, levels=[level])
        yield Case("level %d with cfile" % level, ["a.py"], one, levels=[level], cfile="x.pyc")
    # In 2.7 levels 1 and 2 have one path.
    yield Case("levels 0, 1 and 2", ["a.py", "b.py"],
               lambda scene: (one(scene), scene.source("b.py")), levels=[0, 1, 2],
               versions=VERSIONS_3)
    yield Case("levels 0 and 1", ["a.py"], one, levels=[0, 1])
    yield Case("option given twice", ["a.py"], one, levels=[0], versions=VERSIONS_3,
               extra=["--optimize=0"])
    # Values that are no number, and what an interpreter makes of them.
    for value in ("", "0", "1", "2", "x", "2x", " 2", "-1", "01", "3", "+2", "2 "):
        yield Case("PYTHONOPTIMIZE=%r" % value, ["a.py"], one, fresh=True,
                   environment={"PYTHONOPTIMIZE": value})
    # In 2.7 what comes of it is not defined.
    yield Case("PYTHONOPTIMIZE is too long a number", ["a.py"], one, fresh=True,
               versions=VERSIONS_3, environment={"PYTHONOPTIMIZE": "99999999999"})
    yield Case("PYTHONOPTIMIZE=2 and level -1", ["a.py"], one, levels=[-1], fresh=True,
               environment={"PYTHONOPTIMIZE": "2"})
    yield Case("PYTHONOPTIMIZE=2 and level 0", ["a.py"], one, levels=[0], fresh=True,
               versions=VERSIONS_3, environment={"PYTHONOPTIMIZE": "2"})
    yield Case("PYTHONOPTIMIZE=1 of a source that is bad", ["a.py"], bad, {"a.py": "SyntaxError"},
               fresh=True, environment={"PYTHONOPTIMIZE": "1"})


def invalidation_modes():
    for mode in MODES:
        yield Case("mode " + mode, ["a.py"], one, mode=mode, versions=VERSIONS_3)
        yield Case("mode %s with SOURCE_DATE_EPOCH" % mode, ["a.py"], one, mode=mode,
                   versions=VERSIONS_3, environment={"SOURCE_DATE_EPOCH": "1"})
    for value in ("1600000000", "0", "x", ""):
        yield Case("SOURCE_DATE_EPOCH=%r" % value, ["a.py"], one,
                   environment={"SOURCE_DATE_EPOCH": value})

    def sizes(scene):
        for size in list(range(20)) + [63, 64, 65, 4095, 65536]:
            scene.source("s%d.py" % size, b"#" * size)
    files = ["s%d.py" % size for size in list(range(20)) + [63, 64, 65, 4095, 65536]]
    yield Case("hashes of sources of many sizes", files, sizes, mode="checked-hash",
               versions=VERSIONS_3)


def surroundings():
    """What the environment says to an interpreter does not change what a source means."""
    yield Case("other variables of Python's", ["a.py"], one,
               environment={"PYTHONHOME": "/nonexistent", "PYTHONPATH": "/nonexistent",
                            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "error"})
    yield Case("the locale C", ["a.py"], one, environment={"LC_ALL": "C"})
    yield Case("quiet", ["a.py", "none.py", "b.py"],
               lambda scene: (bad(scene), scene.source("b.py")),
               {"a.py": "SyntaxError", "none.py": "FileNotFoundError"}, quiet=True)
    yield Case("absolute source, absolute cfile, dfile, level and mode", [TOP + "/a.py"], one,
               cfile=TOP + "/new/x.pyc", dfile="z.py", levels=[1], mode="unchecked-hash",
               versions=VERSIONS_3)
    yield Case("a source with a warning", ["a.py"],
               lambda scene: scene.source("a.py", b"x = '\\d'\nassert (x, 1)\nx is 1\n" + PLAIN))


def cases():
    for part in (names_in_code, levels, invalidation_modes, surroundings):
        for case in part():
            yield case
