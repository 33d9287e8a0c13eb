# SPDX-License-Identifier: GPL-2.0-or-later
"""What ends the benchmark: a command failed, or did other work than it was to do."""

import os


class Wrong(Exception):
    """A message, and the log of the command that it is about, if there is one."""

    def __init__(self, message, log=None):
        super().__init__(message)
        self.log = log

    def text(self):
        """The message, and the last lines of the log."""
        if self.log is None:
            return str(self)
        lines = [str(self)]
        for name in (self.log, f"{self.log}.err"):
            if os.path.exists(name):
                with open(name, encoding="utf-8", errors="replace") as file:
                    lines += file.read().splitlines()[-15:]
        return "\n".join(lines)


def demand(holds, message, log=None):
    """Raises Wrong where something does not hold."""
    if not holds:
        raise Wrong(message, log)
