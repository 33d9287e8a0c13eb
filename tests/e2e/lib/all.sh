# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The whole harness, for a script that has $E2E (this folder's parent) and $REPO.
for part in isolate check work root view package program bytecode sources transaction pythons; do
  # shellcheck source=/dev/null
  source "$E2E/lib/$part.sh"
done
