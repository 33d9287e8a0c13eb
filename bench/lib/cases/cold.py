# SPDX-License-Identifier: GPL-2.0-or-later
"""Cold: nothing is compiled yet."""
import commands
import references
import trees
from measure import measure, total
from stage import staged
from wrong import demand


class Cold:
    """Compiling everything for some versions of one root."""

    def __init__(self, bench, root, versions):
        self.bench, self.root, self.versions = bench, root, versions
        self.modules = bench.modules
        pins = versions if len(versions) > 1 else (None,)
        self.listed = references.listed(bench.fresh("references"), self.modules, pins)
        paths = [f"{references.CORPUS}/{module}" for module in self.modules]
        self.list = trees.write_list(bench.fresh("modules"), paths)
        self.list_inside = bench.inside(self.list)

    def ours(self, name, listed, public=False):
        """One pass for all versions."""
        tree = self.bench.bare_tree(name)
        log = self.bench.log(name)
        with staged(self.root, tree, listed, public):
            taken = measure(commands.full_pass(self.bench, self.root), log)
        commands.demand_report(log, self.versions, compiled=len(self.modules))
        self._demand_bytecode(tree, log)
        return taken

    def floor(self, _):
        """In memory, one version after the other."""
        tree = self.bench.bare_tree("floor")
        many = []
        with staged(self.root, tree):
            for version in self.versions:
                log = self.bench.log("floor")
                many.append(measure(commands.floor_compile(
                    self.bench, self.root, version, self.list_inside), log))
                commands.demand_compiled(log, len(self.modules))
        return total(many)

    def peer(self, name, command, given="/dev/null"):
        """A peer: COMMAND (a function of the version) for one version after the other."""
        def run(_):
            tree = self.bench.bare_tree("peer")
            log = self.bench.log("peer")
            many = []
            with staged(self.root, tree):
                for version in self.versions:
                    many.append(measure(command(version), log, given))
            self._demand_bytecode(tree, log)
            return total(many)
        return {name: run}

    def _demand_bytecode(self, tree, log):
        for version in self.versions:
            count = len(tree.bytecode(version))
            demand(count == len(self.modules),
                   f"{count} instead of {len(self.modules)} modules have bytecode of {version}",
                   log)

    def contenders(self):
        """What every root can have."""
        bench, root = self.bench, self.root
        return {
            commands.FLOOR: self.floor,
            commands.OURS: lambda _: self.ours("ours", self.listed),
            **self.peer(commands.COMPILEALL, lambda v: commands.compileall(bench, root, v)),
            **self.peer(commands.PY3COMPILE, lambda v: commands.py3compile(root, v)),
        }

    def py_compile(self):
        """The peer that is given a list of files."""
        return self.peer(commands.PY_COMPILE, lambda v: commands.py_compile(self.root, v),
                         self.list)


def cold(bench):
    """All modules, one interpreter."""
    case = Cold(bench, bench.root, [bench.version])
    contenders = case.contenders()
    if not bench.quick:
        directory = references.directory(bench.fresh("references"))
        public = references.public(bench.fresh("references"), bench.modules)
        contenders |= case.py_compile()
        contenders |= case.peer(commands.OUR_COMPILE,
                                lambda v: commands.our_compile(bench, bench.root, v))
        contenders |= {commands.DIRECTORY: lambda _: case.ours("directory", directory),
                       commands.PUBLIC: lambda _: case.ours("public", public, True)}
    return bench.in_turn(contenders), {}


def three(bench):
    """All modules, three interpreters."""
    case = Cold(bench, bench.three_root, bench.three_versions)
    return bench.in_turn(case.contenders() | case.py_compile(), min(3, bench.rounds)), {}
