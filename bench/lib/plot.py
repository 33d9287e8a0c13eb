# SPDX-License-Identifier: GPL-2.0-or-later
"""The plot of time against the number of modules, by gnuplot."""
import pathlib
import subprocess

import commands
import ratios
from comparisons import counts_of

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "plot.gp"
LINES = [(who, what) for who in (commands.OURS, commands.COMPILEALL)
         for what in ("cold", "nothing")]


def data(figures):
    """A line for each number of modules: the number, and the medians of LINES; "?" for none."""
    text = []
    for count in counts_of(figures, commands.OURS, "cold"):
        cells = [figures.get(f"{who}, {what}, {count}") for who, what in LINES]
        text.append("\t".join([str(count), *(f"{ratios.median(cell):.6f}" if cell else "?"
                                             for cell in cells)]))
    return "\n".join(text) + "\n"


def draw(figures, output):
    """Writes modules.tsv and modules.svg."""
    table = output / "modules.tsv"
    table.write_text(data(figures), encoding="utf-8")
    subprocess.run(["gnuplot", "-e", f"data='{table}'; picture='{output / 'modules.svg'}'",
                    SCRIPT], check=True)
