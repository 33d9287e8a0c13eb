// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/log.hpp"

#include "report/text.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace pysup::report {

namespace {

constexpr mode_t log_mode = 0644;

Result<os::Fd> open_log(const os::Root& root) {
  const auto directory = root.canonical(os::parent_of(log_path));
  if (!directory) {
    return tl::unexpected(directory.error());
  }
  const auto parent = root.open_directory(*directory);
  if (!parent) {
    return tl::unexpected(parent.error());
  }
  // Not blocking, so that a FIFO in its place does not hold up dpkg.
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  os::Fd log(::openat(parent->get(), std::string(os::name_of(log_path)).c_str(), flags, log_mode));
  struct stat st {};
  if (!log || ::fstat(log.get(), &st) != 0) {
    return fail_errno(log_path);
  }
  if (!S_ISREG(st.st_mode)) {
    return fail(fmt::format("{}: not a regular file", log_path));
  }
  return log;
}

} // namespace

std::string log_entry(const std::string& who, const pass::Outcome& outcome) {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const std::string done = summary(outcome);
  std::string entry = fmt::format("{} {}: {}\n", moment(now), printable(who),
                                  done.empty() ? "nothing to do" : done);
  for (const pass::ChangedReference& reference : outcome.changed) {
    entry += indented(line(reference));
  }
  for (const pass::VersionReport& version : outcome.versions) {
    if (version.did_something()) {
      entry += indented(line(version));
    }
  }
  entry += indented(problems(outcome, false));
  if (outcome.fatal) {
    entry += indented(printable(outcome.fatal->message));
  }
  if (outcome.interrupted) {
    entry += indented("interrupted");
  }
  return entry;
}

Result<void> append_to_log(const os::Root& root, const std::string& who,
                           const pass::Outcome& outcome) {
  const auto log = open_log(root);
  if (!log && log.error().code == ENOENT) {
    return {}; // a bare root: without the directory nobody expects a log
  }
  if (!log) {
    return tl::unexpected(
        Error{log.error().message + "; this pass is not logged", log.error().code});
  }
  const std::string entry = log_entry(who, outcome);
  const ssize_t written = ::write(log->get(), entry.data(), entry.size());
  if (written < 0 || static_cast<std::size_t>(written) != entry.size()) {
    return fail(fmt::format("{}: {}; this pass is not logged whole", log_path,
                            written < 0 ? std::strerror(errno) : "it was cut short"));
  }
  return {};
}

} // namespace pysup::report
