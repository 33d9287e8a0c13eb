// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace pysup::test {

/// The message of a RESULT that is an error, "" of one that is not: Boost.Test makes a check's
/// message also where the check is good, and tl::expected asserts that there is an error.
template <typename Result>
std::string why(const Result& result) {
  if (result) {
    return "";
  }
  if constexpr (requires { result.error().error.message; }) {
    return result.error().error.message;
  } else if constexpr (requires { result.error().message; }) {
    return result.error().message;
  } else {
    return result.error();
  }
}

} // namespace pysup::test
