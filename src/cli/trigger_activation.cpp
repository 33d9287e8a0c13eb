// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/trigger_activation.hpp"

#include "os/subprocess.hpp"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pysup::cli {

namespace {

constexpr const char* our_trigger = "python-support";

std::vector<std::string> whole_environment() {
  std::vector<std::string> variables;
  for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

/// What comes through FD until its other end is closed, in one line.
std::string last_words(const os::Fd& fd) {
  std::string text;
  std::array<char, 1024> bytes{};
  for (;;) {
    const ssize_t got = ::read(fd.get(), bytes.data(), bytes.size());
    if (got > 0) {
      text.append(bytes.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      break;
    }
  }
  while (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

} // namespace

bool has_interest_in_trigger(const std::string& admindir) {
  struct stat st {};
  const std::string path = fmt::format("{}/triggers/{}", admindir, our_trigger);
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

Result<void> activate_trigger(const std::string& program) {
  auto running = os::Subprocess::start({.executable = program,
                                        .arguments = {program, "--no-await", our_trigger},
                                        .environment = whole_environment(),
                                        .root = "/",
                                        .prepare = nullptr,
                                        .context = nullptr});
  if (!running) {
    return tl::unexpected(std::move(running.error().error));
  }
  running->input.reset();
  const std::string words = last_words(running->errors);
  const int status = running->wait();
  if (status > 0) { // -1: nobody can tell
    return fail(fmt::format("{}: {}{}{}", program, os::describe_wait_status(status),
                            words.empty() ? "" : ": ", words));
  }
  return {};
}

} // namespace pysup::cli
