# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pysupport-compile against the py_compile of each interpreter: the same scene twice, one actor
# each, everything compared. The cases are in lib/compile_cases/.

# shellcheck source=/dev/null
source "$E2E/lib/compile_command.sh"

# check_version RELEASE VERSION GROUP MINIMUM
check_version() {
  compile_view "$1"
  check_differential "$2" "$3" "$4"
}

test_cases_2_7() {
  check_version bullseye 2.7 cases 150
}

test_cases_3_9() {
  check_version bullseye 3.9 cases 170
}

test_cases_3_11() {
  check_version bookworm 3.11 cases 170
}

test_cases_3_13() {
  check_version trixie 3.13 cases 170
}

test_cases_3_14() {
  check_version sid 3.14 cases 170
}

test_cases_3_15() {
  check_version sid 3.15 cases 170
}

test_real_files_2_7() {
  check_version bullseye 2.7 files 500
}

test_real_files_3_9() {
  check_version bullseye 3.9 files 500
}

test_real_files_3_11() {
  check_version bookworm 3.11 files 500
}

test_real_files_3_13() {
  check_version trixie 3.13 files 500
}

test_real_files_3_14() {
  check_version sid 3.14 files 500
}

test_real_files_3_15() {
  check_version sid 3.15 files 500
}
