# SPDX-License-Identifier: GPL-2.0-or-later
"""Ratios of what two contenders took in the same rounds: pure."""
import collections
import statistics

Ratio = collections.namedtuple("Ratio", "median least most")


def ratio(above, below, field="wall"):
    """Of each round's figures, then median, least and most; None where a figure is unknown."""
    pairs = [(getattr(one, field), getattr(other, field)) for one, other in zip(above, below)]
    if not pairs or any(one is None or not other for one, other in pairs):
        return None
    rounds = [one / other for one, other in pairs]
    return Ratio(statistics.median(rounds), min(rounds), max(rounds))


def median(many, field="wall"):
    """The median of one figure; None where it is unknown."""
    figures = [getattr(one, field) for one in many]
    return None if None in figures else statistics.median(figures)


def met(value, goal):
    """Whether a figure meets a goal such as ("<=", 1.17)."""
    relation, limit = goal
    return {"<=": value <= limit, ">=": value >= limit, "<": value < limit}[relation]
