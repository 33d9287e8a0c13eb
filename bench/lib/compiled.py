# SPDX-License-Identifier: GPL-2.0-or-later
"""Trees in which everything is compiled, for the cases that begin there."""
import commands
from measure import measure
from stage import staged
from wrong import demand


def by_ours(bench, listed, public=False):
    """By a full pass, with its state."""
    tree = bench.bare_tree("compiled-by-ours")
    log = bench.log("compiled-by-ours")
    with staged(bench.root, tree, listed, public):
        measure(commands.full_pass(bench, bench.root), log)
    return _checked(bench, tree, log)


def by_compileall(bench):
    """By Python's own module, whose bytecode py3compile and py3clean know too."""
    tree = bench.bare_tree("compiled-by-compileall")
    log = bench.log("compiled-by-compileall")
    with staged(bench.root, tree):
        measure(commands.compileall(bench, bench.root, bench.version), log)
    return _checked(bench, tree, log)


def _checked(bench, tree, log):
    demand(len(tree.bytecode(bench.version)) == len(bench.modules), "not all is compiled", log)
    return tree
