// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/pool.hpp"

#include "bytecode/worker_crew.hpp"

#include <array>
#include <cassert>
#include <deque>
#include <fmt/format.h>

namespace pysup::bytecode {

namespace {

/// "1.5 s"
std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

/// The way of jobs: from the caller to the backlog, to a worker, and back to the caller with an
/// outcome; or to the backlog again when their worker fails.
class Pool {
 public:
  Pool(const PoolOptions& options, const std::function<std::optional<Job>()>& next,
       const std::function<void(std::uint64_t, Outcome)>& done)
      : options_(options), next_(next), done_(done), crew_(options) {
    assert(options.workers > 0 && options.in_flight > 0);
  }

  Result<PoolReport> run() {
    for (;;) {
      hand_out();
      if (interrupted()) {
        return report();
      }
      if (crew_.busy() == 0) {
        if (!backlog_.empty() && crew_.may_start()) {
          continue; // a start failed, which need not mean that the next one does
        }
        return finish();
      }
      crew_.wait();
      for (const auto& worker : crew_.workers()) {
        attend(*worker);
      }
      crew_.dismiss_ended();
    }
  }

 private:
  void hand_out() {
    const std::size_t at_most = std::size_t{options_.workers} * options_.in_flight;
    while (backlog_.size() + crew_.unanswered() < at_most && pull()) {
    }
    std::array<bool, 3> full{}; // where one job found no place, no other of its kind will
    for (auto task = backlog_.begin(); task != backlog_.end();) {
      bool& no_place = full.at(static_cast<std::size_t>(crew_.optimize_for(task->job.level)));
      Worker* const worker = no_place ? nullptr : crew_.place_for(*task);
      if (worker != nullptr) {
        worker->give(std::move(*task));
        task = backlog_.erase(task);
      } else {
        no_place = no_place || !task->suspect;
        ++task;
      }
    }
  }

  /// Takes one job from the caller. False when there are no more.
  bool pull() {
    if (exhausted_ || interrupted()) {
      return false;
    }
    const auto before = Clock::now();
    auto job = next_();
    crew_.excuse(Clock::now() - before);
    exhausted_ = !job;
    if (job) {
      backlog_.push_back({std::move(*job), false});
    }
    return !exhausted_;
  }

  /// Takes what WORKER has to say, and acts if it says no more.
  void attend(Worker& worker) {
    while (!worker.ended() && !interrupted()) {
      auto reply = worker.next_reply();
      if (!reply) {
        worker.end();
        return lost(worker, reply.error());
      }
      if (!*reply) {
        break;
      }
      take(worker, std::move(**reply));
    }
    if (worker.ended()) {
      return;
    }
    if (!worker.open()) {
      lost(worker, worker.end());
    } else if (crew_.late(worker)) {
      too_slow(worker);
    }
  }

  void take(Worker& worker, Worker::Reply reply) {
    if (reply.answer.kind == Answer::Kind::hello) {
      if (!crew_.welcome(worker, reply.answer.text)) {
        worker.end();
        give_back(worker);
      }
      return;
    }
    Task task = std::move(*reply.task);
    if (reply.answer.kind == Answer::Kind::memory) {
      // What it compiled before may be what took the memory, and what it left undone for lack of
      // it may show later: this worker compiles nothing more.
      worker.end();
      give_back(worker);
      if (!task.suspect && worker.answered() > 1) {
        return suspect(std::move(task));
      }
    }
    finish(task, to_outcome(std::move(reply.answer)));
  }

  /// WORKER has ended before its time, HOW.
  void lost(Worker& worker, const std::string& how) {
    std::optional<Task> blamed = worker.ready() ? worker.take_first() : std::nullopt;
    give_back(worker);
    if (!worker.ready()) {
      crew_.note_failed_start(worker, how);
    } else if (blamed && blamed->suspect) {
      finish(*blamed, error(CompileError::Kind::died,
                            fmt::format("the interpreter failed on it twice: {}", how)));
    } else if (blamed) {
      suspect(std::move(*blamed));
    }
  }

  void too_slow(Worker& worker) {
    worker.end();
    if (!worker.ready()) {
      give_back(worker);
      return crew_.note_failed_start(worker,
                                     "it did not answer within " + seconds(crew_.startup_limit()));
    }
    const std::optional<Task> task = worker.take_first();
    give_back(worker);
    finish(*task,
           error(CompileError::Kind::timeout, "not compiled within " + seconds(options_.limit)));
  }

  void suspect(Task task) {
    task.suspect = true;
    backlog_.push_front(std::move(task));
  }

  void give_back(Worker& worker) {
    std::deque<Task> tasks = worker.take_all();
    backlog_.insert(backlog_.begin(), std::move_iterator(tasks.begin()),
                    std::move_iterator(tasks.end()));
  }

  void finish(const Task& task, Outcome outcome) {
    const auto before = Clock::now();
    done_(task.job.id, std::move(outcome));
    crew_.excuse(Clock::now() - before);
  }

  static Outcome error(CompileError::Kind kind, std::string message) {
    return tl::unexpected(CompileError{kind, "", std::move(message)});
  }

  /// Nothing is with a worker. If there is more to do, nobody is there to do it.
  Result<PoolReport> finish() {
    if (!backlog_.empty() && !crew_.ever_ready()) {
      return tl::unexpected(crew_.start_failure());
    }
    while (!interrupted() && (!backlog_.empty() || pull())) {
      const Task task = std::move(backlog_.front());
      backlog_.pop_front();
      finish(task, error(CompileError::Kind::interpreter, crew_.start_failure().message));
    }
    return report();
  }

  [[nodiscard]] bool interrupted() const {
    return options_.interrupted != nullptr && *options_.interrupted != 0;
  }

  [[nodiscard]] PoolReport report() const {
    return {crew_.started(), crew_.confinement(), interrupted()};
  }

  const PoolOptions& options_;
  const std::function<std::optional<Job>()>& next_;
  const std::function<void(std::uint64_t, Outcome)>& done_;

  std::deque<Task> backlog_; ///< jobs that wait for a worker
  bool exhausted_ = false;   ///< the caller has no more jobs
  WorkerCrew crew_;          ///< its workers are killed and reaped when it goes
};

} // namespace

Result<PoolReport> compile_all(const PoolOptions& options,
                               const std::function<std::optional<Job>()>& next,
                               const std::function<void(std::uint64_t, Outcome)>& done) {
  return Pool(options, next, done).run();
}

} // namespace pysup::bytecode
