// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/worker_process.hpp"

#include "os/pipe_write.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace pysup::bytecode {

namespace {

/// As much of a worker's error output as a message can use.
constexpr std::size_t max_last_words = 400;

/// Jobs written with one call; more do not fit a pipe at once anyway.
constexpr std::size_t max_jobs_written = 16;

/// More than a pipe holds, so one call empties it.
constexpr std::size_t read_size = 1 << 17;

/// What can be shown on one line: an interpreter's last words may quote a hostile source.
std::string printable(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n' && !line.empty()) {
      line += "; ";
    } else if (c >= ' ' && c <= '~') {
      line += c;
    }
  }
  while (line.ends_with("; ")) {
    line.resize(line.size() - 2);
  }
  return line;
}

bool failed_for_now() {
  return errno == EAGAIN || errno == EINTR;
}

/// Adds the bytes of TEXT from SKIP on. SKIP becomes what it has beyond the end of TEXT.
void add_piece(std::vector<struct iovec>& pieces, std::string& text, std::size_t& skip) {
  const std::size_t skipped = std::min(skip, text.size());
  skip -= skipped;
  if (skipped < text.size()) {
    pieces.push_back({text.data() + skipped, text.size() - skipped});
  }
}

} // namespace

Worker::Worker(StartedWorker started, const WorkerCommand& command)
    : process_(std::move(started.process)), held_(started.held), optimize_(command.optimize),
      second_try_(command.second_try), began_(Clock::now()) {}

void Worker::give(Task task) {
  if (ready_ && tasks_.empty()) {
    began_ = Clock::now();
  }
  const auto number = static_cast<std::uint32_t>(answered_ + tasks_.size() + 1);
  load_ += task.job.source.size();
  std::string head = encode_job_head(number, task.job);
  tasks_.push_back({std::move(head), std::move(task)});
  if (sent_ + 1 == tasks_.size() && offset_ == 0) {
    write_jobs(); // mostly there is room in the pipe, and no need to poll for it
  }
}

std::optional<Task> Worker::take_first() {
  if (tasks_.empty()) {
    return std::nullopt;
  }
  Task task = std::move(tasks_.front().task);
  tasks_.pop_front();
  load_ -= task.job.source.size();
  return task;
}

std::deque<Task> Worker::take_all() {
  std::deque<Task> tasks;
  while (auto task = take_first()) {
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

std::array<struct pollfd, 3> Worker::polled() const {
  // poll(2) passes over negative descriptors.
  const bool to_write = sent_ < tasks_.size(); // without input it is negative as well
  return {{{process_.output.get(), POLLIN, 0},
           {process_.errors.get(), POLLIN, 0},
           {to_write ? process_.input.get() : -1, POLLOUT, 0}}};
}

void Worker::transfer(const struct pollfd* polled) {
  if (polled[0].revents != 0) {
    read_answers();
  }
  if (polled[1].revents != 0) {
    read_errors();
  }
  if (polled[2].revents != 0) {
    write_jobs();
  }
}

void Worker::write_jobs() {
  std::vector<struct iovec> pieces;
  std::size_t skip = offset_;
  const std::size_t end = std::min(tasks_.size(), sent_ + max_jobs_written);
  for (std::size_t i = sent_; i < end; ++i) {
    add_piece(pieces, tasks_[i].head, skip);
    add_piece(pieces, tasks_[i].task.job.source, skip);
  }
  const ssize_t written = os::write_to_pipe(process_.input.get(), pieces);
  if (written >= 0) {
    count_written(static_cast<std::size_t>(written));
  } else if (!failed_for_now()) { // it reads no more: it has ended, or must
    process_.input.reset();
    process_.kill();
  }
}

void Worker::count_written(std::size_t bytes) {
  offset_ += bytes;
  while (sent_ < tasks_.size()) {
    const Given& given = tasks_[sent_];
    const std::size_t size = given.head.size() + given.task.job.source.size();
    if (offset_ < size) {
      return;
    }
    offset_ -= size;
    ++sent_;
  }
}

void Worker::read_answers() {
  std::array<char, read_size> bytes; // NOLINT(*-member-init): read(2) fills it
  const ssize_t got = ::read(process_.output.get(), bytes.data(), bytes.size());
  if (got > 0) {
    reader_.append({bytes.data(), static_cast<std::size_t>(got)});
  } else if (got == 0 || !failed_for_now()) {
    process_.output.reset();
  }
}

void Worker::read_errors() {
  std::array<char, read_size> bytes; // NOLINT(*-member-init): read(2) fills it
  const ssize_t got = ::read(process_.errors.get(), bytes.data(), bytes.size());
  if (got > 0) {
    last_words_.append(bytes.data(), static_cast<std::size_t>(got));
    if (last_words_.size() > max_last_words) {
      last_words_.erase(0, last_words_.size() - max_last_words);
    }
  } else if (got == 0 || !failed_for_now()) {
    process_.errors.reset();
  }
}

tl::expected<std::optional<Worker::Reply>, std::string> Worker::next_reply() {
  auto answer = reader_.next();
  if (!answer) {
    return tl::unexpected(std::move(answer.error()));
  }
  if (!*answer) {
    return std::nullopt;
  }
  Reply reply{std::move(**answer), std::nullopt};
  const bool hello = reply.answer.kind == Answer::Kind::hello;
  const std::uint32_t expected = ready_ ? answered_ + 1 : 0;
  if (hello == ready_ || reply.answer.number != expected || (!hello && sent_ == 0)) {
    return tl::unexpected(std::string("the interpreter answered what it was not asked"));
  }
  began_ = Clock::now();
  if (hello) {
    ready_ = true;
    return reply;
  }
  ++answered_;
  --sent_;
  reply.task = take_first();
  return reply;
}

std::string Worker::end() {
  ended_ = true;
  process_.kill();
  const int status = process_.wait();
  if (process_.errors) {
    read_errors();
  }
  const std::string words = printable(last_words_);
  const std::string how = os::describe_wait_status(status);
  return words.empty() ? how : fmt::format("{}; its last words: {}", how, words);
}

} // namespace pysup::bytecode
