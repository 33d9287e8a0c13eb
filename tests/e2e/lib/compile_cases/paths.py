# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the source is and where its bytecode goes."""
from compile_cases.case import TOP, VERSIONS_3, ByHand, Case
from compile_cases.scene import BAD, PYTHON2, cached, native

NEWER_27 = "2.7 replaces whatever is there; 3.4 and later refuse"
MAKES_27 = "2.7 makes no directories; 3.2 and later make those that are missing"


def one(scene):
    scene.source("a.py")


def bad(scene):
    scene.source("a.py", BAD)


def several(names):
    def build(scene):
        for name in names:
            scene.source(name)
    return build


def with_target(make, source=one):
    """A scene with a source and something at the place of its bytecode, x.pyc."""
    def build(scene):
        source(scene)
        make(scene)
    return build


def names():
    """Sources by name; which become which bytecode is the interpreter's rule."""
    plain = ["mod.py", "a.b.py", "a.b.c.py", ".hidden", ".hidden.py", "bare", "end.", "x.py.bak",
             "x.PY", "w.pyw", "with space.py", "quote'd.py", 'double"quote.py', "tab\there.py",
             "new\nline.py", "back\\slash.py", "%s{0}.py", "-dash.py", native(b"\xc3\xbc.py")]
    # "-dash.py" is no option after "./".
    given = ["./" + name if name[0] == "-" else name for name in plain]
    yield Case("names", given, several(plain))
    latin = native(b"latin\xe9.py")
    yield Case("a name that is not UTF-8", [latin], several([latin]))
    yield Case("a name that is not UTF-8, of a source that is bad", [latin],
               lambda scene: scene.source(latin, BAD), {latin: "SyntaxError"})
    # In 2.7 it has the words of Python 3 as well: '\\udce9', not '\\xe9'.
    yield Case("a name that is not UTF-8, missing", [latin], several([]),
               {latin: "FileNotFoundError"}, words=not PYTHON2)
    yield Case("a name that begins with a dash, after --", ["-dash.py"], several(["-dash.py"]),
               extra=["--"])
    yield Case("many names at once, some workers", ["m%d.py" % n for n in range(40)],
               several(["m%d.py" % n for n in range(40)]), extra=["-j", "4"])


def relative_paths():
    def build(scene):
        scene.source("b.py")
        scene.source("a/c.py")
        scene.source("a/d/e.py")
    yield Case("relative paths", ["./a/../b.py", "a//c.py", "./a/./d//e.py"], build)
    yield Case("paths through ..", ["../../b.py", "../c.py", "e.py"], build, cwd="a/d")
    yield Case("absolute paths", [TOP + "/b.py", TOP + "/a/../a//c.py", TOP + "//a/d/e.py"], build)
    yield Case("a missing directory before ..", ["none/../b.py"], build,
               {"none/../b.py": "FileNotFoundError"})
    yield Case("through links to directories", ["link/c.py", "link/../b.py"],
               lambda scene: (build(scene), scene.link("link", "a"), scene.link("a/b", "..")))


def deleted_directory():
    def build(scene):
        scene.source("a.py")
        scene.directory("gone")
    yield Case("the current directory is gone, absolute path", [TOP + "/a.py"], build, cwd="gone",
               cwd_deleted=True)
    yield Case("the current directory is gone, relative path", ["a.py"], build,
               {"a.py": "FileNotFoundError"}, cwd="gone", cwd_deleted=True)
    yield Case("the current directory is gone, path through ..", ["../a.py"], build,
               cwd="gone", cwd_deleted=True)
    yield Case("the current directory is gone, relative cfile", [TOP + "/a.py"], build,
               {TOP + "/a.py": "FileNotFoundError"}, cwd="gone", cwd_deleted=True, cfile="x.pyc")


def cfiles():
    def made(directories, path):
        return ByHand(MAKES_27, {path: "a.py"}, directories)
    yield Case("cfile", ["a.py"], one, cfile="x.pyc")
    yield Case("cfile, absolute", ["a.py"], one, cfile=TOP + "/x.pyc")
    yield Case("cfile of any name", ["a.py"], one, cfile="any thing")
    yield Case("cfile in missing directories", ["a.py"], one, cfile="new/deep/x.pyc",
               by_hand=made(["new", "new/deep"], "new/deep/x.pyc"))
    yield Case("cfile in missing directories, umask 077", ["a.py"], one, cfile="new/deep/x.pyc",
               umask=0o077, by_hand=made(["new", "new/deep"], "new/deep/x.pyc"))
    yield Case("cfile through a missing directory and ..", ["a.py"], one, cfile="new/../x.pyc",
               by_hand=made(["new"], "new/../x.pyc"))
    yield Case("cfile with doubled slashes", ["a.py"], one, cfile="new//deep///x.pyc",
               by_hand=made(["new", "new/deep"], "new//deep///x.pyc"))
    # py_compile's words are on the renaming, with the name of the file beside.
    yield Case("cfile '' is a path that cannot be", ["a.py"], one, {"a.py": "FileNotFoundError"},
               cfile="", words=False)
    yield Case("cfile with a slash behind it", ["a.py"], one, {"a.py": "NotADirectoryError"},
               cfile="new/", by_hand=ByHand(MAKES_27, created=["new"]), words=False)
    yield Case("cfile is the source", ["a.py"], one, cfile="a.py")
    nothing = {"a.py": "NotADirectoryError"}
    yield Case("cfile below a file", ["a.py"], with_target(lambda scene: scene.source("f")),
               nothing, cfile="f/x.pyc")
    # 2.7 makes no directories: its words are on the file in the one that is missing.
    for versions in (VERSIONS_3, ("2.7",)):
        yield Case("cfile deep below a file", ["a.py"],
                   with_target(lambda scene: scene.source("f")), nothing, cfile="f/deep/x.pyc",
                   versions=versions, words=versions == VERSIONS_3)
    yield Case("cfile below a dangling link", ["a.py"],
               with_target(lambda scene: scene.link("d", "none")), {"a.py": "FileNotFoundError"},
               cfile="d/x.pyc")
    yield Case("cfile below a link to a directory", ["a.py"],
               with_target(lambda scene: (scene.directory("real"), scene.link("d", "real"))),
               cfile="d/x.pyc")


def occupied_targets():
    """Nothing is written over what is no regular file, nor through a link."""
    refused = {"a.py": "FileExistsError"}
    things = [
        ("a link to a file", lambda scene: (scene.source("other"), scene.link("x.pyc", "other"))),
        ("a dangling link", lambda scene: scene.link("x.pyc", "none")),
        ("a link to a directory", lambda scene: (scene.directory("d"), scene.link("x.pyc", "d"))),
        ("a link to itself", lambda scene: scene.link("x.pyc", "x.pyc")),
        ("a directory", lambda scene: scene.directory("x.pyc")),
        ("a FIFO", lambda scene: scene.fifo("x.pyc")),
        ("a socket", lambda scene: scene.socket("x.pyc")),
    ]
    for words, make in things:
        yield Case("cfile is " + words, ["a.py"], with_target(make), refused, cfile="x.pyc",
                   by_hand=ByHand(NEWER_27))
    link = things[1][1]
    yield Case("cfile is a device", ["a.py"], one, refused, cfile="/dev/null",
               by_hand=ByHand(NEWER_27))
    yield Case("cfile is a link, the source is bad: the target is looked at first", ["a.py"],
               with_target(link, bad), refused, cfile="x.pyc", by_hand=ByHand(NEWER_27))
    yield Case("cfile is a link, the source is missing: the target is looked at first", ["a.py"],
               link, refused, cfile="x.pyc", by_hand=ByHand(NEWER_27))
    usual = cached("a")
    yield Case("the usual path is a link", ["a.py"],
               with_target(lambda scene: scene.link(usual, "none")), refused,
               by_hand=ByHand(NEWER_27))
    yield Case("the usual path is a directory", ["a.py"],
               with_target(lambda scene: scene.directory(usual)), refused,
               by_hand=ByHand(NEWER_27))


def pycache_directories():
    yield Case("__pycache__ is a file", ["a.py"],
               with_target(lambda scene: scene.source("__pycache__")),
               {"a.py": "NotADirectoryError"}, versions=VERSIONS_3)
    yield Case("__pycache__ is a link to a directory", ["a.py"],
               with_target(lambda scene: (scene.directory("d"), scene.link("__pycache__", "d"))))
    yield Case("__pycache__ is a dangling link", ["a.py"],
               with_target(lambda scene: scene.link("__pycache__", "none")),
               {"a.py": "FileNotFoundError"}, versions=VERSIONS_3)
    yield Case("a source that is bad makes no directory", ["a.py"], bad, {"a.py": "SyntaxError"})
    yield Case("a source that is bad makes no directory of cfile", ["a.py"], bad,
               {"a.py": "SyntaxError"}, cfile="new/x.pyc")


def prefixes():
    """What the variable sets in an interpreter that starts, sys.pycache_prefix, is set."""
    def build(scene):
        scene.source("pkg/a.py")
    for words, prefix in (("absolute", TOP + "/cache"), ("with a slash", TOP + "/cache/"),
                          ("relative", "cache"), ("empty", "")):
        for file in ("pkg/a.py", TOP + "/pkg/a.py"):
            yield Case("PYTHONPYCACHEPREFIX, %s, of %s" % (words, file.replace(TOP, "/...")),
                       [file], build, environment={"PYTHONPYCACHEPREFIX": prefix})
    yield Case("PYTHONPYCACHEPREFIX, paths with ..", ["pkg/../pkg//a.py"], build,
               environment={"PYTHONPYCACHEPREFIX": TOP + "/cache"})
    # Up to 3.11 the path keeps its dot; the place is the same.
    yield Case("PYTHONPYCACHEPREFIX, a path with a dot", ["./pkg/./a.py"], build,
               environment={"PYTHONPYCACHEPREFIX": TOP + "/cache"},
               versions=("3.13", "3.14", "3.15"))
    yield Case("PYTHONPYCACHEPREFIX and cfile", ["pkg/a.py"], build, cfile="x.pyc",
               environment={"PYTHONPYCACHEPREFIX": TOP + "/cache"})
    yield Case("PYTHONPYCACHEPREFIX and a level", ["pkg/a.py"], build, levels=[2],
               environment={"PYTHONPYCACHEPREFIX": TOP + "/cache"})


def cases():
    for part in (names, relative_paths, deleted_directory, cfiles, occupied_targets,
                 pycache_directories, prefixes):
        for case in part():
            yield case
