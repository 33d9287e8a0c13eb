# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles and marshals sources in memory, and writes nothing: the least a compiler run takes.

pythonX.Y -s -S -B -W ignore compile.py JOBS LIST

LIST holds paths, one a line. JOBS processes share them: each takes the next from one pipe, first
the 64 largest, then the rest in the order of the list. Prints the paths that do not compile, one a
line, and at last "N compiled".
"""
import marshal
import os
import sys

LARGEST_FIRST = 64
NUMBER = 4  # bytes; a read of so many from a pipe is never torn


def in_order(paths):
    sizes = [os.stat(path).st_size for path in paths]
    numbers = sorted(range(len(paths)), key=lambda number: -sizes[number])
    first = numbers[:LARGEST_FIRST]
    chosen = set(first)
    return first + [number for number in range(len(paths)) if number not in chosen]


def compiles(path):
    try:
        with open(path, "rb", buffering=0) as file:
            source = file.read()
        marshal.dumps(compile(source, path, "exec", 0, True, 0))
        return True
    except Exception:
        return False


def work(paths, jobs, answers):
    """One process: compiles what it finds in the pipe; answers how many, and which did not."""
    good = 0
    bad = []
    while taken := os.read(jobs, NUMBER):
        path = paths[int.from_bytes(taken, "little")]
        if compiles(path):
            good += 1
        else:
            bad.append(path)
    for line in [f"-{path}" for path in bad] + [f"+{good}"]:
        os.write(answers, f"{line}\n".encode())  # short enough not to mix with another's


def main():
    processes = int(sys.argv[1])
    with open(sys.argv[2]) as file:
        paths = file.read().splitlines()
    jobs, give = os.pipe()
    answers, answer = os.pipe()
    for _ in range(processes):
        if os.fork() == 0:
            os.close(give)
            work(paths, jobs, answer)
            os._exit(0)
    os.close(answer)
    for number in in_order(paths):
        os.write(give, number.to_bytes(NUMBER, "little"))
    os.close(give)
    good = 0
    with open(answers) as file:
        for line in file:
            if line[0] == "+":
                good += int(line[1:])
            else:
                print(line[1:-1])
    for _ in range(processes):
        os.wait()
    print(f"{good} compiled")


main()
