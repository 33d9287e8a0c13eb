# SPDX-License-Identifier: GPL-2.0-or-later
"""One file changed."""
import statistics

import commands
import compiled
from measure import Taken, measure
from stage import staged
from wrong import demand


class Changing:
    """A compiled tree with sources of its own, one more of which is changed before each run."""

    def __init__(self, bench, template, command, listed=None):
        self.bench, self.command, self.listed = bench, command, listed
        self.tree = bench.tree("changing").make_from(template, own_sources=True)
        self.next = len(bench.modules) // 2
        self.last = None

    def change(self):
        """Appends a comment to the next module."""
        self.last = self.bench.modules[self.next % len(self.bench.modules)]
        self.next += 1
        with open(self.tree.modules / self.last, "ab") as file:
            file.write(b"\n# changed\n")

    def run(self, changes):
        """The command, after a change or without one; it must compile that one file only."""
        before = self.tree.stamps(self.bench.version)
        if changes:
            self.change()
        log = self.bench.log("changed")
        with staged(self.bench.root, self.tree, self.listed):
            taken = measure(self.command, log)
        after = self.tree.stamps(self.bench.version)
        written = sum(after[path] != before[path] for path in before)
        demand(len(after) == len(before) and written == changes,
               f"{written} bytecode files were written, {changes} sources changed", log)
        return taken


def _median(many):
    """Of short commands that were run several times in a round."""
    return Taken(statistics.median(one.wall for one in many),
                 statistics.median(one.cpu for one in many), many[0].peak)


def changed(bench):
    """One file changed of all."""
    listed = bench.references()
    runs = 3 if bench.quick else 5
    ours = Changing(bench, compiled.by_ours(bench, listed),
                    commands.full_pass(bench, bench.root), listed)
    template = compiled.by_compileall(bench)
    compileall = Changing(bench, template, commands.compileall(bench, bench.root, bench.version))
    py3compile = Changing(bench, template, commands.py3compile(bench.root, bench.version))
    ours.run(0)  # the copies of the sources are looked at once

    def floor(_):
        idle = _median([ours.run(0) for _ in range(runs)])
        path = bench.inside(bench.corpus / bench.modules[ours.next % len(bench.modules)])
        log = bench.log("one")
        one = _median([measure(commands.compile_one(bench.root, bench.version, path), log)
                       for _ in range(runs)])
        return Taken(idle.wall + one.wall, idle.cpu + one.cpu, max(idle.peak, one.peak))

    def changing(contender, runs):
        return lambda _: _median([contender.run(1) for _ in range(runs)])

    return bench.in_turn({
        commands.FLOOR: floor,
        commands.OURS: changing(ours, runs),
        commands.COMPILEALL: changing(compileall, 1),
        commands.PY3COMPILE: changing(py3compile, 1),
    }), {}
