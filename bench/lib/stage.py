# SPDX-License-Identifier: GPL-2.0-or-later
"""Having a tree stand at its place in a root for the time of a measurement."""
import contextlib
import os
import subprocess

import references


@contextlib.contextmanager
def staged(root, tree, reference_directory=None, public=False):
    """Mounts the tree's parts in the root, and brings everything to disk, so that nobody pays for
    the copy that was made just before."""
    place = references.PUBLIC if public else references.CORPUS
    mounts = [(tree.modules, place), (tree.state, "/var/lib/python-support"),
              (tree.links, "/usr/lib/pymodules")]
    if reference_directory:
        mounts.append((reference_directory, "/usr/share/python-support"))
    done = []
    try:
        for source, path in mounts:
            target = f"{root}{path}"
            os.makedirs(target, exist_ok=True)
            subprocess.run(["mount", "--bind", source, target], check=True)
            done.append(target)
        subprocess.run(["sync", "--file-system", tree.path], check=True)
        yield
    finally:
        for target in reversed(done):
            subprocess.run(["umount", target], check=True)
