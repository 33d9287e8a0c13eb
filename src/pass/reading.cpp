// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/reading.hpp"

#include "state/journal.hpp"

namespace pysup::pass {

Reading::Reading(const os::Root& root, state::Store::Access access, Scope scope)
    : root_(root), access_(access), scope_(scope),
      // Where no thread is to be had, finish() does all.
      background_(
          std::async(std::launch::async | std::launch::deferred, [this] { return read(); })) {}

Result<void> Reading::read() {
  auto store = state::Store::open(root_, access_);
  if (!store) {
    return tl::unexpected(std::move(store.error()));
  }
  auto snapshot = store->load();
  if (!snapshot) {
    return tl::unexpected(std::move(snapshot.error()));
  }
  auto unfinished = state::Journal::read(root_);
  if (!unfinished) {
    return tl::unexpected(std::move(unfinished.error()));
  }
  recorded_.emplace(
      Recorded{std::move(*store), std::move(*snapshot), std::move(*unfinished), nullptr});
  if (scope_ == Scope::everything) {
    recorded_->ahead = std::make_unique<Ahead>(root_, recorded_->snapshot.files);
    ahead_ = recorded_->ahead.get();
    recorded_->ahead->look();
  }
  return {};
}

Result<Recorded> Reading::finish() {
  if (Ahead* const ahead = ahead_) {
    ahead->look();
  }
  if (auto read = background_.get(); !read) {
    return tl::unexpected(std::move(read.error()));
  }
  return std::move(*recorded_);
}

} // namespace pysup::pass
