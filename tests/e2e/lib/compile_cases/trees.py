# SPDX-License-Identifier: GPL-2.0-or-later
"""Directories, and the recorded path, against compileall (whose stripdir came with 3.9)."""
import compileall
import os
import re

from compile_cases.case import TOP, VERSIONS_3, Case, placed
from compile_cases.scene import BAD, PLAIN, PYTHON2

SAME = b"x = 1\n"
DOCSTRING = b'"""Only this."""\nx = 1\n'
ASSERTION = b"x = 1\nassert x\n"
NEWER = ("3.13", "3.14", "3.15")


def build(scene):
    scene.directory("t")
    for name in ("t/a.py", "t/b.py", "t/sub/c.py", "t/sub/deep/d.py", "t/.hidden/e.py",
                 "t/dir.py/f.py", "t/__pycache__/g.py", "t/test_h.py", "t/not_python.txt",
                 "t/bare", "t/upper.PY", "t/w.pyw", "other/o.py"):
        scene.source(name)
    scene.link("t/link.py", "../other/o.py")
    scene.link("t/linked", "../other")


def tree(paths, **options):
    """What compileall's command does for its arguments, as actors.compile_all tells it."""
    quiet = 1 if PYTHON2 else 2

    def act(top):
        good = True
        for path in placed(paths, top):
            function = compileall.compile_dir if os.path.isdir(path) else compileall.compile_file
            good = function(path, quiet=quiet, **placed(options, top)) and good
        return [] if good else [("error", "", b"")]
    return act


def case(name, arguments, paths, make=build, versions=VERSIONS_3, cwd=".", **options):
    return Case(name, [], make, act=tree(paths, **options), arguments=arguments + paths, cwd=cwd,
                versions=versions)


def directories():
    everywhere = ("2.7",) + VERSIONS_3
    for paths in (["t"], ["t/"], ["./t"], ["t/../t"], [TOP + "/t"], ["t/sub", "t/a.py"]):
        yield case("directory %s" % " ".join(paths).replace(TOP, "/..."), [], paths)
    yield case("the current directory", [], ["."], cwd="t")
    yield case("a directory that is a link", [], ["t/linked"])
    yield case("a directory, some workers", ["-j", "4"], ["t"])

    def plain(scene):
        for name in ("t/a.py", "t/sub/c.py", "t/sub/deep/d.py"):
            scene.source(name)
    yield case("a plain directory", [], ["t"], plain, everywhere)
    for depth in (0, 1, 2, 10):
        yield case("depth %d" % depth, ["-r", str(depth)], ["t"], plain, everywhere,
                   maxlevels=depth)
    yield case("depth by its long name", ["--depth=1"], ["t"], maxlevels=1)

    def failing(scene):
        plain(scene)
        scene.source("t/bad.py", BAD)
        scene.link("t/dangling.py", "none")
        scene.source("t/z.py")
    yield case("a directory with a source that is bad", [], ["t"], failing, everywhere)


def exclusions():
    for pattern in (r"/test_", r"[ab]\.py$", r"^t/sub", r"deep|hidden", r"b\.py", r"no such",
                    r"[^/]{4}\.py", r"\bsub\b", r"/(a|b|c)\.py$", r"\w_h", r"(?:x|e)\.py"):
        yield case("excluded %s" % pattern, ["-x", pattern], ["t"], rx=re.compile(pattern))
    yield case("excluded by the name as given", ["--exclude", r"^t/a\.py$"], [TOP + "/t"],
               rx=re.compile(r"^t/a\.py$"))
    yield case("an excluded file that is given by name", ["-x", "a[.]"], ["t/a.py", "t/b.py"],
               rx=re.compile("a[.]"))


def recorded_paths():
    t = TOP + "/t"
    for strip, prepend in ((TOP, None), (None, "/usr/share"), (TOP, "/usr/share"), (t, "/new"),
                           (TOP, "relative"), (None, "relative"), (TOP, "/usr/share/")):
        options = {}
        arguments = []
        for option, name, value in (("-s", "stripdir", strip), ("-p", "prependdir", prepend)):
            if value is not None:
                arguments += [option, value]
                options[name] = value
        words = "strip %s, prepend %s" % (strip, prepend)
        words = words.replace(TOP, "/...")
        yield case(words + ", a directory", arguments, [t], **options)
        yield case(words + ", a file", arguments, [t + "/a.py"], **options)
    # Up to 3.11 it strips part for part; later versions strip only what begins the path. The rule
    # here is that of 3.13 for all. One thing is kinder: a slash behind the directory, with which
    # 3.13 strips nothing, does not count.
    for strip in (TOP + "/", TOP + "/x", "t", "t/sub", "", "/", t + "/a", "./t", "t//"):
        kind = strip.rstrip("/")
        for top in (t, "t", "./t"):
            words = "strip %r of %r" % (strip.replace(TOP, "/..."), top.replace(TOP, "/..."))
            yield case(words, ["--strip", strip], [top], versions=NEWER, stripdir=kind)
        yield case(words + ", prepend", ["--strip", strip, "--prepend", "/p"], [top],
                   versions=NEWER, stripdir=kind, prependdir="/p")


def levels():
    yield case("levels 0, 1, 2", ["--optimize", "0,1,2"], ["t"], optimize=[0, 1, 2])
    yield case("levels given apart", ["--optimize", "2", "--optimize", "0"], ["t"],
               optimize=[0, 2])

    def kinds(scene):
        scene.source("t/same.py", SAME)
        scene.source("t/docstring.py", DOCSTRING)
        scene.source("t/assertion.py", ASSERTION)
        scene.source("t/plain.py", PLAIN)
    # Whether two levels have equal code is seen from the bytes. The sources are so small that
    # py_compile's bytes, too, are equal where the code is.
    for wanted in ([0, 1], [0, 2], [1, 2], [0, 1, 2]):
        arguments = ["--hardlink-dupes", "--optimize", ",".join(map(str, wanted))]
        yield case("hard links of levels %s" % wanted, arguments, ["t"], kinds, optimize=wanted,
                   hardlink_dupes=True)
        yield case("hard links of levels %s, files" % wanted, arguments,
                   ["t/same.py", "t/plain.py"], kinds, optimize=wanted, hardlink_dupes=True)
    yield case("no hard links unless asked", ["--optimize", "0,1,2"], ["t"], kinds,
               optimize=[0, 1, 2])

    def linked_before(scene):
        kinds(scene)
        tag = "t/__pycache__/plain." + compileall.importlib.util.cache_from_source(
            "a.py").split(".", 1)[1][:-len(".pyc")]
        scene.source(tag + ".pyc", b"old")
        for level in (1, 2):
            os.link(scene.path(tag + ".pyc"), scene.path(tag + ".opt-%d.pyc" % level))
    yield case("hard links of before, of code that differs now",
               ["-f", "--hardlink-dupes", "--optimize", "0,1,2"], ["t"], linked_before,
               optimize=[0, 1, 2], hardlink_dupes=True, force=True)


def modes():
    import py_compile
    for mode in ("timestamp", "checked-hash", "unchecked-hash"):
        kind = py_compile.PycInvalidationMode[mode.upper().replace("-", "_")]
        yield case("a directory, mode " + mode, ["--invalidation-mode", mode], ["t"],
                   invalidation_mode=kind)


def cases():
    parts = [directories, exclusions, recorded_paths]
    if not PYTHON2:
        parts += [levels, modes]
    for part in parts:
        for found in part():
            yield found
