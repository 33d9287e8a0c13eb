# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the cases and writes the table, the figures and the plot; called by bench/run."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

import comparisons
import machine
import plot
import table
from bench import Bench
from cases.changed import changed
from cases.clean import clean
from cases.cold import cold, three
from cases.nothing import nothing
from cases.restamp import restamp
from cases.scaling import scaling
from measure import adopt_orphans
from others import Others
from wrong import Wrong

# name: what it is called in the table, the function.
CASES = {
    "cold": ("cold, one interpreter", cold),
    "three": ("cold, three interpreters", three),
    "nothing": ("nothing to do", nothing),
    "changed": ("one file changed", changed),
    "restamp": ("all time stamps new", restamp),
    "clean": ("clean all", clean),
    "scaling": ("number of modules", scaling),
}
# So long ext4 does not use an inode again that was deleted, and searches for another.
FORGETTING = 65


def settings():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("disk", "root", "three-root", "version", "program", "touch", "output", "commit"):
        parser.add_argument(f"--{name}", required=name != "three-root")
    parser.add_argument("--three-versions", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cases", nargs="+", choices=CASES, required=True)
    return parser.parse_args()


def forget(bench):
    """Removes the last case's trees, and waits until the file system is as if they had never been.
    A quick run keeps them to the end."""
    if not bench.quick and bench.forget():
        subprocess.run(["sync", "--file-system", bench.disk], check=True)
        time.sleep(FORGETTING)


def run_all(bench, names):
    for name in names:
        forget(bench)
        title, run = CASES[name]
        began = time.monotonic()
        figures, facts = run(bench)
        print(f"{title}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        yield name, title, figures, facts


def write(output, described, results):
    output.mkdir(parents=True, exist_ok=True)
    rows = [row for result in results for row in comparisons.rows(*result)]
    text = table.markdown(described, results, rows)
    (output / "table.md").write_text(text, encoding="utf-8")
    document = {"machine": described, "cases": {
        name: {"title": title, "facts": facts, "figures": {
            who: [one._asdict() for one in many] for who, many in figures.items()}}
        for name, title, figures, facts in results}}
    (output / "results.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for name, _, figures, _ in results:
        if name == "scaling":
            plot.draw(figures, output)
    print(text)


def main():
    chosen = settings()
    os.umask(0o022)
    adopt_orphans()
    bench, others = Bench(chosen), Others()
    bench.inside(pathlib.Path(__file__).resolve().parent.parent / "floor/compile.py")
    try:
        results = list(run_all(bench, chosen.cases))
    except Wrong as wrong:
        sys.exit(f"tools/bench: {wrong.text()}")
    except KeyboardInterrupt:
        sys.exit(130)
    described = machine.describe(bench, chosen.commit)
    described["CPU time that others used meanwhile"] = f"{others.share():.0%}"
    write(pathlib.Path(chosen.output), described, results)


main()
