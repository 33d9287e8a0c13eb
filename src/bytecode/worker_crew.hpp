// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bytecode/pool.hpp"
#include "bytecode/worker_process.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pysup::bytecode {

/// The workers of a pool: starts as many as there is work for, and gives up on an interpreter that
/// does not start.
class WorkerCrew {
 public:
  explicit WorkerCrew(const PoolOptions& options) : options_(options) {}
  WorkerCrew(const WorkerCrew&) = delete;
  WorkerCrew& operator=(const WorkerCrew&) = delete;
  /// Kills and reaps all workers.
  ~WorkerCrew();

  /// The worker to give TASK to, started for it if need be. nullptr: none has a place for it now.
  Worker* place_for(const Task& task);
  /// Which workers take a job of LEVEL; 0 to 2, and 0 for all where every worker takes every level.
  [[nodiscard]] int optimize_for(int level) const;

  [[nodiscard]] const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_; }
  /// How many workers have jobs.
  [[nodiscard]] std::size_t busy() const;
  /// How many jobs are with workers.
  [[nodiscard]] std::size_t unanswered() const;

  /// Waits for input from workers, or room for output to them, and transfers it. Also ends when a
  /// worker becomes late, or a signal was caught.
  void wait();
  /// Whether WORKER has exceeded what PoolOptions allows it.
  [[nodiscard]] bool late(const Worker& worker) const;
  /// Does not count TIME against any worker.
  void excuse(Clock::duration time);
  /// Forgets workers that have ended.
  void dismiss_ended();

  /// Judges the hello of WORKER. False: it is another interpreter than was asked for, and no more
  /// are started.
  bool welcome(const Worker& worker, std::string_view hello);
  /// WORKER has ended without a hello, HOW.
  void note_failed_start(const Worker& worker, const std::string& how);

  /// Whether another worker may be started.
  [[nodiscard]] bool may_start() const { return may_start_; }
  [[nodiscard]] unsigned started() const { return started_; }
  /// Whether any worker was welcome.
  [[nodiscard]] bool ever_ready() const { return ever_ready_; }
  /// What held in every worker that was welcome.
  [[nodiscard]] const Confinement& confinement() const { return confinement_; }
  /// Why no more workers are started.
  [[nodiscard]] const Error& start_failure() const { return start_failure_; }
  /// How long a worker may take to start.
  [[nodiscard]] std::chrono::milliseconds startup_limit() const;

 private:
  Worker* find_room(int optimize, bool may_wake) const;
  Worker* find_idle(int optimize) const;
  [[nodiscard]] bool has_room(const Worker& worker) const;
  Worker* start(int optimize);
  void make_room(int optimize);
  void count_failed_start(Error error);
  [[nodiscard]] std::chrono::milliseconds limit_of(const Worker& worker) const;
  [[nodiscard]] int poll_timeout() const;

  const PoolOptions& options_;
  Confiner confiner_;
  std::vector<std::unique_ptr<Worker>> workers_;

  bool may_start_ = true;
  bool second_try_ = false;    ///< WorkerCommand::second_try of those started from now on
  unsigned failed_starts_ = 0; ///< since the last welcome
  Error start_failure_;

  unsigned started_ = 0;
  bool ever_ready_ = false;
  Confinement confinement_;
};

} // namespace pysup::bytecode
