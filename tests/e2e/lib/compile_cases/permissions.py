# SPDX-License-Identifier: GPL-2.0-or-later
"""Modes, users, long names, and what was there before."""
import os

from compile_cases.case import VERSIONS_3, ByHand, Case
from compile_cases.paths import one, with_target
from compile_cases.scene import PYTHON2, cached

NOBODY = 65534
MODES = (0o644, 0o600, 0o444, 0o755, 0o666, 0o400, 0o6755)


def umasks():
    files = ["m%o.py" % mode for mode in MODES]

    def build(scene):
        for mode, file in zip(MODES, files):
            scene.source(file, mode=mode)
    for umask in (0o022, 0o027, 0o077, 0o000, 0o777):
        yield Case("umask %03o" % umask, files, build, umask=umask)
        yield Case("umask %03o, an ordinary user" % umask, files, build, umask=umask, uid=NOBODY,
                   **unreachable(umask, files))


def unreachable(umask, files):
    """With umask 0777 an ordinary user cannot enter the __pycache__ that he makes."""
    if umask != 0o777 or PYTHON2:
        return {}
    return {"errors": dict((file, "PermissionError") for file in files)}


def existing_bytecode():
    def build(scene):
        for mode in MODES:
            scene.source("m%o.py" % mode)
            scene.source(cached("m%o" % mode), b"old", mode)
    files = ["m%o.py" % mode for mode in MODES]
    yield Case("bytecode that is there already is replaced", files, build, umask=0o027)
    yield Case("bytecode of an ordinary user is replaced", files, build, uid=NOBODY)

    def linked(scene):
        one(scene)
        scene.source("old", b"old")
        scene.directory("__pycache__")
        os.link(scene.path("old"), scene.path(cached("a")))
    yield Case("bytecode with other names: those stay", ["a.py"], linked)

    def kept(scene):
        scene.source("a.py", b"x = (\n")
        scene.source(cached("a"), b"old", 0o600)
    yield Case("a source that is bad: the old bytecode stays", ["a.py"], kept,
               {"a.py": "SyntaxError"})
    yield Case("a source that is missing: the old bytecode stays", ["a.py"],
               lambda scene: scene.source(cached("a"), b"old"), {"a.py": "FileNotFoundError"})


def ordinary_user():
    denied = {"a.py": "PermissionError"}

    def unreadable(scene):
        scene.source("a.py", mode=0o200)
    yield Case("a source that may not be read", ["a.py"], unreadable, denied, uid=NOBODY)

    def closed(scene):
        scene.source("d/a.py")
        scene.mode("d", 0o600)
    yield Case("a source in a directory that may not be entered", ["d/a.py"], closed,
               {"d/a.py": "PermissionError"}, uid=NOBODY)

    def read_only(scene):
        scene.source("d/a.py")
        scene.mode("d", 0o555)
    yield Case("a directory that may not be written", ["d/a.py"], read_only,
               {"d/a.py": "PermissionError"}, uid=NOBODY)

    def read_only_cache(scene):
        one(scene)
        scene.source(cached("a"), b"old")
        scene.mode("__pycache__", 0o555)
    yield Case("a __pycache__ that may not be written", ["a.py"], read_only_cache, denied,
               uid=NOBODY, versions=VERSIONS_3)
    yield Case("cfile in a directory that may not be entered", ["a.py"],
               with_target(lambda scene: (scene.directory("d"), scene.mode("d", 0o600))),
               denied, uid=NOBODY, cfile="d/x.pyc")
    yield Case("some that may and some that may not", ["a.py", "b.py", "c.py", "d/a.py"],
               lambda scene: (read_only(scene), unreadable(scene), scene.source("b.py"),
                              scene.source("c.py", mode=0o400)),
               {"a.py": "PermissionError", "d/a.py": "PermissionError"}, uid=NOBODY)


def long_names():
    """A name of 255 bytes is the longest; the bytecode's has some bytes more."""
    def named(length):
        return "n" * (length - 3) + ".py"
    def named_case(length, error, by_hand=None):
        file = named(length)
        return Case("a name of %d bytes" % length, [file], lambda scene: scene.source(file),
                    {file: error}, by_hand=by_hand)
    yield named_case(200, None)
    yield named_case(255, "OSError")
    # py_compile's file beside, which is renamed, has a longer name still; ours has not.
    longest = 255 - len(os.path.basename(cached(""))) + len(".py")
    by_hand = ByHand("py_compile's file beside has a name that is too long", {
        cached(named(longest)[:-3]): named(longest)}, [] if PYTHON2 else ["__pycache__"],
        ("2.7",) + VERSIONS_3)
    yield named_case(longest, None, by_hand)
    yield named_case(longest + 1, "OSError")
    yield Case("a name of 256 bytes", [named(256)], one, {named(256): "OSError"})
    deep = "/".join(["d" * 100] * 30)
    yield Case("a long path", [deep + "/a.py"], lambda scene: scene.source(deep + "/a.py"))
    longest = "/".join(["d" * 100] * 50) + "/a.py"
    yield Case("a path that is too long", [longest], one, {longest: "OSError"})
    yield Case("cfile of 256 bytes", ["a.py"], one, {"a.py": "OSError"}, cfile=named(256))


def cases():
    for part in (umasks, existing_bytecode, ordinary_user, long_names):
        for case in part():
            yield case
