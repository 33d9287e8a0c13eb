// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/error.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

namespace pysup {

Error system_error(std::string what, int code) {
  what += ": ";
  what += std::strerror(code);
  return Error{std::move(what), code};
}

tl::unexpected<Error> fail_errno(std::string what) {
  const int code = errno;
  return tl::unexpected<Error>(system_error(std::move(what), code));
}

tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message), 0});
}

} // namespace pysup
