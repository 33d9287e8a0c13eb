// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_crew.hpp"

#include "bytecode/worker_program.hpp"

#include <algorithm>
#include <cassert>
#include <climits>
#include <fmt/format.h>
#include <numeric>
#include <poll.h>

namespace pysup::bytecode {

namespace {

using std::chrono::milliseconds;

/// A worker with this many bytes of source to compile gets no further jobs, except for a second
/// one so that it need not wait: else the last worker would be left with all the long ones.
constexpr std::size_t enough_load = std::size_t{256} << 10;

/// So many starts without a hello, one after the other, and no more are tried. The first is made
/// as usual, the others without the standard library's bytecode.
constexpr unsigned max_failed_starts = 3;

/// A signal that is caught just before poll(2) does not end it, so where there is something to be
/// interrupted by it never waits longer than this.
constexpr milliseconds interruption_noticed{100};

/// How long an interpreter takes to start has little to do with how long a source may take.
constexpr milliseconds shortest_startup_limit{10'000};

} // namespace

WorkerCrew::~WorkerCrew() {
  for (const auto& worker : workers_) {
    worker->kill();
  }
}

Worker* WorkerCrew::place_for(const Task& task) {
  const int optimize = optimize_for(task.job.level);
  const bool may_wake = busy() < options_.workers;
  if (!task.suspect) {
    if (Worker* const worker = find_room(optimize, may_wake)) {
      return worker;
    }
  }
  if (!may_wake) {
    return nullptr;
  }
  Worker* const fresh = start(optimize);
  // Where none can be started, a suspect has one that is idle to itself at least.
  return fresh != nullptr || !task.suspect ? fresh : find_idle(optimize);
}

/// compile() of 2.7 has no level: there it is the interpreter's own, and each level has workers of
/// its own.
int WorkerCrew::optimize_for(int level) const {
  return options_.version.major < 3 ? std::clamp(level, 0, 2) : 0;
}

/// The one with the least to do, among those that have room and the idle ones if MAY_WAKE.
Worker* WorkerCrew::find_room(int optimize, bool may_wake) const {
  Worker* best = nullptr;
  for (const auto& worker : workers_) {
    if (worker->optimize() == optimize && (worker->busy() ? has_room(*worker) : may_wake) &&
        (best == nullptr || worker->load() < best->load())) {
      best = worker.get();
    }
  }
  return best;
}

bool WorkerCrew::has_room(const Worker& worker) const {
  const std::size_t jobs = worker.unanswered();
  return !worker.alone() && jobs < options_.in_flight && (jobs < 2 || worker.load() < enough_load);
}

Worker* WorkerCrew::find_idle(int optimize) const {
  const auto found = std::find_if(workers_.begin(), workers_.end(), [&](const auto& worker) {
    return worker->optimize() == optimize && !worker->busy();
  });
  return found == workers_.end() ? nullptr : found->get();
}

Worker* WorkerCrew::start(int optimize) {
  if (!may_start_) {
    return nullptr;
  }
  const WorkerCommand command{.executable = options_.executable,
                              .root = options_.root,
                              .program = worker_program,
                              .optimize = optimize,
                              .second_try = second_try_};
  auto started = start_worker(command, confiner_);
  if (!started) {
    count_failed_start(std::move(started.error().error));
    return nullptr;
  }
  ++started_;
  make_room(optimize);
  workers_.push_back(std::make_unique<Worker>(std::move(*started), command));
  return workers_.back().get();
}

/// A fresh worker for a suspect takes the place of an idle one, where there are as many as allowed.
void WorkerCrew::make_room(int optimize) {
  const auto alike = std::count_if(workers_.begin(), workers_.end(), [&](const auto& worker) {
    return worker->optimize() == optimize;
  });
  if (static_cast<std::size_t>(alike) >= options_.workers) {
    const Worker* const idle = find_idle(optimize);
    assert(idle != nullptr); // or else all would be busy, and none be started
    std::erase_if(workers_, [&](const auto& worker) { return worker.get() == idle; });
  }
}

std::size_t WorkerCrew::busy() const {
  return static_cast<std::size_t>(std::count_if(workers_.begin(), workers_.end(),
                                                [](const auto& worker) { return worker->busy(); }));
}

std::size_t WorkerCrew::unanswered() const {
  return std::accumulate(
      workers_.begin(), workers_.end(), std::size_t{0},
      [](std::size_t sum, const auto& worker) { return sum + worker->unanswered(); });
}

void WorkerCrew::wait() {
  std::vector<struct pollfd> polled;
  for (const auto& worker : workers_) {
    const auto descriptors = worker->polled();
    polled.insert(polled.end(), descriptors.begin(), descriptors.end());
  }
  if (::poll(polled.data(), polled.size(), poll_timeout()) > 0) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      workers_[i]->transfer(&polled[polled.size() / workers_.size() * i]);
    }
  }
}

int WorkerCrew::poll_timeout() const {
  auto longest = milliseconds::max();
  if (options_.interrupted != nullptr) {
    longest = interruption_noticed;
  }
  const auto now = Clock::now();
  for (const auto& worker : workers_) {
    const milliseconds limit = limit_of(*worker);
    if (limit.count() > 0) {
      const auto left = std::chrono::ceil<milliseconds>(worker->began() + limit - now);
      longest = std::min(longest, std::max(left, milliseconds(0)));
    }
  }
  return longest == milliseconds::max()
             ? -1
             : static_cast<int>(std::min<std::int64_t>(longest.count(), INT_MAX));
}

bool WorkerCrew::late(const Worker& worker) const {
  const milliseconds limit = limit_of(worker);
  return limit.count() > 0 && Clock::now() >= worker.began() + limit;
}

/// 0: none.
milliseconds WorkerCrew::limit_of(const Worker& worker) const {
  if (!worker.ready()) {
    return startup_limit();
  }
  return worker.busy() ? options_.limit : milliseconds(0);
}

milliseconds WorkerCrew::startup_limit() const {
  if (options_.limit.count() == 0) {
    return options_.startup_limit;
  }
  return std::min(options_.startup_limit, std::max(options_.limit, shortest_startup_limit));
}

void WorkerCrew::excuse(Clock::duration time) {
  for (const auto& worker : workers_) {
    worker->excuse(time);
  }
}

void WorkerCrew::dismiss_ended() {
  std::erase_if(workers_, [](const auto& worker) { return worker->ended(); });
}

bool WorkerCrew::welcome(const Worker& worker, std::string_view hello) {
  const auto identity = parse_hello(hello);
  std::string wrong;
  if (!identity) {
    wrong = identity.error().message;
  } else if (identity->version != options_.version) {
    wrong =
        fmt::format("it is version {}, not {}", identity->version.text(), options_.version.text());
  } else if (options_.magic != 0 && identity->magic != options_.magic) {
    wrong =
        fmt::format("its magic number is {:#010x}, not {:#010x}", identity->magic, options_.magic);
  }
  if (!wrong.empty()) { // and would be again
    may_start_ = false;
    start_failure_ = Error{fmt::format("{}: {}", options_.executable, wrong), 0};
    return false;
  }
  confinement_ = ever_ready_ ? confinement_ & worker.held() : worker.held();
  ever_ready_ = true;
  failed_starts_ = 0;
  return true;
}

void WorkerCrew::note_failed_start(const Worker& worker, const std::string& how) {
  // Workers that were started before the second way was taken do not tell whether it helps.
  if (worker.second_try() == second_try_) {
    second_try_ = true;
    count_failed_start(Error{fmt::format("{} does not start: {}", options_.executable, how), 0});
  }
}

void WorkerCrew::count_failed_start(Error error) {
  start_failure_ = std::move(error);
  if (++failed_starts_ == max_failed_starts) {
    may_start_ = false;
  }
}

} // namespace pysup::bytecode
