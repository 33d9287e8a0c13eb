# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of the machine others used while the benchmark ran."""
import os
import resource
import time

_IDLE, _WAITING = 3, 4  # columns of /proc/stat that are no work; guests are in the first two twice
_COLUMNS = 8


def _busy():
    """Seconds of work that all CPUs did since the machine started, stolen ones too."""
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(word) for word in file.readline().split()[1:1 + _COLUMNS]]
    work = sum(ticks) - ticks[_IDLE] - ticks[_WAITING]
    return work / os.sysconf("SC_CLK_TCK")


def _own():
    """Seconds of work that this process and all that it waited for did."""
    return sum(used.ru_utime + used.ru_stime for used in
               map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


class Others:
    """Counts from where it is made."""

    def __init__(self):
        self.began, self.busy, self.own = time.monotonic(), _busy(), _own()

    def share(self):
        """Of the CPU time that there was, from 0 to 1: what others took, the kernel's own threads
        among them."""
        there = (time.monotonic() - self.began) * os.cpu_count()
        return max(0, _busy() - self.busy - (_own() - self.own)) / there
