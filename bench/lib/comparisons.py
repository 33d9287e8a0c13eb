# SPDX-License-Identifier: GPL-2.0-or-later
"""What is held against what, and the goals."""
import collections

import ratios
from commands import (COMPILEALL, DIRECTORY, FLOOR, OUR_COMPILE, OURS, PUBLIC, PY3CLEAN,
                      PY3COMPILE, PY_COMPILE)

# A line of the table: ABOVE's figures over BELOW's. The goal is such as ("<=", 1.17), or None.
Comparison = collections.namedtuple("Comparison", "above below goal")
# The same with its figures; value is a ratios.Ratio, or a number of its own kind with a unit.
Row = collections.namedtuple("Row", "case what value cpu peak goal unit", defaults=("",))

MORE_WORK = "more work than the floor counts"

COLD = [
    Comparison(OURS, FLOOR, ("<=", 1.17)),
    Comparison(COMPILEALL, OURS, (">=", 1.08)),
    Comparison(PY3COMPILE, OURS, (">=", 2)),
    Comparison(PY_COMPILE, OURS, None),
    Comparison(OUR_COMPILE, FLOOR, None),
    Comparison(DIRECTORY, FLOOR, None),
    Comparison(PUBLIC, FLOOR, None),
]
COMPARISONS = {
    "cold": COLD,
    "three": COLD,
    "nothing": [
        Comparison(OURS, FLOOR, ("<=", 1.5)),
        Comparison(COMPILEALL, OURS, (">=", 5)),
        Comparison(PY3COMPILE, OURS, None),
        Comparison(DIRECTORY, FLOOR, None),
        Comparison(PUBLIC, FLOOR, None),
    ],
    "changed": [
        Comparison(OURS, FLOOR, ("<=", 1.3)),
        Comparison(COMPILEALL, OURS, None),
        Comparison(PY3COMPILE, OURS, None),
    ],
    "restamp": [
        Comparison(OURS, FLOOR, None),
        Comparison(COMPILEALL, OURS, (">=", 30)),
        Comparison(PY3COMPILE, OURS, None),
    ],
    "clean": [
        Comparison(OURS, FLOOR, ("<=", 1.5)),
        Comparison(PY3CLEAN, OURS, None),
    ],
}
# What the figures of a case's "facts" should be, with the unit.
FACTS = {"programs started": (("<=", 0), "")}
MEMORY_LIMIT, STATE_LIMIT, GROWTH_LIMIT = 64, 200, 1.1  # MiB, bytes a module, ratio


def rows(case, title, figures, facts):
    """The rows of one case's figures."""
    if case == "scaling":
        return list(_scaling(title, figures, facts))
    found = []
    for above, below, goal in COMPARISONS[case]:
        if above in figures and below in figures:
            what = f"{above} / {below}"
            if above in (DIRECTORY, PUBLIC):
                what += f" ({MORE_WORK})"
            parts = [ratios.ratio(figures[above], figures[below], field)
                     for field in ("wall", "cpu", "peak")]
            found.append(Row(title, what, *parts, goal))
    for fact, value in facts.items():
        goal, unit = FACTS[fact]
        found.append(Row(title, f"{OURS}: {fact}", value, None, None, goal, unit))
    return found


def counts_of(figures, who, what):
    """The numbers of modules for which there are figures, in order."""
    marks = [name.rsplit(", ", 1) for name in figures if name.startswith(f"{who}, {what}, ")]
    return sorted(int(count) for _, count in marks)


def _scaling(title, figures, facts):
    """The largest size held against the one before, each by module."""
    before, largest = counts_of(figures, OURS, "cold")[-2:]
    for what in ("cold", "nothing"):
        most = figures[f"{OURS}, {what}, {largest}"]
        less = figures[f"{OURS}, {what}, {before}"]
        for field, name in (("wall", "time"), ("own", "memory")):
            part = ratios.ratio(most, less, field)
            by_module = ratios.Ratio(*(one * before / largest for one in part))
            yield Row(title, f"{OURS}, {what}: {name} a module at {largest:,} / at {before:,}",
                      by_module, None, None, ("<=", GROWTH_LIMIT))
        peak = max(one.own for one in most) / 1024
        yield Row(title, f"{OURS}, {what}: its own peak memory at {largest:,}", peak, None, None,
                  ("<=", MEMORY_LIMIT), " MiB")
    for count in counts_of(figures, COMPILEALL, "cold")[-1:]:
        for what in ("cold", "nothing"):
            yield Row(title, f"{COMPILEALL} / {OURS}, {what}, at {count:,}", ratios.ratio(
                figures[f"{COMPILEALL}, {what}, {count}"], figures[f"{OURS}, {what}, {count}"]),
                None, None, None)
    yield Row(title, f"{OURS}: state file, bytes a module at {largest:,}",
              facts[f"state bytes, {largest}"] / largest, None, None, ("<", STATE_LIMIT))
