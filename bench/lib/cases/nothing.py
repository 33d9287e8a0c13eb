# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing to do: all bytecode is there and right."""
import commands
import compiled
import references
import trees
from measure import measure, repeat
from stage import staged
from wrong import demand


class Idle:
    """A compiled tree and a command that finds nothing to do in it."""

    def __init__(self, bench, tree, command, listed=None, public=False):
        self.bench, self.tree, self.command = bench, tree, command
        self.listed, self.public = listed, public

    def __call__(self, _):
        before = self.tree.stamps(self.bench.version)
        log = self.bench.log("nothing")
        with staged(self.bench.root, self.tree, self.listed, self.public):
            taken = repeat(self.command, 5 if self.bench.quick else 10, log)
        demand(self.tree.stamps(self.bench.version) == before, "something was written", log)
        return taken

    def programs_started(self):
        """By strace, outside of all timing: how many there were besides the command itself. What
        the pass says of itself must agree."""
        trace, log = self.bench.log("trace"), self.bench.log("traced")
        with staged(self.bench.root, self.tree, self.listed, self.public):
            measure(["strace", "-f", "-qq", "-e", "trace=execve,execveat", "-o", trace,
                     *self.command], log)
        commands.demand_report(log, [self.bench.version], compiled=0, restamped=0,
                               workers_started=0, up_to_date=len(self.bench.modules))
        with open(trace, encoding="utf-8") as file:
            return sum("execve" in line for line in file) - 1


def idle_pass(bench, listed, public=False):
    """A pass with nothing to do, in a tree of its own."""
    tree = compiled.by_ours(bench, listed, public)
    return Idle(bench, tree, commands.full_pass(bench, bench.root), listed, public)


def stat_list(bench, tree):
    """Every source and its bytecode, as the floor looks at them."""
    sources = [f"{tree.modules}/{module}" for module in bench.modules]
    both = [path for source in sources for path in (source, trees.cache_of(source, bench.version))]
    return trees.write_list(bench.fresh("to-stat"), both)


def nothing(bench):
    """Nothing to do."""
    ours = idle_pass(bench, bench.references())
    peers = compiled.by_compileall(bench)
    files = stat_list(bench, ours.tree)
    contenders = {
        commands.FLOOR: lambda _: repeat([bench.touch, "stat", files],
                                         5 if bench.quick else 10, bench.log("stat")),
        commands.OURS: ours,
        commands.COMPILEALL: Idle(bench, peers,
                                  commands.compileall(bench, bench.root, bench.version)),
        commands.PY3COMPILE: Idle(bench, peers, commands.py3compile(bench.root, bench.version)),
    }
    if not bench.quick:
        contenders |= {
            commands.DIRECTORY: idle_pass(bench, references.directory(bench.fresh("references"))),
            commands.PUBLIC: idle_pass(
                bench, references.public(bench.fresh("references"), bench.modules), True)}
    return bench.in_turn(contenders), {"programs started": ours.programs_started()}
