# SPDX-License-Identifier: GPL-2.0-or-later
"""A case: a scene, what is asked of both, and what py_compile is known to say."""
import copy

from compile_cases.scene import VERSION, as_bytes


TOP = "@TOP@"  # in a field: the directory that the scene is made in


def placed(value, top):
    """The value with TOP replaced in all its strings."""
    if isinstance(value, (list, tuple)):
        return type(value)(placed(item, top) for item in value)
    if isinstance(value, dict):
        return dict((placed(key, top), placed(value[key], top)) for key in value)
    if isinstance(value, bytes) and not isinstance(value, str):
        return value.replace(TOP.encode(), as_bytes(top))
    return value.replace(TOP, top) if isinstance(value, str) else value


class ByHand(object):
    """An expectation that is written out, where py_compile of VERSIONS does not show it.

    REASON says why. Errors are those of the case. WRITTEN maps each path that is written to the
    source it is made of; CREATED lists the directories that are made.
    """

    def __init__(self, reason, written=None, created=(), versions=("2.7",)):
        self.reason = reason
        self.written = written or {}
        self.created = created
        self.versions = versions


class Case(object):
    """Fields, each with what it is unless it is given:

    name      words for the report
    files     what is compiled, relative to cwd
    build     called with a Scene
    errors    {file: exception}, what py_compile is known to raise; the exception may be a
              dictionary of versions and "else", and None stands for success. So a case whose scene
              is wrong does not pass because both fail.
    """

    def __init__(self, name, files, build, errors=None, **fields):
        self.name = name
        self.files = files
        self.build = build
        self.errors = errors or {}
        self.cfile = None
        self.dfile = None
        self.levels = None          # list for --optimize
        self.mode = None            # --invalidation-mode
        self.environment = {}
        self.umask = 0o022
        self.uid = None             # an ordinary user, who owns the scene
        self.cwd = "."
        self.cwd_deleted = False
        self.stdin = b""
        self.stdin_file = None      # instead of a pipe with that
        self.feed = {}              # {FIFO: what a process writes into it}
        self.arguments = None       # the program's, instead of those made of the fields above
        self.extra = []             # more of them
        self.listed = False         # files are given on standard input
        self.act = None             # what is done instead of py_compile.compile
        self.fresh = False          # py_compile in an interpreter of its own start
        self.flags = []             # its options
        self.versions = None        # all
        self.by_hand = None
        self.any_time = False       # the source's time is not the same both times
        self.quiet = False
        self.words = True           # compare the whole messages
        for field, value in fields.items():
            if field not in self.__dict__:
                raise TypeError("%s: no field %s" % (name, field))
            setattr(self, field, value)
        if self.listed and not self.stdin:
            self.stdin = b"".join(as_bytes(file) + b"\n" for file in files)

    def at(self, top):
        """The case for a scene in that directory."""
        found = copy.copy(self)
        found.__dict__.update(placed(self.__dict__, top))
        if self.by_hand is not None:
            found.by_hand = copy.copy(self.by_hand)
            found.by_hand.written = placed(self.by_hand.written, top)
        return found

    def is_for(self, version):
        return self.versions is None or version in self.versions

    def is_by_hand(self):
        return self.by_hand is not None and VERSION in self.by_hand.versions

    def error_of(self, file):
        error = self.errors.get(file)
        if isinstance(error, dict):
            return error.get(VERSION, error.get("else"))
        return error

    def program_arguments(self):
        """What pysupport-compile is given for the fields."""
        if self.arguments is not None:
            return ["--python", VERSION] + self.arguments
        words = ["--python", VERSION, "--print-path"]
        for option, value in (("--cfile", self.cfile), ("--dfile", self.dfile),
                              ("--invalidation-mode", self.mode)):
            if value is not None:
                words += [option, value]
        if self.levels is not None:
            words += ["--optimize", ",".join(str(level) for level in self.levels)]
        if self.quiet:
            words.append("-q")
        return words + self.extra + (["-"] if self.listed else self.files)


VERSIONS_3 = ("3.9", "3.11", "3.13", "3.14", "3.15")
