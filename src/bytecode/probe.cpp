// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/probe.hpp"

#include "bytecode/worker_process.hpp"
#include "bytecode/worker_program.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <poll.h>

namespace pysup::bytecode {

namespace {

/// Even under emulation a start takes a few seconds; a transaction should not wait much longer for
/// one that hangs.
constexpr std::chrono::seconds time_limit{20};

/// Waits until something came from WORKER. False when it is too late.
bool wait_for(Worker& worker) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(worker.began() + time_limit - Clock::now());
  if (left.count() <= 0) {
    return false;
  }
  auto polled = worker.polled();
  if (::poll(polled.data(), polled.size(), static_cast<int>(left.count())) > 0) {
    worker.transfer(polled.data());
  }
  return true;
}

struct Silence {
  std::string how;    ///< why there was no hello
  bool ended = false; ///< it ended by itself, so another start may go better
};

/// The text of WORKER's hello.
tl::expected<std::string, Silence> hello_of(Worker& worker) {
  for (;;) {
    auto reply = worker.next_reply();
    if (!reply) {
      worker.end();
      return tl::unexpected(Silence{reply.error()});
    }
    if (*reply) {
      return std::move((*reply)->answer.text);
    }
    if (!worker.open()) {
      return tl::unexpected(Silence{worker.end(), true});
    }
    if (!wait_for(worker)) {
      worker.end();
      return tl::unexpected(
          Silence{fmt::format("it did not answer within {} s", time_limit.count())});
    }
  }
}

} // namespace

Result<Identity> probe(const std::string& executable, const std::string& root) {
  Confiner confiner;
  WorkerCommand command{.executable = executable, .root = root, .program = worker_program};
  for (;;) {
    auto started = start_worker(command, confiner);
    if (!started) {
      return tl::unexpected(std::move(started.error().error));
    }
    Worker worker(std::move(*started), command);
    const auto hello = hello_of(worker);
    if (hello) {
      auto identity = parse_hello(*hello);
      if (!identity) {
        return fail(fmt::format("{}: {}", executable, identity.error().message));
      }
      return identity;
    }
    if (command.second_try || !hello.error().ended) {
      return fail(fmt::format("{} does not start: {}", executable, hello.error().how));
    }
    command.second_try = true;
  }
}

} // namespace pysup::bytecode
