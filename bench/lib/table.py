# SPDX-License-Identifier: GPL-2.0-or-later
"""The table, in Markdown."""
import ratios

HEAD = "| case | what | ratio | least to most | CPU | peak memory | goal | met |"
RULE = "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"


def number(value):
    """Three digits that count, or all of a greater number."""
    if isinstance(value, int) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _median(part):
    return "" if part is None else number(part.median)


def line(row):
    """One row. A goal is held against the value before it is rounded."""
    spread = isinstance(row.value, ratios.Ratio)
    value = row.value.median if spread else row.value
    goal = met = ""
    if row.goal:
        goal = f"{row.goal[0].replace('<=', '≤').replace('>=', '≥')} {row.goal[1]}{row.unit}"
        met = "yes" if ratios.met(value, row.goal) else "no"
    cells = [row.case, row.what, f"{number(value)}{row.unit}",
             f"{number(row.value.least)} to {number(row.value.most)}" if spread else "",
             _median(row.cpu), _median(row.peak), goal, met]
    return "| " + " | ".join(cells) + " |"


def times(case, figures):
    """The medians of one case, in seconds; those of "scaling" are in the plot."""
    parts = [f"{name} {ratios.median(many):.3g}" for name, many in figures.items()]
    return f"- {case}: " + "; ".join(parts)


def markdown(machine, results, rows):
    """The whole file. RESULTS: (case, title, figures, facts) each; MACHINE: a dictionary."""
    lines = ["# Benchmark", ""]
    lines += [f"- {name}: {value}" for name, value in machine.items()]
    lines += ["", "Ratios are medians of the rounds, each of two figures of the same round; CPU is "
              "user and system time, peak memory that of the largest process.", "", HEAD, RULE]
    lines += [line(row) for row in rows]
    seconds = [times(title, figures) for case, title, figures, _ in results if case != "scaling"]
    if seconds:
        lines += ["", "Medians of this run in seconds, which say nothing of another machine:", "",
                  *seconds]
    return "\n".join(lines) + "\n"
