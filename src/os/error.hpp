// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace pysup {

/// An expected failure: something on the machine was not as hoped. Programming errors assert.
struct Error {
  std::string message; ///< names the file and the cause: "/etc/x: permission denied"
  int code = 0;        ///< errno where a system call failed, else 0
};

template <typename T>
using Result = tl::expected<T, Error>;

/// An Error for a failed system call: "WHAT: strerror(CODE)".
Error system_error(std::string what, int code);

/// The same with the current errno, returned ready to leave a function that gives a Result.
tl::unexpected<Error> fail_errno(std::string what);

/// An Error that no system call made.
tl::unexpected<Error> fail(std::string message);

} // namespace pysup
