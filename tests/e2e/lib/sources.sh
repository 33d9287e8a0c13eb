# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sources that several suites need.

# hanging_source: a module on which the compiler of 3.x is busy for half a minute: constants that
# all have the same hash.
hanging_source() {
  /usr/bin/python3 -c 'print([k * (2**61 - 1) for k in range(1, 60001)])'
}

# repeated TEXT COUNT: that many lines. (With "yes | head" the pipe would break.)
repeated() {
  awk -v text="$1" -v count="$2" 'BEGIN { while (count-- > 0) print text }'
}
