# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes COUNT small modules below TOP of ROOT, 50 in a directory, and references that list 1,000
each:

many_modules.py ROOT private|public COUNT
"""
import os
import sys

TEXT = '''"""A module."""

import os


def path_of(name, suffix=".txt"):
    return os.path.join("/", name + suffix)


class Thing:
    kind = "thing"

    def name(self):
        return self.kind
'''
TOPS = {"private": "/usr/share/many", "public": "/usr/share/pyshared"}
IN_DIRECTORY, IN_REFERENCE = 50, 1000


def main():
    root, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    references = f"{root}/usr/share/python-support"
    os.makedirs(references, exist_ok=True)
    for first in range(0, count, IN_REFERENCE):
        listed = []
        for number in range(first, min(first + IN_REFERENCE, count)):
            place = (f"{TOPS[kind]}/package_{number // IN_REFERENCE:03d}"
                     f"/part_{number % IN_REFERENCE // IN_DIRECTORY:02d}")
            if number % IN_DIRECTORY == 0:
                os.makedirs(root + place)
            listed.append(f"{place}/module_{number:06d}.py")
            with open(root + listed[-1], "w", encoding="ascii") as file:
                file.write(TEXT)
        with open(f"{references}/many{first // IN_REFERENCE:03d}.{kind}", "w",
                  encoding="ascii") as file:
            file.write("".join(f"{path}\n" for path in listed))


main()
