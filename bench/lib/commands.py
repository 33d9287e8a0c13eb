# SPDX-License-Identifier: GPL-2.0-or-later
"""The command lines of all contenders, and what each must have done."""
import json

from references import CORPUS
from wrong import demand

OURS = "update-python-modules"
FLOOR = "floor"
COMPILEALL = "compileall"
PY_COMPILE = "py_compile -"
PY3COMPILE = "py3compile"
PY3CLEAN = "py3clean"
OUR_COMPILE = "pysupport-compile"
DIRECTORY = "update-python-modules, directory listed"
PUBLIC = "update-python-modules, public modules"


def full_pass(bench, root):
    return [bench.program, "--root", root, "-p", "--json", "-j", str(bench.jobs)]


def clean_all(bench, root):
    return [bench.program, "--root", root, "--clean-all"]


def floor_compile(bench, root, version, modules):
    """The sources compiled in memory; MODULES is a list in the root."""
    return ["chroot", root, f"/usr/bin/python{version}", "-s", "-S", "-B", "-W", "ignore",
            "/opt/bench/compile.py", str(bench.jobs), modules]


def compile_one(root, version, path):
    """One interpreter start that compiles one source in memory."""
    program = ("import marshal, sys; path = sys.argv[1]; "
               "marshal.dumps(compile(open(path, 'rb').read(), path, 'exec', 0, True, 0))")
    return ["chroot", root, f"/usr/bin/python{version}", "-I", "-S", "-c", program, path]


def compileall(bench, root, version):
    return ["chroot", root, f"/usr/bin/python{version}", "-m", "compileall", "-q", "-j",
            str(bench.jobs), CORPUS]


def py_compile(root, version):
    """Takes the list of sources on standard input."""
    return ["chroot", root, f"/usr/bin/python{version}", "-m", "py_compile", "-"]


def py3compile(root, version):
    return ["chroot", root, "/usr/bin/py3compile", "-V", version, CORPUS]


def py3clean(root):
    return ["chroot", root, "/usr/bin/py3clean", CORPUS]


def our_compile(bench, root, version):
    return ["chroot", root, "/usr/bin/pysupport-compile", "-q", "-j", str(bench.jobs), "--python",
            version, CORPUS]


def demand_report(log, versions, **expected):
    """Demands of the report of a pass these figures for each version, and no failure."""
    with open(log, encoding="utf-8") as file:
        report = json.load(file)
    found = {row["version"]: row for row in report["interpreters"]}
    demand(not report["failures"] and report["error"] is None, "a pass failed", log)
    for version in versions:
        for field, value in expected.items():
            got = found.get(version, {}).get(field, 0)
            demand(got == value, f"python{version}: {field} is {got} instead of {value}", log)


def demand_compiled(log, count):
    """Demands that the floor compiled so many."""
    with open(log, encoding="utf-8") as file:
        last = file.read().splitlines()[-1]
    demand(last == f"{count} compiled", f"the floor compiled other than {count} modules", log)
