# SPDX-License-Identifier: GPL-2.0-or-later
"""Running one command and saying what it took."""
import collections
import contextlib
import ctypes
import json
import os
import shlex
import subprocess
import time

from wrong import Wrong

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"}

# wall and cpu (user and system, with all children) in seconds; peak in KiB: the largest process of
# all that ran; own: the largest that the first process itself was, where that was asked for.
Taken = collections.namedtuple("Taken", "wall cpu peak own", defaults=(None, None))

# <sys/ptrace.h>
PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 0, 7, 0x4200
PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT = 0x40, 6
PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>
WARM_UP = 2


def total(many):
    """Commands that were run one after the other, as one."""
    return Taken(sum(one.wall for one in many), sum(one.cpu for one in many),
                 max((one.peak for one in many if one.peak), default=None))


def measure(command, log, given=os.devnull, own=False):
    """Runs it, what it prints in the files LOG and LOG.err and the file GIVEN on its standard
    input, and returns what it took. Raises Wrong where it fails."""
    with open(given, "rb") as read, open(log, "wb") as out, open(f"{log}.err", "wb") as err:
        began = time.monotonic()
        process = subprocess.Popen(command, env=ENVIRONMENT, stdin=read, stdout=out, stderr=err,
                                   preexec_fn=_be_traced if own else None)
        status, used, size = (_wait_for_peak if own else _wait)(process.pid)
        wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = _cpu(used) + sum(_cpu(one) for one in _orphans())
    if process.returncode != 0:
        raise Wrong(f"{shlex.join(command)}: status {process.returncode}", log)
    return Taken(wall, cpu, used.ru_maxrss, size)


def adopt_orphans():
    """To be called once: makes this process the parent of all whose own parent ends before them.
    The workers of compileall are such."""
    if _libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "prctl")


def _orphans():
    """Waits for those that a command left behind; yields what they used."""
    with contextlib.suppress(ChildProcessError):
        while True:
            yield os.wait4(-1, 0)[2]


def _cpu(used):
    return used.ru_utime + used.ru_stime


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _wait(pid):
    _, status, used = os.wait4(pid, 0)
    return status, used, None


def _wait_for_peak(pid):
    """The same, with the peak of this one process. wait4 counts children in, and /proc says
    nothing of a process that has ended: so the kernel is asked to stop it on its way out."""
    os.waitpid(pid, 0)  # it stops once it has been executed
    _ptrace(PTRACE_SETOPTIONS, pid, PTRACE_O_TRACEEXIT)
    _ptrace(PTRACE_CONT, pid, 0)
    size = None
    while True:
        _, status, used = os.wait4(pid, 0)
        if not os.WIFSTOPPED(status):
            return status, used, size
        event = status >> 16
        if event == PTRACE_EVENT_EXIT:
            size = _peak_of(pid)
        _ptrace(PTRACE_CONT, pid, 0 if event else os.WSTOPSIG(status))


def _be_traced():
    _ptrace(PTRACE_TRACEME, 0, 0)


def _ptrace(request, pid, data):
    if _libc().ptrace(request, pid, None, ctypes.c_void_p(data)) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


def _peak_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return None


def repeat(command, runs, log):
    """Has hyperfine run a short command often; the median of its runs. No peak is known."""
    result = f"{log}.json"
    whole = measure(["hyperfine", "--shell=none", "--style=basic", f"--warmup={WARM_UP}",
                     f"--runs={runs}", f"--export-json={result}", shlex.join(command)], log)
    with open(result, encoding="utf-8") as file:
        one = json.load(file)["results"][0]
    # hyperfine does not see the CPU time of orphans.
    return Taken(one["median"], whole.cpu / (WARM_UP + runs))
