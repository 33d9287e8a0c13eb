# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds pysupport-compile against the py_compile of the interpreter that runs this.

pythonX.Y py_compile_differential.py GROUP COMMAND...    (python2.7 and 3.x)

GROUP is "cases" (compile_cases/, the modules of GROUPS), "trees" (compileall's options) or "files"
(the interpreter's own modules); COMMAND is how pysupport-compile is run. Each case is made twice in
the same scene, once for py_compile and once for the program, and what is there afterwards is
compared. Prints a line a case, the differences below it, and last "N cases, N different"; ends with
1 if any differs. PYSUP_CASE=WORDS in the environment chooses cases by their names.
"""
from __future__ import print_function

import os
import shutil
import sys
import tempfile
import traceback
import warnings

from compile_cases import actors, command_line, options, paths, permissions, sources, trees
from compile_cases.judge import judge
from compile_cases.real_files import judge_real_files
from compile_cases.scene import VERSION

GROUPS = {"cases": [paths, options, sources, permissions, command_line], "trees": [trees]}
SHARES = 2


def chosen_cases(group):
    words = os.environ.get("PYSUP_CASE", "")
    return [case for module in GROUPS[group] for case in module.cases()
            if case.is_for(VERSION) and words in case.name]


def run_share(cases, top, command):
    """The number of cases that differ."""
    different = 0
    for case in cases:
        try:
            wrong = judge(case, top, command)
        except Exception:
            wrong = [traceback.format_exc()]
        different += bool(wrong)
        lines = ["%s  %s" % ("FAIL" if wrong else "ok  ", case.name)]
        if case.is_by_hand():
            lines.append("      by hand: " + case.by_hand.reason)
        print("\n".join(lines + ["      %.1500s" % words for words in wrong]))
        sys.stdout.flush()
    return different


def run_shares(cases, command):
    """Each share of the cases in a process and a directory of its own."""
    directory = tempfile.mkdtemp(prefix="scene.")
    os.chmod(directory, 0o755)
    children = []
    for share in range(SHARES):
        pid = os.fork()
        if pid == 0:
            top = os.path.join(directory, str(share), "top")
            different = run_share(cases[share::SHARES], top, command)
            os._exit(min(different, 250))
        children.append(pid)
    different = 0
    for pid in children:
        status = os.waitpid(pid, 0)[1]
        different += os.WEXITSTATUS(status) if os.WIFEXITED(status) else 250
    shutil.rmtree(directory)
    return different


def main():
    sys.setrecursionlimit(20000)
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--act":
        actors.main_of_fresh_interpreter(sys.argv[2])
        return
    group, command = sys.argv[1], sys.argv[2:]
    if group == "files":
        number, different = judge_real_files(command)
    else:
        cases = chosen_cases(group)
        number, different = len(cases), run_shares(cases, command)
    print("%d cases, %d different" % (number, different))
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
