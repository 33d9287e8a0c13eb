# SPDX-License-Identifier: GPL-2.0-or-later
"""All time stamps new, contents the same."""
import os

import commands
import compiled
import trees
from measure import measure
from stage import staged
from wrong import demand

BEGIN = 1700000000  # some whole second that no package has


class Restamping:
    """A compiled tree, of which each round gets a copy whose sources have a new time."""

    def __init__(self, bench, template, command, listed=None):
        self.bench, self.template, self.command = bench, template, command
        self.listed = listed

    def __call__(self, number):
        bench = self.bench
        tree = bench.tree("restamped").make_from(self.template, own_sources=True)
        for module in bench.modules:
            os.utime(tree.modules / module, (BEGIN + number, BEGIN + number))
        before = tree.stamps(bench.version)
        log = bench.log("restamped")
        with staged(bench.root, tree, self.listed):
            taken = measure(self.command, log)
        after = tree.stamps(bench.version)
        written = sum(after[path] != before[path] for path in before)
        demand(written == len(before) == len(after), f"{written} files were written", log)
        if self.listed:
            commands.demand_report(log, [bench.version], compiled=0, restamped=len(before))
        return taken


def restamp(bench):
    """All time stamps new."""
    listed = bench.references()
    ours = compiled.by_ours(bench, listed)
    peers = compiled.by_compileall(bench)

    def floor(_):
        tree = bench.tree("rewritten").make_from(ours, own_sources=False)
        files = trees.write_list(bench.fresh("to-rewrite"), tree.bytecode(bench.version))
        with staged(bench.root, tree):
            return measure([bench.touch, "rewrite", files], bench.log("rewrite"))

    contenders = {
        commands.FLOOR: floor,
        commands.OURS: Restamping(bench, ours, commands.full_pass(bench, bench.root), listed),
        commands.COMPILEALL: Restamping(
            bench, peers, commands.compileall(bench, bench.root, bench.version)),
    }
    if not bench.quick:
        contenders[commands.PY3COMPILE] = Restamping(
            bench, peers, commands.py3compile(bench.root, bench.version))
    return bench.in_turn(contenders), {}
