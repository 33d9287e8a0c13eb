# SPDX-License-Identifier: GPL-2.0-or-later
"""What every case needs: where things are, what is compared, and how often."""
import pathlib
import shutil
import sys
import time

import references
import trees


class Bench:
    """The settings, as bench/lib/run.py takes them from its command line."""

    def __init__(self, settings):
        self.jobs = settings.jobs
        self.rounds = settings.rounds
        self.quick = settings.quick
        self.program = settings.program
        self.touch = settings.touch
        self.disk = pathlib.Path(settings.disk)
        self.root = settings.root
        self.three_root = settings.three_root
        self.version = settings.version
        self.three_versions = settings.three_versions
        self.corpus = self.disk / "corpus"
        self.modules = trees.modules_below(self.corpus)
        self._number = 0

    def fresh(self, name):
        """A new path on the disk that nothing was at before."""
        self._number += 1
        path = self.disk / "made" / f"{self._number}-{name}"
        path.parent.mkdir(exist_ok=True)
        return path

    def log(self, name):
        """Where a command's output goes."""
        return str(self.fresh(name)) + ".log"

    def tree(self, name):
        """A new tree, which is to be made."""
        return trees.Tree(self.fresh(name))

    def bare_tree(self, name):
        """A new tree of the corpus, without bytecode."""
        return self.tree(name).make(self.corpus)

    def references(self):
        """Listing the modules package by package."""
        return references.listed(self.fresh("references"), self.modules)

    def inside(self, path):
        """A list of files, in every root, for programs that run there: where to find it."""
        for root in filter(None, (self.root, self.three_root)):
            place = pathlib.Path(root) / "opt/bench"
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
        return f"/opt/bench/{pathlib.Path(path).name}"

    def forget(self):
        """Removes what the last case made; returns whether there was anything."""
        made = self.disk / "made"
        if not made.exists():
            return False
        shutil.rmtree(made)
        return True

    def in_turn(self, contenders, rounds=None):
        """Each of them (name: function of the round) once in a round, the order turned by one from
        round to round. Returns the figures of each."""
        names = list(contenders)
        figures = {name: [] for name in names}
        for number in range(rounds or self.rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                figures[name].append(contenders[name](number))
                self._tell(number, name)
        return figures

    def _tell(self, number, name):
        """A full run takes an hour or so, and says where it is."""
        if not self.quick:
            who = name if isinstance(name, str) else " ".join(map(str, name))
            print(f"{time.strftime('%T')} round {number + 1}: {who}", file=sys.stderr, flush=True)
