# SPDX-License-Identifier: GPL-2.0-or-later
"""From 10 modules to 100,000: copies of one module under other names."""
import shutil

import commands
import references
from measure import measure
from stage import staged
from wrong import demand

SIZES = (10, 100, 1000, 10000, 100000)
COMPILEALL_LIMIT = 10000  # it takes long, and the line is straight
TYPICAL = 2048  # bytes of source
A_DIRECTORY, A_PACKAGE = 50, 1000


def typical_module(bench):
    """The module whose size is nearest to the typical one; the first by name of several."""
    return min(sorted(bench.modules),
               key=lambda name: abs((bench.corpus / name).stat().st_size - TYPICAL))


class Size:
    """So many modules, and the measurements of one size."""

    def __init__(self, bench, count):
        self.bench, self.count = bench, count
        self.modules = [f"package{i // A_PACKAGE:03}/part{i // A_DIRECTORY:04}/module{i:06}.py"
                        for i in range(count)]
        self.sources = bench.fresh(f"sources-{count}")
        source = bench.corpus / typical_module(bench)
        for module in self.modules:
            path = self.sources / module
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
        self.listed = references.listed(bench.fresh("references"), self.modules)
        self.state_bytes = 0

    def _tree(self):
        return self.bench.tree(f"scaling-{self.count}").make(self.sources)

    def ours(self):
        """A cold pass and one with nothing to do, in a fresh tree."""
        bench, tree, taken = self.bench, self._tree(), []
        for expected in ({"compiled": self.count}, {"compiled": 0, "up_to_date": self.count}):
            log = bench.log("scaling")
            with staged(bench.root, tree, self.listed):
                taken.append(measure(commands.full_pass(bench, bench.root), log, own=True))
            commands.demand_report(log, [bench.version], **expected)
        self._demand_all(tree, log)
        self.state_bytes = (tree.state / "state.sqlite").stat().st_size
        return taken

    def compileall(self):
        """The same for the peer."""
        bench, tree, taken = self.bench, self._tree(), []
        log = bench.log("scaling")
        for _ in range(2):
            with staged(bench.root, tree):
                taken.append(measure(
                    commands.compileall(bench, bench.root, bench.version), log))
        self._demand_all(tree, log)
        return taken

    def _demand_all(self, tree, log):
        count = len(tree.bytecode(self.bench.version))
        demand(count == self.count, f"{count} instead of {self.count} have bytecode", log)


def scaling(bench):
    """Time and memory against the number of modules. Contenders are named "WHO, WHAT, COUNT"."""
    figures, facts = {}, {}
    sizes = [Size(bench, count) for count in SIZES if count <= (1000 if bench.quick else 100000)]
    contenders = {}
    for size in sizes:
        contenders[commands.OURS, size.count] = lambda _, size=size: size.ours()
        if size.count <= COMPILEALL_LIMIT:
            contenders[commands.COMPILEALL, size.count] = lambda _, size=size: size.compileall()
    for (who, count), rounds in bench.in_turn(contenders, min(3, bench.rounds)).items():
        for index, what in enumerate(("cold", "nothing")):
            figures[f"{who}, {what}, {count}"] = [one[index] for one in rounds]
    for size in sizes:
        facts[f"state bytes, {size.count}"] = size.state_bytes
    return figures, facts
