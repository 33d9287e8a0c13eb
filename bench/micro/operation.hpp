// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

namespace pysup::bench {

/// Something to be measured, its input already made. Can be run again and again.
struct Operation {
  std::function<void()> reset;      ///< what has to be done before each run, and does not count
  std::function<std::size_t()> run; ///< how many modules it has seen to, at least
};

/// Makes the operation on the fixed input of so many modules.
using Maker = Operation (*)(std::size_t modules);

/// A measurement cannot go on after MESSAGE.
[[noreturn]] inline void give_up(const std::string& message) {
  std::fprintf(stderr, "micro: %s\n", message.c_str());
  std::exit(2);
}

/// What RESULT, a value or an error with a message, holds.
template <typename Result>
auto must(Result result) {
  if (!result) {
    give_up(result.error().message);
  }
  if constexpr (requires { *result; }) {
    return std::move(*result);
  }
}

/// Has the compiler believe that VALUE is used.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

} // namespace pysup::bench
