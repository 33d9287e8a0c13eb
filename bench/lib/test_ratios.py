# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of what turns figures into the table; run by tools/bench before it begins."""
import unittest

import comparisons
import table
from commands import COMPILEALL, FLOOR, OURS
from measure import Taken
from ratios import Ratio, met, ratio


def rounds(*walls):
    return [Taken(wall, 2 * wall, 1024) for wall in walls]


class Ratios(unittest.TestCase):
    def test_each_round_is_held_against_itself(self):
        self.assertEqual(ratio(rounds(2, 9, 4), rounds(1, 3, 4)), Ratio(2, 1, 3))

    def test_unknown_figures_have_no_ratio(self):
        self.assertIsNone(ratio([Taken(1, 1)], [Taken(1, 1)], "peak"))
        self.assertIsNone(ratio([], []))

    def test_goals(self):
        self.assertTrue(met(1.17, ("<=", 1.17)))
        self.assertFalse(met(1.171, ("<=", 1.17)))
        self.assertFalse(met(200, ("<", 200)))
        self.assertTrue(met(5, (">=", 5)))


class Table(unittest.TestCase):
    def test_a_goal_that_is_not_met_is_said(self):
        figures = {FLOOR: rounds(1, 2), OURS: rounds(1.2, 2.4), COMPILEALL: rounds(2.4, 7.2)}
        lines = [table.line(row) for row in comparisons.rows("cold", "cold", figures, {})]
        self.assertEqual(lines, [
            f"| cold | {OURS} / {FLOOR} | 1.20 | 1.20 to 1.20 | 1.20 | 1.00 | ≤ 1.17 | no |",
            f"| cold | {COMPILEALL} / {OURS} | 2.50 | 2.00 to 3.00 | 2.50 | 1.00 | ≥ 1.08 | yes |"])

    def test_growth_is_by_module(self):
        def figure(wall, size):
            return [Taken(wall, wall, None, size)]
        figures = {f"{OURS}, {what}, {count}": figure(wall, size)
                   for what in ("cold", "nothing")
                   for count, wall, size in ((10, 1, 1024), (100, 20, 5120))}
        rows = comparisons.rows("scaling", "modules", figures, {"state bytes, 100": 15000})
        self.assertEqual([round(getattr(row.value, "median", row.value), 3) for row in rows],
                         [2, 0.5, 5, 2, 0.5, 5, 150])
