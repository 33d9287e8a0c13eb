# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command and prints the peak memory of that process alone, without those that it starts, in
KiB:

own_peak.py REPOSITORY LOG COMMAND...
"""
import sys

sys.path.insert(0, f"{sys.argv[1]}/bench/lib")
import measure  # noqa: E402

print(measure.measure(sys.argv[3:], sys.argv[2], own=True).own)
