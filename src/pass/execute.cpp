// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/execute.hpp"

#include "bytecode/bytecode_file.hpp"
#include "bytecode/header.hpp"
#include "os/interruption.hpp"
#include "pass/compile_stage.hpp"
#include "pass/presence.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace pysup::pass {

namespace {

using Clock = std::chrono::steady_clock;
using plan::Do;
using plan::Fact;

constexpr unsigned file_mode = 0644;

/// A marker's bytecode carries the marker's time, and must be the same bytes on every machine. Any
/// moment does; zero is taken for "unknown" by too many tools.
constexpr std::int64_t marker_time = 315532800; // 1980-01-01, where zip files begin

std::optional<std::int64_t> time_of(const Fact& fact) {
  return fact.kind == plan::Kind::init ? std::optional(marker_time) : std::nullopt;
}

state::FileKind state_kind(plan::Kind kind) {
  switch (kind) {
  case plan::Kind::link:
    return state::FileKind::link;
  case plan::Kind::init:
    return state::FileKind::init;
  case plan::Kind::path_file:
    return state::FileKind::path_file;
  case plan::Kind::bytecode:
    break;
  }
  return state::FileKind::bytecode;
}

class Executor {
 public:
  explicit Executor(Work& work) : work_(work) {}

  void run() {
    carry_out_all();
    prune_emptied();
  }

 private:
  void carry_out_all() {
    const std::span<const plan::Action> actions(work_.plan.actions);
    auto first = actions.begin();
    while (first != actions.end() && work_.may_go_on()) {
      // Neighbours of one version that are all compiled, or all not, are one stretch of work.
      const Version version = work_.fact(*first).version;
      const bool compiles = first->what == Do::compile;
      const auto end = std::find_if(first, actions.end(), [&](const plan::Action& action) {
        return work_.fact(action).version != version || (action.what == Do::compile) != compiles;
      });
      const auto begun = Clock::now();
      if (compiles) {
        prune_emptied();
        compile_stage(work_, version, {first, end});
      } else {
        std::for_each(first, end, [this](const plan::Action& action) {
          if (work_.may_go_on()) {
            carry_out(action);
          }
        });
      }
      work_.reports[version].milliseconds +=
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count();
      first = end;
    }
  }

  void carry_out(const plan::Action& action) {
    const Fact& fact = work_.fact(action);
    if (action.what != Do::remove) { // which may need the place of a directory
      prune_emptied();
    }
    if (action.what != Do::record && action.what != Do::forget) {
      work_.observer.action(describe(action, work_.inventory));
    }
    switch (action.what) {
    case Do::remove:
      return remove(fact);
    case Do::make:
      return make(fact);
    case Do::rewrite_header:
      return rewrite_header(action, fact);
    case Do::record:
      if (const auto& renewed = work_.detail(action).renewed) {
        work_.changes.files.push_back(*renewed);
      }
      return;
    case Do::forget:
      work_.changes.gone_files.push_back(fact.path);
      [[fallthrough]];
    case Do::leave:
      if (!action.note.empty()) {
        work_.outcome.warnings.push_back(fact.path + ": " + action.note);
      }
      return;
    case Do::compile:
      return; // compile_stage() does these
    }
  }

  void remove(const Fact& fact) {
    if (fact.path.parent() != emptied_.parent() || fact.keep != emptied_keep_) {
      prune_emptied();
    }
    const auto removed = work_.writer.remove_file(fact.path);
    if (!removed) {
      return work_.failed(fact, removed.error());
    }
    emptied_ = fact.path;
    emptied_keep_ = fact.keep;
    if (fact.recorded) {
      work_.changes.gone_files.push_back(fact.path);
    }
    ++work_.reports[fact.version].removed;
  }

  void make(const Fact& fact) {
    const auto made =
        fact.kind == plan::Kind::link
            ? work_.writer.link(fact.path, fact.target)
            : work_.writer.file(fact.path, fact.target.str(), file_mode, time_of(fact));
    if (!made) {
      return work_.failed(fact, made.error());
    }
    state::File row;
    row.path = fact.path;
    row.kind = state_kind(fact.kind);
    row.version = fact.version;
    row.source = fact.kind == plan::Kind::link ? fact.target : os::Text();
    row.reference = fact.reference;
    row.size = made->size;
    row.mtime_ns = to_ns(*made);
    row.digest = state::digest_of(fact.target.str());
    work_.changes.files.push_back(row);
    ++work_.reports[fact.version].linked;
  }

  void rewrite_header(const plan::Action& action, const Fact& fact) {
    const Detail& detail = work_.detail(action);
    const auto source = work_.root.read(detail.read_from.str(), bytecode::module_size_limit);
    if (!source) {
      return work_.failed(fact, source.error());
    }
    state::File row = *detail.record;
    if (work_.request.config.mode && bytecode::has_hash_modes(fact.version)) {
      row.mode = static_cast<std::uint8_t>(*work_.request.config.mode);
    }
    const auto header = bytecode::header_for(fact.version, row.magic,
                                             static_cast<bytecode::InvalidationMode>(row.mode),
                                             source->info, source->bytes);
    const auto written =
        work_.writer.replace_head(fact.path, bytecode::encode_header(fact.version, header));
    if (!written) {
      return work_.failed(fact, written.error());
    }
    row.size = written->size;
    row.mtime_ns = to_ns(*written);
    row.source_size = source->info.size;
    row.source_mtime_ns = to_ns(source->info);
    row.reference = fact.reference;
    work_.changes.files.push_back(row);
    ++work_.reports[fact.version].restamped;
  }

  /// The directory of files that were removed may be empty after the last of them. Removals come by
  /// directory.
  void prune_emptied() {
    if (!emptied_.empty()) {
      work_.writer.prune(emptied_.parent(), emptied_keep_.str());
      emptied_ = {};
    }
  }

  Work& work_;
  os::Text emptied_; ///< a file that was removed, and whose directory may be empty
  os::Text emptied_keep_;
};

} // namespace

bool Work::may_go_on() const {
  if (*os::interruption() != 0) {
    outcome.interrupted = true;
  }
  return !outcome.interrupted && !outcome.fatal;
}

void Work::failed(const Fact& fact, const Error& error) {
  if (apply::is_out_of_room(error)) {
    outcome.fatal = error;
    return;
  }
  const bool bytecode = fact.kind == plan::Kind::bytecode;
  outcome.failures.push_back({fact.version, fact.path, bytecode ? fact.target : os::Text(),
                              fact.reference, error.message, false});
  ++reports[fact.version].failed;
}

PlannedAction describe(const plan::Action& action, const Inventory& inventory) {
  const Fact& fact = inventory.facts[action.fact];
  const os::Text reason = inventory.details[action.fact].reason;
  return {action.what, fact.kind,   fact.version,
          fact.path,   fact.target, action.note.empty() ? reason : action.note};
}

void execute(Work& work) {
  Executor(work).run();
}

} // namespace pysup::pass
