# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes in which py_compile and pysupport-compile do the same; see py_compile_differential.py."""
