#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""fact.py REPORT EXPRESSION: prints a fact of a JSON report.

EXPRESSION is Python in which "r" is the report and i("3.11") the row of that interpreter.
"""
import json
import sys


def main():
    path, expression = sys.argv[1:]
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        report = json.load(file)

    def row_of(version):
        rows = [row for row in report["interpreters"] if row["version"] == version]
        if len(rows) != 1:
            sys.exit(f"{len(rows)} rows for python{version} in {report['interpreters']}")
        return rows[0]

    value = eval(f"({expression})", {"r": report, "i": row_of})
    print(str(value).lower() if isinstance(value, bool) else value)


main()
