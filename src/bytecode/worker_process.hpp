// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/worker_protocol.hpp"
#include "bytecode/worker_start.hpp"

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <poll.h>
#include <string>

namespace pysup::bytecode {

using Clock = std::chrono::steady_clock;

/// A job on its way through the pool.
struct Task {
  Job job;
  bool suspect = false; ///< it was with a worker that failed: tried once more, and alone
};

/// One worker and the jobs that are with it, answered in the order in which they were given.
/// Nothing here waits: the pool polls, and calls when something can be read or written.
class Worker {
 public:
  Worker(StartedWorker started, const WorkerCommand& command);

  [[nodiscard]] const Confinement& held() const { return held_; }
  /// What it was started with: WorkerCommand::optimize and WorkerCommand::second_try.
  [[nodiscard]] int optimize() const { return optimize_; }
  [[nodiscard]] bool second_try() const { return second_try_; }

  /// Whether it has said hello.
  [[nodiscard]] bool ready() const { return ready_; }
  /// Whether jobs are with it.
  [[nodiscard]] bool busy() const { return !tasks_.empty(); }
  [[nodiscard]] std::size_t unanswered() const { return tasks_.size(); }
  /// Bytes of the sources that are with it.
  [[nodiscard]] std::size_t load() const { return load_; }
  /// Whether the job that it is at must be the only one with it.
  [[nodiscard]] bool alone() const { return busy() && tasks_.front().task.suspect; }
  /// How many jobs it has answered.
  [[nodiscard]] std::uint32_t answered() const { return answered_; }
  /// Since when it has been at what it does: starting, or the first job that is with it.
  [[nodiscard]] Clock::time_point began() const { return began_; }
  /// Does not count TIME against it.
  void excuse(Clock::duration time) { began_ += time; }

  void give(Task task);
  /// Take back the job that it is at, or all that are with it, from a worker that has ended.
  std::optional<Task> take_first();
  std::deque<Task> take_all();

  /// What to poll for.
  [[nodiscard]] std::array<struct pollfd, 3> polled() const;
  /// Reads and writes what can be, as poll(2) filled POLLED in.
  void transfer(const struct pollfd* polled);
  /// Whether more may come from it.
  [[nodiscard]] bool open() const { return static_cast<bool>(process_.output); }

  struct Reply {
    Answer answer;
    std::optional<Task> task; ///< nullopt with a hello
  };
  /// The next reply among what was read. Errors: the worker does not keep to the protocol.
  tl::expected<std::optional<Reply>, std::string> next_reply();

  /// Only asks for its end, so that several end at the same time.
  void kill() const { process_.kill(); }
  /// Kills it and says how it ended, "killed by SIGSEGV (Segmentation fault)" for instance, with
  /// the last of what it wrote to its error output.
  std::string end();
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  struct Given {
    std::string head; ///< what is sent before the source
    Task task;
  };

  void write_jobs();
  void count_written(std::size_t bytes);
  void read_answers();
  void read_errors();

  os::Subprocess process_;
  Confinement held_;
  int optimize_;
  bool second_try_;

  bool ready_ = false;
  bool ended_ = false;
  std::uint32_t answered_ = 0; ///< also the number of the last job that was
  Clock::time_point began_;

  std::deque<Given> tasks_;
  std::size_t load_ = 0;
  std::size_t sent_ = 0;   ///< how many of tasks_ are written whole
  std::size_t offset_ = 0; ///< how much of the next one is written

  AnswerReader reader_;
  std::string last_words_;
};

} // namespace pysup::bytecode
