# SPDX-License-Identifier: GPL-2.0-or-later
"""What the figures were taken with."""
import os
import platform
import subprocess


def _said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def describe(bench, commit):
    """Names and values, in the order of the table."""
    roots = {bench.root: [bench.version], bench.three_root: bench.three_versions}
    found = {"python-support commit": commit,
             "modules": len(bench.modules),
             "rounds": bench.rounds,
             "workers": bench.jobs,
             "CPUs": os.cpu_count(),
             "kernel": platform.release(),
             "file system": _said("findmnt", "--noheadings", "--output=FSTYPE", "--target",
                                  bench.disk)}
    for root, versions in roots.items():
        for version in versions if root else ():
            package = f"python{version}-minimal"
            found[f"interpreter {version}{' (three)' if root != bench.root else ''}"] = \
                _said("chroot", root, "dpkg-query", "-W", "-f", "${Version}", package)
    found["py3compile, py3clean"] = \
        _said("chroot", bench.root, "dpkg-query", "-W", "-f", "${Version}", "python3-minimal")
    found["hyperfine"] = _said("hyperfine", "--version").split()[-1]
    return found
