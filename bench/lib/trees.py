# SPDX-License-Identifier: GPL-2.0-or-later
"""Copies of modules, what passes know of them, and lists of files."""
import os
import pathlib
import shutil
import subprocess


class Tree:
    """A directory of modules, with the state of passes over them and the links they made."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.modules = self.path / "modules"
        self.state = self.path / "state"
        self.links = self.path / "links"

    def make(self, source):
        """A copy of bare sources. Nobody writes to these, so all copies have them in common."""
        self._make_others()
        subprocess.run(["cp", "-al", source, self.modules], check=True)
        return self

    def make_from(self, other, own_sources, state=True):
        """A copy of a compiled tree. Its bytecode is a copy of its own in any case; sources only
        where somebody is going to write to them or to change their times."""
        self._make_others()
        for name in os.listdir(other.state) if state else ():
            shutil.copy2(other.state / name, self.state / name)

        def copy(source, target):
            if own_sources or target.endswith(".pyc"):
                shutil.copy2(source, target)
            else:
                os.link(source, target)

        shutil.copytree(other.modules, self.modules, copy_function=copy)
        return self

    def _make_others(self):
        for path in (self.path, self.state, self.links):
            path.mkdir()

    def bytecode(self, version):
        """Paths of what there is for that version, in order."""
        ending = f".cpython-{version.replace('.', '')}.pyc"
        return [os.path.join(place, name)
                for top in (self.modules, self.links)
                for place, _, names in sorted(os.walk(top))
                for name in sorted(names) if name.endswith(ending)]

    def stamps(self, version):
        """What any write to bytecode would change."""
        found = {}
        for path in self.bytecode(version):
            status = os.stat(path)
            found[path] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return found


def modules_below(top):
    """Relative paths of all modules, in the order of directories."""
    return [os.path.relpath(os.path.join(place, name), top)
            for place, _, names in sorted(os.walk(top))
            for name in sorted(names) if name.endswith(".py")]


def cache_of(source, version):
    """Where the bytecode of a source is (PEP 3147)."""
    place, name = os.path.split(source)
    tag = f"cpython-{version.replace('.', '')}"
    return os.path.join(place, "__pycache__", f"{name[:-len('.py')]}.{tag}.pyc")


def write_list(path, items):
    """One a line; returns the path as text, for a command line."""
    pathlib.Path(path).write_text("".join(f"{item}\n" for item in items), encoding="utf-8")
    return str(path)
