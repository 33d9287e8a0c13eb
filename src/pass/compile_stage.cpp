// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/compile_stage.hpp"

#include "bytecode/bytecode_file.hpp"
#include "bytecode/pool.hpp"
#include "os/available_cpus.hpp"
#include "os/interruption.hpp"
#include "pass/presence.hpp"

#include <algorithm>
#include <unordered_map>

namespace pysup::pass {

namespace {

using bytecode::CompileError;
using bytecode::InvalidationMode;
using plan::Fact;

/// What a pass writes is for everybody, whatever umask it was called with.
constexpr unsigned umask_of_pass = 022;

/// A source that is with a worker.
struct Pending {
  os::FileInfo source;
  state::File row; ///< as it will be, but for what only the written file tells
  bytecode::Header header;
};

class Stage {
 public:
  Stage(Work& work, const Served& served, std::span<const plan::Action> actions)
      : work_(work), served_(served), version_(served.record.version), actions_(actions) {}

  void run() {
    VersionReport& report = work_.reports[version_];
    auto pool = compile_with(served_.record.path, work_.root.dir());
    if (!pool && !work_.root.is_host()) {
      if (const auto substitute = host_substitute(served_.record)) {
        taken_ = finished_ = 0;
        pending_.clear();
        pool = compile_with(*substitute, "/");
      } else {
        pool.error().message += ", and " + substitute.error().message;
      }
    }
    if (!pool) {
      return cannot_start(pool.error());
    }
    report.workers_started += pool->started;
    if (pool->started > 0) {
      report.confinement = bytecode::to_text(pool->confinement);
    }
    work_.outcome.interrupted |= pool->interrupted;
  }

 private:
  Result<bytecode::PoolReport> compile_with(const std::string& executable,
                                            const std::string& root) {
    bytecode::PoolOptions options;
    options.version = version_;
    options.magic = served_.record.magic;
    options.executable = executable;
    options.root = root;
    const unsigned jobs = work_.request.config.jobs;
    options.workers = jobs != 0 ? jobs : os::available_cpus();
    options.limit = work_.request.config.limit;
    options.interrupted = os::interruption();
    return bytecode::compile_all(
        options, [this] { return next(); },
        [this](std::uint64_t id, const bytecode::Outcome& code) { done(id, code); });
  }

  void cannot_start(const Error& error) {
    work_.outcome.failures.push_back({version_, served_.record.path, "", "",
                                      fmt::format("{}; {} files are left without fresh bytecode",
                                                  error.message, actions_.size()),
                                      false});
    work_.reports[version_].failed += actions_.size();
  }

  /// The next source that can be read, for a worker to compile.
  std::optional<bytecode::Job> next() {
    while (taken_ < actions_.size() && work_.may_go_on()) {
      const std::uint64_t id = taken_++;
      const plan::Action& action = actions_[id];
      const Fact& fact = work_.fact(action);
      work_.observer.action(describe(action, work_.inventory));
      auto source =
          work_.root.read(work_.detail(action).read_from.str(), bytecode::module_size_limit);
      if (!source) {
        work_.failed(fact, source.error());
        finished_one();
        continue;
      }
      pending_.emplace(id, prepare(fact, *source));
      return bytecode::Job{id, fact.target, std::move(source->bytes), fact.level};
    }
    return std::nullopt;
  }

  Pending prepare(const Fact& fact, const os::FileContent& source) const {
    Pending pending;
    pending.source = source.info;
    state::File& row = pending.row;
    row.path = fact.path;
    row.kind = state::FileKind::bytecode;
    row.version = version_;
    row.source = fact.target;
    row.reference = fact.reference;
    row.level = fact.level;
    row.magic = served_.record.magic;
    row.mode =
        static_cast<std::uint8_t>(bytecode::has_hash_modes(version_)
                                      ? work_.request.config.mode.value_or(work_.request.new_mode)
                                      : InvalidationMode::timestamp);
    row.source_size = source.info.size;
    row.source_mtime_ns = to_ns(source.info);
    row.source_digest = state::digest_of(source.bytes);
    pending.header = bytecode::header_for(
        version_, row.magic, static_cast<InvalidationMode>(row.mode), source.info, source.bytes);
    return pending;
  }

  void done(std::uint64_t id, const bytecode::Outcome& code) {
    auto node = pending_.extract(id);
    Pending& pending = node.mapped();
    const Fact& fact = work_.fact(actions_[id]);
    if (code) {
      write(fact, pending, *code);
    } else {
      refuse(fact, pending, code.error());
    }
    finished_one();
  }

  void write(const Fact& fact, Pending& pending, const std::string& code) {
    const auto file = bytecode::bytecode_file(version_, pending.header, code);
    if (!file) {
      return refuse(fact, pending, file.error());
    }
    if (file->not_normal) {
      work_.outcome.warnings.push_back(
          fmt::format("{}: {}; written as the interpreter gave it, which may differ from one "
                      "machine to the next",
                      fact.path, *file->not_normal));
    }
    const unsigned mode = bytecode::bytecode_permissions(version_, pending.source) & ~umask_of_pass;
    const auto written = work_.writer.file(fact.path, file->bytes, mode);
    if (!written) {
      return work_.failed(fact, written.error());
    }
    pending.row.size = written->size;
    pending.row.mtime_ns = to_ns(*written);
    pending.row.digest = state::digest_of(file->code());
    work_.changes.files.push_back(pending.row);
    ++work_.reports[version_].compiled;
  }

  /// There is no code for this source. What an earlier one left is of no use any more.
  void refuse(const Fact& fact, Pending& pending, const CompileError& error) {
    if (fact.present == plan::Present::ours) {
      static_cast<void>(work_.writer.remove(fact.path, std::string(fact.path.parent())));
    }
    work_.outcome.failures.push_back(
        {version_, fact.path, fact.target, fact.reference, error.message, false});
    ++work_.reports[version_].failed;
    pending.row.error = error.message;
    pending.row.error_stays =
        error.kind == CompileError::Kind::source || error.kind == CompileError::Kind::marshal;
    work_.changes.files.push_back(pending.row);
  }

  void finished_one() {
    ++finished_;
    work_.observer.progress(version_, finished_, actions_.size());
  }

  Work& work_;
  const Served& served_;
  Version version_;
  std::span<const plan::Action> actions_;
  std::size_t taken_ = 0;
  std::size_t finished_ = 0;
  std::unordered_map<std::uint64_t, Pending> pending_;
};

} // namespace

void compile_stage(Work& work, Version version, std::span<const plan::Action> actions) {
  const Served* const served = work.interpreters.find(version);
  if (served != nullptr) {
    Stage(work, *served, actions).run();
  }
}

} // namespace pysup::pass
