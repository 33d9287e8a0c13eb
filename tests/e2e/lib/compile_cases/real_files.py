# SPDX-License-Identifier: GPL-2.0-or-later
"""The interpreter's own modules: a copy compiled by py_compile, one at the same path by ours."""
from __future__ import print_function

import os
import pickle
import shutil
import sys
import tempfile

from compare_bytecode import difference
from compile_cases.actors import compile_one, run_child
from compile_cases.case import Case
from compile_cases.scene import VERSION, as_bytes, content_of

LIBRARIES = ("/usr/lib/python" + VERSION, "/usr/lib/python3/dist-packages", "/usr/share")
LIMIT = 600
SHARES = 2


def found_sources():
    """The smallest ones, because time is better spent on many."""
    paths = [os.path.join(directory, name) for top in LIBRARIES
             for directory, _, names in os.walk(top) for name in names if name.endswith(".py")]
    paths = [path for path in paths if not os.path.islink(path)]
    paths.sort(key=lambda path: (os.path.getsize(path), path))
    return sorted(paths[:LIMIT])


def make_copy(paths, top):
    for path in paths:
        target = top + path
        if not os.path.isdir(os.path.dirname(target)):
            os.makedirs(os.path.dirname(target))
        shutil.copy2(path, target)


def in_shares(function, items):
    """The results of FUNCTION for shares of the items, each in a process, in one list."""
    streams = []
    for share in range(SHARES):
        stream = tempfile.TemporaryFile()
        pid = os.fork()
        if pid == 0:
            try:
                pickle.dump(function(items[share::SHARES]), stream, 2)
                stream.flush()
            finally:
                os._exit(0)
        streams.append((pid, stream))
    results = []
    for pid, stream in streams:
        os.waitpid(pid, 0)
        stream.seek(0)
        results += pickle.load(stream)
        stream.close()
    return results


def compile_share(files):
    sys.setrecursionlimit(1000)
    request = {"cfile": None, "dfile": None, "mode": None}
    return [(file, compile_one(request, file, -1)) for file in files]


def facts_of(path):
    if not os.path.lexists(path):
        return None
    facts = os.lstat(path)
    return (facts.st_mode, None if os.path.isdir(path) else content_of(path, facts))


def compare_share(pairs):
    """Words on each path at which the trees differ."""
    wrong = []
    for ours, theirs in pairs:
        left, right = facts_of(ours), facts_of(theirs)
        if left is None or right is None:
            wrong.append("%s: only %s made it" % (
                ours, "py_compile" if left is None else "pysupport-compile"))
        elif left != right:
            wrong.append(difference(ours, left, right))
    return wrong


def pairs_of(ours, theirs):
    """The paths that either tree has, in both."""
    relative = set(os.path.relpath(os.path.join(directory, name), top)
                   for top in (ours, theirs)
                   for directory, directories, files in os.walk(top)
                   for name in directories + files)
    return [(os.path.join(ours, path), os.path.join(theirs, path)) for path in sorted(relative)]


def judge_real_files(command):
    """(number of files, number of differences)"""
    place = tempfile.mkdtemp(prefix="scene.")
    top = os.path.join(place, "tree")
    paths = found_sources()
    files = [top + path for path in paths]
    make_copy(paths, top)
    expected = dict(in_shares(compile_share, files))
    os.rename(top, top + ".py_compile")
    make_copy(paths, top)
    arguments = command + ["--python", VERSION, "--print-path", "-"]
    case = Case("real files", files, None, listed=True)
    status, out, err = run_child(case, "/", lambda: os.execv(arguments[0], arguments))[:3]
    results = [expected[file] for file in files]
    printed = b"".join(result[1] + b"\n" for result in results if result[0] == "written")
    wrong = []
    if status != int(any(result[0] == "error" for result in results)):
        wrong.append("exit %s: %r" % (status, err))
    if out != printed:
        wrong.append("printed paths differ: %d lines, expected %d" % (
            out.count(b"\n"), printed.count(b"\n")))
    messages = b"".join(as_bytes(result[2]).rstrip() + b"\n" for result in results
                        if result[0] == "error")
    if err != messages:
        wrong.append("messages %.1000r, expected %.1000r" % (err, messages))
    wrong += in_shares(compare_share, pairs_of(top, top + ".py_compile"))
    for words in wrong:
        print("%.1500s" % words)
    shutil.rmtree(place)
    return len(files), len(wrong)
