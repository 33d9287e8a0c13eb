# SPDX-License-Identifier: GPL-2.0-or-later
"""Removing all bytecode."""
import commands
import compiled
import trees
from measure import measure
from stage import staged
from wrong import demand


def clean(bench):
    """Clean all."""
    listed = bench.references()
    ours = compiled.by_ours(bench, listed)
    peers = compiled.by_compileall(bench)

    def cleaning(template, command):
        """COMMAND is a function of the tree."""
        def run(_):
            tree = bench.tree("cleaned").make_from(template, own_sources=False)
            words = command(tree)
            log = bench.log("clean")
            with staged(bench.root, tree, listed):
                taken = measure(words, log)
            demand(not tree.bytecode(bench.version), "some bytecode is left", log)
            return taken
        return run

    def unlink(tree):
        files = trees.write_list(bench.fresh("to-unlink"), tree.bytecode(bench.version))
        return [bench.touch, "unlink", files]

    return bench.in_turn({
        commands.FLOOR: cleaning(ours, unlink),
        commands.OURS: cleaning(ours, lambda _: commands.clean_all(bench, bench.root)),
        commands.PY3CLEAN: cleaning(peers, lambda _: commands.py3clean(bench.root)),
    }), {}
