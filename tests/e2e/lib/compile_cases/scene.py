# SPDX-License-Identifier: GPL-2.0-or-later
"""A directory that can be made twice the same, and what somebody changed in it."""
import marshal
import os
import shutil
import socket
import stat
import subprocess
import sys

from compare_bytecode import HEADER_SIZE, canonical

PYTHON2 = sys.version_info < (3,)
VERSION = "%d.%d" % sys.version_info[:2]
TIME = 1600000000.25

if PYTHON2:
    import imp
    MAGIC = imp.get_magic()
else:
    import importlib.util
    MAGIC = importlib.util.MAGIC_NUMBER

# Its code differs at each level of optimization.
PLAIN = b'"""Words."""\ndef f(a, b=1.5):\n    """More."""\n    assert a\n    return [a, b]\n'
BAD = b"x = 1\ndef f(:\n"


def native(data):
    """Bytes as the str that this interpreter names files with."""
    return data if PYTHON2 else os.fsdecode(data)


def as_bytes(name):
    return name if isinstance(name, bytes) else os.fsencode(name)


def cached(name):
    """Where the bytecode of NAME.py goes."""
    return name + ".pyc" if PYTHON2 else "__pycache__/%s.cpython-%s.pyc" % (
        name, VERSION.replace(".", ""))


class Scene(object):
    """Makes things below TOP; paths are relative to it."""

    def __init__(self, top):
        self.top = top

    def path(self, name):
        return os.path.join(self.top, name)

    def place(self, name):
        """The path, with the directory it lies in."""
        path = self.path(name)
        self.directory(os.path.dirname(path))
        return path

    def directory(self, name):
        if not os.path.isdir(self.path(name)):
            os.makedirs(self.path(name))

    def source(self, name, content=PLAIN, mode=0o644, time=None):
        """TIME is what touch -d understands, because 2.7 cannot set nanoseconds."""
        path = self.place(name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        if time is None:
            os.utime(path, (TIME, TIME))
        else:
            subprocess.check_call(["touch", "-d", "@" + time, path])

    def link(self, name, target):
        os.symlink(target, self.place(name))

    def fifo(self, name):
        os.mkfifo(self.place(name))

    def socket(self, name):
        """A bound path may have 108 bytes."""
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.place(name))
        listener.close()

    def mode(self, name, mode):
        os.chmod(self.path(name), mode)

    def give_to(self, uid):
        os.lchown(self.top, uid, uid)
        for directory, directories, files in os.walk(self.top):
            for name in directories + files:
                os.lchown(os.path.join(directory, name), uid, uid)

    def clear(self):
        if os.path.lexists(self.top):
            shutil.rmtree(self.top)
        os.makedirs(self.top)


def content_of(path, facts):
    """What is in the file; bytecode as its header and a code object that "==" compares exactly."""
    if stat.S_ISLNK(facts.st_mode):
        return ("link", os.readlink(path))
    if not stat.S_ISREG(facts.st_mode):
        return ("special",)
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != MAGIC:
        return ("data", data)
    try:
        code = canonical(marshal.loads(data[HEADER_SIZE:]))
    except Exception as error:
        code = repr(error)
    return ("bytecode", data[:HEADER_SIZE], code)


def snapshot(top):
    """{path: (identity, type, mode, content)} of all below TOP."""
    found = {}
    names = {}
    for directory, directories, files in os.walk(top):
        for name in directories + files:
            path = os.path.join(directory, name)
            facts = os.lstat(path)
            is_directory = stat.S_ISDIR(facts.st_mode)
            if not is_directory:
                key = (facts.st_dev, facts.st_ino)
                names.setdefault(key, []).append(os.path.relpath(path, top))
            # Time and size of a directory tell only of what happened in it.
            identity = (facts.st_ino, None if is_directory else facts.st_mtime)
            found[os.path.relpath(path, top)] = (
                identity, stat.S_IFMT(facts.st_mode), stat.S_IMODE(facts.st_mode),
                None if is_directory else content_of(path, facts))
    # A file with more names than one has them all in its content.
    for paths in names.values():
        for path in paths if len(paths) > 1 else []:
            found[path] = found[path][:3] + (found[path][3] + (sorted(paths),),)
    return found


def changes(before, after):
    """{path: (what happened, type, mode, content)} of all that is not as it was."""
    happened = {}
    for path in set(before) | set(after):
        if path not in after:
            happened[path] = ("removed", None, None, None)
        elif path not in before:
            happened[path] = ("new",) + after[path][1:]
        elif before[path] != after[path]:
            replaced = before[path][0][0] != after[path][0][0]
            happened[path] = ("replaced" if replaced else "changed",) + after[path][1:]
    return happened
