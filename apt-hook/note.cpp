// SPDX-License-Identifier: GPL-2.0-or-later
#include "apt_hook/note.hpp"

#include "os/replace_file.hpp"
#include "state/state_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

namespace pysup::apt_hook {

namespace {

constexpr const char* name = "apt-transaction";
constexpr mode_t mode = 0644;
constexpr std::uint64_t most_bytes = 16U << 20U;
constexpr int format = 1;

Note about_everything() {
  Note note;
  note.interpreters = true;
  return note;
}

Note parse(const std::string& bytes) {
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  const auto member = [&](const char* key, auto fallback) {
    using Value = decltype(fallback);
    const auto found = json.find(key);
    if (found == json.end()) {
      return fallback;
    }
    try { // the library's way to say that a value has another type
      return found->template get<Value>();
    } catch (const nlohmann::json::exception&) {
      return fallback;
    }
  };
  if (!json.is_object() || member("format", 0) != format) {
    return about_everything();
  }
  Note note;
  note.transaction = member("transaction", note.transaction);
  note.root = member("root", note.root);
  note.jobs = member("jobs", note.jobs);
  note.debug = member("debug", note.debug);
  note.interpreters = member("interpreters", true);
  note.packages = member("packages", note.packages);
  return note;
}

struct Process {
  std::string parent;
  std::string begun; ///< clock ticks after the machine was started
};

/// What /proc/PID/stat says (proc(5), fields 4 and 22); nullopt without /proc or such a process.
/// The program's name, field 2, is in brackets and may hold anything, also brackets and blanks.
std::optional<Process> process_of(const std::string& pid) {
  const os::Fd fd(::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
  const auto content =
      fd ? os::read_all(fd.get(), 65536, "/proc") : Result<os::FileContent>(fail_errno("/proc"));
  if (!content) {
    return std::nullopt;
  }
  constexpr std::size_t first_field = 3; // the one after the brackets
  std::istringstream fields(content->bytes.substr(content->bytes.rfind(')') + 1));
  Process process;
  std::string field;
  for (std::size_t number = first_field; fields >> field; ++number) {
    if (number == 4) {
      process.parent = field;
    } else if (number == 22) {
      process.begun = field;
      return process;
    }
  }
  return std::nullopt;
}

std::string name_of(const std::string& pid, const Process& process) {
  return fmt::format("process {} begun {}", pid, process.begun);
}

std::string name_of_group() {
  return fmt::format("process group {}", ::getpgrp());
}

} // namespace

std::string this_transaction() {
  const auto shell = process_of(std::to_string(::getppid()));
  const auto apt = shell ? process_of(shell->parent) : std::nullopt;
  return apt ? name_of(shell->parent, *apt) : name_of_group();
}

bool is_this_transaction(const std::string& transaction) {
  constexpr int deepest = 64; // processes may come and go while this looks at them
  std::string pid = std::to_string(::getppid());
  auto process = process_of(pid);
  for (int depth = 0; process && depth < deepest; ++depth) {
    if (name_of(pid, *process) == transaction) {
      return true;
    }
    pid = process->parent;
    process = process_of(pid);
  }
  return transaction == name_of_group();
}

Result<void> write_note(const os::Root& machine, const Note& note) {
  const auto directory = state::open_state_directory(machine, state::Missing::is_made);
  if (!directory) {
    return tl::unexpected(directory.error());
  }
  const nlohmann::json json = {{"format", format},         {"transaction", note.transaction},
                               {"root", note.root},        {"jobs", note.jobs},
                               {"debug", note.debug},      {"interpreters", note.interpreters},
                               {"packages", note.packages}};
  // Names of packages are ASCII; what is not cannot keep the rest from being noted.
  const std::string bytes =
      json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  const auto written = os::replace_file(directory->get(), name, bytes, mode);
  if (!written) {
    return tl::unexpected(written.error());
  }
  const os::Fd file(::openat(directory->get(), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0 || ::fsync(directory->get()) != 0) {
    return fail_errno(name);
  }
  return {};
}

Result<std::optional<Note>> read_note(const os::Root& machine) {
  const auto directory = state::open_state_directory(machine, state::Missing::is_error);
  if (!directory) {
    return directory.error().code == ENOENT ? Result<std::optional<Note>>(std::nullopt)
                                            : tl::unexpected(directory.error());
  }
  const os::Fd file(
      ::openat(directory->get(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) {
    return std::nullopt;
  }
  const auto content =
      file ? os::read_all(file.get(), most_bytes, name) : Result<os::FileContent>(fail_errno(name));
  return content ? parse(content->bytes) : about_everything();
}

Result<void> remove_note(const os::Root& machine) {
  const auto directory = state::open_state_directory(machine, state::Missing::is_error);
  if (!directory) {
    return tl::unexpected(directory.error());
  }
  if (::unlinkat(directory->get(), name, 0) != 0 && errno != ENOENT) {
    return fail_errno(name);
  }
  return {};
}

} // namespace pysup::apt_hook
